import { getSystemErrorMap } from 'node:util';

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'check the path, and that what it goes through is there',
  ENOTDIR: 'check the path: something on its way is not a directory',
  EISDIR: 'name a file; chubby import copies a directory',
  EEXIST: 'name something that is not there yet',
  EACCES: 'ask the owner for the permission, or name another path',
  EPERM: 'ask the owner for the permission, or name another path',
  EROFS: 'name a path that can be written',
  ENOSPC: 'make room there, or name another path',
  EDQUOT: 'make room there, or name another path',
  ENAMETOOLONG: 'name a shorter path',
  ELOOP: 'check the symbolic links of the path',
};

/** Where the system's own words say less than people need. */
const WORDS: Readonly<Record<string, string>> = { EISDIR: 'it is a directory' };

/** What the operating system would not do. */
export class SystemFailure extends Error {
  override readonly name: string = 'SystemFailure';
  /** As the system calls it: ENOENT. */
  readonly code: string;
  /** One sentence: what to do about it. Empty where there is nothing to say. */
  readonly remedy: string;

  /**
   * @param what was not done, before a colon: `cannot read /etc/shadow`
   * @param remedy unless it is the one that belongs to the code
   */
  constructor(what: string, cause: NodeJS.ErrnoException, remedy?: string) {
    super(`${what}: ${inWords(cause)}`, { cause });
    this.code = cause.code ?? 'UNKNOWN';
    this.remedy = remedy ?? REMEDIES[this.code] ?? '';
  }
}

export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'errno' in error && typeof error.errno === 'number';

/** What went wrong, without the function and the path that Node writes into it. */
export function inWords(error: NodeJS.ErrnoException): string {
  const [code = '', words = error.message] = getSystemErrorMap().get(error.errno ?? 0) ?? [];
  return WORDS[code] ?? words;
}

/**
 * Waits for work with files of this machine.
 *
 * @param what is done: `read /etc/shadow`
 * @throws SystemFailure for what the system would not do
 */
export async function attempt<Result>(what: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw isSystemError(error) ? new SystemFailure(`cannot ${what}`, error) : error;
  }
}

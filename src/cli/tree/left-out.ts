import { ChubbyError } from '../../client/index.js';

/** A file that was not moved, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

/** Refusals that concern one file, and say nothing of the others. */
const OF_ONE_FILE: ReadonlySet<string> = new Set([
  'MALFORMED_NAME',
  'TOO_LARGE',
  'LIMIT_NAME',
  'LIMIT_CHILDREN',
  'IS_A_DIRECTORY',
  'NOT_A_DIRECTORY',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PROTECTED_NODE',
]);

/**
 * Why a file has to be left out.
 *
 * @throws the error itself when it concerns more than this file
 */
export function reasonToLeaveOut(error: unknown): string {
  if (error instanceof ChubbyError && OF_ONE_FILE.has(error.reason)) return error.message;
  if (error instanceof Error && 'syscall' in error) return error.message;
  throw error;
}

/** A name of any bytes, as it can be shown: what is not UTF-8, or would move the cursor, in hex. */
export function shown(name: Buffer): string {
  const text = name.toString('utf8');
  if (isUtf8Name(name) && !/\p{Cc}/u.test(text)) return text;
  return name.reduce((out, byte) => out + (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hex(byte)), '');
}

const hex = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

/** Whether the cell can have this name: UTF-8, and not the character that decoders put in the place of damage. */
export function isUtf8Name(name: Buffer): boolean {
  const text = name.toString('utf8');
  return !text.includes('\uFFFD') && Buffer.from(text, 'utf8').equals(name);
}

import { ChubbyError } from '../../client/chubby-error.js';
import { inWords, isSystemError } from '../system-failure.js';

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
  if (isSystemError(error)) return inWords(error);
  throw error;
}

/** Whether the cell can have this name: UTF-8, and not the character that decoders put in the place of damage. */
export function isUtf8Name(name: Buffer): boolean {
  const text = name.toString('utf8');
  return !text.includes('\uFFFD') && Buffer.from(text, 'utf8').equals(name);
}

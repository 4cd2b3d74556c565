import type { Output } from '../output.js';
import type { LeftOut } from './left-out.js';

/** In seconds, for each request: a move of many files outlives a change of master. */
export const BULK_TIMEOUT = {
  describe: 'give up when a request was not answered for so many seconds',
  type: 'number',
  default: 60,
} as const;

const KIB = 1024;

export function sizeInWords(bytes: number): string {
  if (bytes < KIB) return `${bytes} bytes`;
  if (bytes < KIB * KIB) return `${(bytes / KIB).toFixed(1)} KiB`;
  return `${(bytes / (KIB * KIB)).toFixed(1)} MiB`;
}

/** Names on stderr what was left out, and why. */
export async function tellLeftOut(output: Output, leftOut: readonly LeftOut[]): Promise<void> {
  for (const { path, reason } of leftOut) await output.note(`left out: ${path}: ${reason}`);
}

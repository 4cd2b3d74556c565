import { counted } from '../../common/counted.js';
import type { Output } from '../output.js';
import { printable } from '../printable.js';
import type { LeftOut } from './left-out.js';

/** What was moved, in words. */
export function filesAndDirectories(moved: {
  readonly files: number;
  readonly bytes: number;
  readonly directories: number;
}): string {
  const { files, bytes, directories } = moved;
  return `${counted(files, 'file')} (${sizeInWords(bytes)}) in ${counted(directories, 'directory', 'directories')}`;
}

const KIB = 1024;

function sizeInWords(bytes: number): string {
  if (bytes < KIB) return counted(bytes, 'byte');
  if (bytes < KIB * KIB) return `${(bytes / KIB).toFixed(1)} KiB`;
  return `${(bytes / (KIB * KIB)).toFixed(1)} MiB`;
}

/** Names on stderr what was left out, and why. */
export async function tellLeftOut(output: Output, leftOut: readonly LeftOut[]): Promise<void> {
  for (const { path, reason } of leftOut) await output.note(`left out: ${printable(path)}: ${printable(reason)}`);
}

export const withoutSlash = (path: string): string => path.replace(/\/+$/, '');

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { printableBytes } from '../printable.js';
import { isSystemError, SystemFailure } from '../system-failure.js';
import { isUtf8Name, reasonToLeaveOut } from './left-out.js';
import type { LeftOut } from './left-out.js';
import { MAX_FILE_BYTES } from './limits.js';

/** What there is in a directory on this machine, as far as a cell can have it. Paths are relative, with `/`. */
export interface LocalTree {
  /** Each after the one that it is in. */
  readonly directories: readonly string[];
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly symbolicLinks: number;
  /** Sockets, pipes, devices. */
  readonly specialFiles: number;
}

/**
 * Looks through a directory, following no symbolic link.
 *
 * @throws SystemFailure when the directory itself cannot be read
 */
export async function readLocalTree(root: string): Promise<LocalTree> {
  const tree = {
    directories: [] as string[],
    files: [] as string[],
    leftOut: [] as LeftOut[],
    symbolicLinks: 0,
    specialFiles: 0,
  };
  const pending = [''];
  for (let directory = pending.shift(); directory !== undefined; directory = pending.shift()) {
    let entries;
    try {
      entries = await readdir(join(root, directory), { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      if (directory === '')
        throw isSystemError(error) ? new SystemFailure(`cannot read the directory ${root}`, error) : error;
      tree.leftOut.push({ path: directory, reason: reasonToLeaveOut(error) });
      continue;
    }
    if (directory !== '') tree.directories.push(directory);
    for (const entry of entries) {
      const inDirectory = (name: string): string => (directory === '' ? name : `${directory}/${name}`);
      if (entry.isSymbolicLink()) tree.symbolicLinks++;
      else if (!entry.isFile() && !entry.isDirectory()) tree.specialFiles++;
      else if (!isUtf8Name(entry.name)) {
        tree.leftOut.push({ path: inDirectory(printableBytes(entry.name)), reason: 'its name is not UTF-8' });
      } else {
        const relative = inDirectory(entry.name.toString());
        if (entry.isDirectory()) pending.push(relative);
        else await lookAtFile(root, relative, tree);
      }
    }
  }
  return tree;
}

async function lookAtFile(
  root: string,
  relative: string,
  tree: { readonly files: string[]; readonly leftOut: LeftOut[] },
): Promise<void> {
  try {
    const { size } = await lstat(join(root, relative));
    if (size <= MAX_FILE_BYTES) tree.files.push(relative);
    else tree.leftOut.push({ path: relative, reason: tooLarge(size) });
  } catch (error) {
    tree.leftOut.push({ path: relative, reason: reasonToLeaveOut(error) });
  }
}

export const tooLarge = (sizeBytes: number): string =>
  `it has ${sizeBytes} bytes, more than the ${MAX_FILE_BYTES} of a file in a cell`;

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellClient } from '../context.js';
import { concurrently } from './concurrently.js';
import { reasonToLeaveOut } from './left-out.js';
import type { LeftOut } from './left-out.js';
import { FILES_AT_ONCE, MAX_FILE_BYTES } from './limits.js';
import { readLocalTree, tooLarge } from './local-tree.js';
import { makeDirectories } from './make-directories.js';
import type { Progress } from './progress.js';

/** What an import did. */
export interface ImportReport {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
  /** By path, relative to the directory that was imported. */
  readonly leftOut: readonly LeftOut[];
  readonly symbolicLinks: number;
  readonly specialFiles: number;
}

/**
 * Writes all files of a local directory into a directory of the cell, over what is there already.
 *
 * @param begin called once it is known how many files there are
 */
export async function importTree(
  client: CellClient,
  root: string,
  path: string,
  begin: (files: number) => Promise<Progress>,
): Promise<ImportReport> {
  const tree = await readLocalTree(root);
  const leftOut = [...tree.leftOut];
  await makeDirectories(client, path);
  const made = await importDirectories(client, path, tree.directories, leftOut);
  const progress = await begin(tree.files.length);
  let files = 0;
  let bytes = 0;
  try {
    await concurrently(tree.files, FILES_AT_ONCE, async (relative) => {
      try {
        const contents = await readFile(join(root, relative));
        if (contents.length > MAX_FILE_BYTES) leftOut.push({ path: relative, reason: tooLarge(contents.length) });
        else {
          await client.write(`${path}/${relative}`, contents);
          files++;
          bytes += contents.length;
        }
      } catch (error) {
        leftOut.push({ path: relative, reason: reasonToLeaveOut(error) });
      }
      progress.step();
    });
  } finally {
    progress.end();
  }
  leftOut.sort((a, b) => (a.path < b.path ? -1 : 1));
  const { symbolicLinks, specialFiles } = tree;
  return { files, directories: made, bytes, leftOut, symbolicLinks, specialFiles };
}

/** Level by level, so that each directory is there before what is in it. */
async function importDirectories(
  client: CellClient,
  path: string,
  directories: readonly string[],
  leftOut: LeftOut[],
): Promise<number> {
  let made = 0;
  for (const level of levelsOf(directories)) {
    await concurrently(level, FILES_AT_ONCE, async (relative) => {
      try {
        await client.mkdir(`${path}/${relative}`, { mayExist: true });
        made++;
      } catch (error) {
        leftOut.push({ path: relative, reason: reasonToLeaveOut(error) });
      }
    });
  }
  return made;
}

function levelsOf(directories: readonly string[]): string[][] {
  const levels: string[][] = [];
  for (const directory of directories) (levels[directory.split('/').length] ??= []).push(directory);
  return levels.filter((level) => level !== undefined);
}

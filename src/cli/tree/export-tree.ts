import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ChubbyError } from '../../client/chubby-error.js';
import type { CellClient } from '../context.js';
import { attempt } from '../system-failure.js';
import { concurrently } from './concurrently.js';
import { reasonToLeaveOut } from './left-out.js';
import type { LeftOut } from './left-out.js';
import { FILES_AT_ONCE } from './limits.js';
import { makeLocalDirectories } from './make-local-directories.js';
import type { Progress } from './progress.js';

/** What an export did. */
export interface ExportReport {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
  /** By path, relative to the directory that was exported. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Writes all files below a directory of the cell into a local directory, which must be empty, or not there yet.
 *
 * @param begin called once it is known how many files there are
 */
export async function exportTree(
  client: CellClient,
  path: string,
  root: string,
  begin: (files: number) => Promise<Progress>,
): Promise<ExportReport> {
  const { directories, leftOut, ...tree } = await readCellTree(client, path);
  await makeEmptyDirectory(root);
  const made = await makeDirectories(root, directories, leftOut);
  const files = tree.files.filter((relative) => made.has(dirname(relative)));
  const progress = await begin(files.length);
  let written = 0;
  let bytes = 0;
  try {
    await concurrently(files, FILES_AT_ONCE, async (relative) => {
      try {
        const { contents } = await client.read(`${path}/${relative}`);
        await writeFile(join(root, relative), contents, { flag: 'wx' });
        written++;
        bytes += contents.length;
      } catch (error) {
        leftOut.push({ path: relative, reason: reasonToLeaveOut(error) });
      }
      progress.step();
    });
  } finally {
    progress.end();
  }
  leftOut.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files: written, directories: made.size - 1, bytes, leftOut };
}

/**
 * @param leftOut gets those that could not be created; what is in them goes with them
 * @returns those that are there, `.` for the root among them
 */
async function makeDirectories(
  root: string,
  directories: readonly string[],
  leftOut: LeftOut[],
): Promise<ReadonlySet<string>> {
  const made = new Set(['.']);
  for (const directory of directories) {
    if (!made.has(dirname(directory))) continue;
    try {
      await mkdir(join(root, directory));
      made.add(directory);
    } catch (error) {
      leftOut.push({ path: directory, reason: reasonToLeaveOut(error) });
    }
  }
  return made;
}

interface CellTree {
  /** Each after the one that it is in. */
  readonly directories: string[];
  readonly files: string[];
  readonly leftOut: LeftOut[];
}

async function readCellTree(client: CellClient, path: string): Promise<CellTree> {
  const tree: CellTree = { directories: [], files: [], leftOut: [] };
  for (let level = ['']; level.length > 0;) {
    const next: string[] = [];
    await concurrently(level, FILES_AT_ONCE, async (directory) => {
      for (const { name, stat } of await client.list(directory === '' ? path : `${path}/${directory}`)) {
        const relative = directory === '' ? name : `${directory}/${name}`;
        if (!isSafe(name)) tree.leftOut.push({ path: relative, reason: 'its name would lead out of the directory' });
        else if (stat.kind === 'directory') next.push(relative);
        else tree.files.push(relative);
      }
    });
    tree.directories.push(...next);
    level = next;
  }
  return tree;
}

/** Whoever answers for the cell must not choose where on this machine a file is written. */
const isSafe = (name: string): boolean => name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);

async function makeEmptyDirectory(root: string): Promise<void> {
  await attempt(`create the directory ${root}`, makeLocalDirectories(root));
  if ((await attempt(`read the directory ${root}`, readdir(root))).length === 0) return;
  throw new ChubbyError('BAD_ARGUMENT', `${root} is not empty`, { remedy: 'export into an empty or a new directory' });
}

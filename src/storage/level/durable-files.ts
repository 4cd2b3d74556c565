import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Makes the names in a directory durable: what was created, renamed or removed there stays so. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a directory, and those above it that are missing, for its owner only; durable when this resolves. */
export async function makeDirectory(directory: string): Promise<void> {
  const topmost = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (topmost === undefined) return;
  const end = dirname(resolve(topmost));
  for (let parent = dirname(resolve(directory)); ; parent = dirname(parent)) {
    await syncDirectory(parent);
    if (parent === end) return;
  }
}

/** Where what is to appear whole under a name is made, before it is moved there; a crash may leave it behind. */
export const asideOf = (path: string): string => `${path}.new`;

/** Writes a new file for its owner only, to be moved to its place once it is whole; its contents are durable. */
export async function writeAside(path: string, contents: string | Uint8Array): Promise<void> {
  // What a crash left there may be a second name of the file in its place: it is removed, never written over.
  await rm(path, { force: true });
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

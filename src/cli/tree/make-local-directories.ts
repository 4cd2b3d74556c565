import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Creates a directory and those above it, as far as they are missing. Node 20's own `recursive` tries for ever where
 * nothing can be created, as below /proc.
 *
 * @throws Error of Node
 */
export async function makeLocalDirectories(directory: string): Promise<void> {
  const path = resolve(directory);
  if (await made(path)) return;
  await makeLocalDirectories(dirname(path));
  await mkdir(path);
}

/** @returns false when the one above is missing */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT' && path !== dirname(path)) return false;
    throw error;
  }
}

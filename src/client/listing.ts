import type { ReadDirRequest, ReadDirResponse } from '../wire/types.js';
import type { DirectoryEntry } from './node-results.js';
import { entryOf } from './node-results.js';
import { readDirRequest } from './requests.js';
import type { Target } from './requests.js';

/** All children of a directory, page after page, in byte order. */
export async function readWholeDir(
  target: Target,
  readPage: (request: ReadDirRequest) => Promise<ReadDirResponse>,
): Promise<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  let token: Buffer = Buffer.alloc(0);
  for (;;) {
    const page = await readPage(readDirRequest(target, token));
    for (const entry of page.entries) entries.push(entryOf(entry));
    if (page.nextPageToken.length === 0) return entries;
    token = page.nextPageToken;
  }
}

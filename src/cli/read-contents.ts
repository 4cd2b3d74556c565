import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ChubbyError } from '../client/chubby-error.js';
import { attempt } from './system-failure.js';
import { MAX_FILE_BYTES } from './tree/limits.js';

/**
 * The contents for a file of the cell.
 *
 * @param file a path on this machine, or `-` for stdin
 * @throws ChubbyError TOO_LARGE; SystemFailure
 */
export async function readContents(file: string, stdin: Readable): Promise<Buffer> {
  if (file === '-') return attempt('read stdin', readAll(stdin, 'stdin'));
  const what = `read ${file}`;
  const handle = await attempt(what, open(file));
  try {
    return await attempt(what, readAll(handle.createReadStream({ autoClose: false }), file));
  } finally {
    await handle.close();
  }
}

/** No more than fits into a file of the cell: stdin may never end. */
async function readAll(stream: Readable, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_FILE_BYTES) {
      throw new ChubbyError('TOO_LARGE', `${what} is larger than ${MAX_FILE_BYTES} bytes, the largest file of a cell`, {
        remedy: 'keep large things elsewhere, and in the cell where they are',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

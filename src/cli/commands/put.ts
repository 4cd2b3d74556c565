import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ChubbyError } from '../../client/index.js';
import { command, pathArgument } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { MAX_FILE_BYTES } from '../tree/limits.js';

export const put = command({
  usage: 'put <path> [file]',
  summary: 'Write a file, and create it where there is none',
  options: (yargs) =>
    pathArgument(yargs)
      .positional('file', {
        describe: 'what to write: a file, or - for stdin',
        type: 'string',
        default: '-',
      })
      .option('if-generation', {
        describe: 'write only if the contents are at this generation, and create nothing',
        type: 'number',
      }),
  async run({ client, output, terminal }, { path, file, ifGeneration }) {
    const contents = await (file === '-' ? readAll(terminal.stdin, 'stdin') : readFile(file));
    const stat = await client.write(path, contents, { ifContentGeneration: ifGeneration });
    if (output.json) await output.value({ path, stat });
    return EXIT.ok;
  },
});

async function readFile(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    return await readAll(handle.createReadStream({ autoClose: false }), file);
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
      throw new ChubbyError('TOO_LARGE', `${what} is larger than ${MAX_FILE_BYTES} bytes, the largest file of a cell`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import { command, NODE_PATH } from '../command.js';
import type { CellClient } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { flag } from '../options.js';
import { LOOK_AROUND } from '../remedies.js';
import { concurrently } from '../tree/concurrently.js';
import { FILES_AT_ONCE } from '../tree/limits.js';

export const rm = command({
  name: 'rm',
  summary: 'Delete a file or an empty directory',
  example: 'rm -r /ls/local/docs',
  positionals: { path: NODE_PATH },
  options: { recursive: flag('delete a directory with all that is in it', 'r') },
  remedies: { NOT_FOUND: LOOK_AROUND, NOT_EMPTY: 'delete what is in it first, or all of it: chubby rm -r' },
  async run({ client, output }, { path, recursive }) {
    const deleted = recursive ? await deleteTree(client, path) : await deleteOne(client, path);
    if (output.json) await output.value({ path, deleted });
    return EXIT.ok;
  },
});

async function deleteOne(client: CellClient, path: string): Promise<number> {
  await client.delete(path);
  return 1;
}

/** Depth first, since only empty directories can be deleted. */
async function deleteTree(client: CellClient, path: string): Promise<number> {
  const { kind } = await client.stat(path);
  return kind === 'directory' ? deleteDirectory(client, path) : deleteOne(client, path);
}

async function deleteDirectory(client: CellClient, path: string): Promise<number> {
  let deleted = 0;
  const entries = await client.list(path);
  for (const { name, stat } of entries) {
    if (stat.kind === 'directory') deleted += await deleteDirectory(client, `${path}/${name}`);
  }
  const files = entries.filter(({ stat }) => stat.kind === 'file');
  await concurrently(files, FILES_AT_ONCE, async ({ name }) => {
    await client.delete(`${path}/${name}`);
    deleted++;
  });
  return deleted + (await deleteOne(client, path));
}

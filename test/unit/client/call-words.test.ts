import { expect, it } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import { FakeCell } from './fake-cell.js';

const FILE = '/ls/local/file';

/** A client of a cell that is away. */
function lonely(): { readonly cell: FakeCell; readonly client: Client } {
  const cell = new FakeCell();
  for (const address of ['a:1', 'b:1', 'c:1']) cell.kill(address);
  return { cell, client: cell.client({ timeoutMs: 1_000 }) };
}

it.each<[string, (client: Client) => Promise<unknown>]>([
  ['the read', (client) => client.read(FILE)],
  ['the read of the metadata', (client) => client.stat(FILE)],
  ['the listing', (client) => client.list(FILE)],
  ['the request for a session', (client) => client.write(FILE, 'x')],
  ['the explanation of the lock', (client) => client.admin.explain(FILE)],
])('a message calls it what its users know it as: %s', async (words, call) => {
  const { cell, client } = lonely();
  const outcome = expect(call(client)).rejects.toThrow(
    new RegExp(`^${words} was not answered within 1000 ms: there is no master`),
  );
  await cell.clock.advance(1_100);
  await outcome;
});

it('so does a call that its caller gives up', async () => {
  const signal = AbortSignal.abort();
  const client = new FakeCell().client();
  await expect(client.write(FILE, 'x', { signal })).rejects.toThrow(/^the request for a session was aborted/);
  const handle = await client.open(FILE, { write: true });
  await expect(handle.setContents('x', { signal })).rejects.toThrow(/^the write was aborted by its caller/);
  const events = handle.events({ signal });
  await expect(events.next()).rejects.toThrow(/^the wait for events was aborted by its caller/);
});

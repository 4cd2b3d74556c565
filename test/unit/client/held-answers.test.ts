import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import type { Handle } from '../../../src/client/handle.js';
import type { PipeCall, PipeReply } from '../../../src/wire/types.js';
import { FakeCell, LEASE_MS, success } from './fake-cell.js';

const LOCAL_LEASE_MS = LEASE_MS * 0.9;

const CALLS: readonly [string, (handle: Handle, client: Client) => Promise<unknown>][] = [
  ['acquire', (handle) => handle.acquire()],
  ['acquire', (handle) => handle.acquire({ waitMs: 120_000 })],
  ['tryAcquire', (handle) => handle.tryAcquire()],
  ['getSequencer', (handle) => handle.getSequencer()],
  ['acquireAll', (handle, client) => client.acquireAll([handle])],
  ['checkSequencer', (_handle, client) => client.checkSequencer(Buffer.from('sequencer'))],
];

/** What became of a call so far. */
function watched(call: Promise<unknown>): { outcome: string } {
  const seen = { outcome: 'open' };
  call.then(
    () => (seen.outcome = 'held'),
    (error: { reason: string }) => (seen.outcome = error.reason),
  );
  return seen;
}

/** A call that is under way when the process, or the machine, stops. */
async function underWay(name: string, call: (handle: Handle, client: Client) => Promise<unknown>) {
  const cell = new FakeCell();
  const client = cell.client();
  const handle = await client.open('/ls/local/lock', { write: true });
  let asked: PipeCall | undefined;
  cell.answer = (made): PipeReply | undefined => {
    if (made.call !== name) return success(made);
    asked = made;
    return undefined;
  };
  const seen = watched(call(handle, client));
  await cell.clock.settle();
  return { cell, client, seen, answer: () => cell.reply(success(asked!)) };
}

describe.each(CALLS)('an answer to %s that says "held"', (name, call) => {
  it('is told while the lease runs', async () => {
    const { cell, seen, answer } = await underWay(name, call);
    answer();
    await cell.clock.settle();
    expect(seen.outcome).toBe('held');
  });

  it.each([
    ['the process was stopped beyond the lease', (cell: FakeCell) => cell.clock.stall(LOCAL_LEASE_MS)],
    ['the machine slept', (cell: FakeCell) => cell.clock.suspend(60_000)],
  ])('is not told when %s, until the session is safe', async (_what, stop) => {
    const { cell, client, seen, answer } = await underWay(name, call);
    stop(cell);
    answer();
    await cell.clock.settle();
    expect(seen.outcome).toBe('open');
    expect(client.sessionState).toBe('jeopardy');
    // Where the connection was given up, the same question is put again.
    cell.answer = success;
    await cell.clock.advance(100);
    cell.answerKeepAlive({ leaseMs: LEASE_MS * 3 });
    await cell.clock.settle();
    expect(seen.outcome).toBe('held');
  });

  it('is never told when the session does not become safe', async () => {
    const { cell, seen, answer } = await underWay(name, call);
    cell.clock.stall(LOCAL_LEASE_MS);
    answer();
    await cell.clock.advance(60_000);
    expect(['SESSION_EXPIRED', 'TIME_LIMIT']).toContain(seen.outcome);
  });
});

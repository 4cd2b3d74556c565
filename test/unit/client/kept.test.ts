import { describe, expect, it, onTestFinished } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import type { HeldLock, WithLockOptions } from '../../../src/client/with-lock.js';
import { TestCell } from '../../../src/testing/test-cell.js';
import { reasonOf } from './reason-of.js';

// What a client keeps in the hope of needing it again, against a real master, under virtual time.

const FILE = '/ls/local/file';
const LOCK = '/ls/local/lock';
const KEPT: WithLockOptions = { keepMs: 60_000 };

async function startCell(replicas: 1 | 3 = 1): Promise<TestCell> {
  const cell = await TestCell.start({ replicas });
  onTestFinished(() => cell.stop());
  return cell;
}

/** A client that nothing comes through to any more: what it does then, it does by itself. */
async function cutOff<Result>(cell: TestCell, client: Client, act: () => Promise<Result>): Promise<Result> {
  await cell.cut(client);
  try {
    return await act();
  } finally {
    await cell.heal(client);
  }
}

const lockOf = (client: Client, options = KEPT): Promise<HeldLock> => client.withLock(LOCK, (held) => held, options);

/** How many handles the client's session has open at the cell. */
async function handlesOf(cell: TestCell, client: Client): Promise<number> {
  for await (const { id, openHandles } of cell.client().admin.listSessions())
    if (id === client.sessionId) return openHandles;
  throw new Error('the client has a session');
}

describe('a handle that was closed', () => {
  it('serves whoever opens the same node to read, without a word to the cell', async () => {
    const cell = await startCell();
    const client = cell.client();
    await client.write(FILE, 'contents');
    const first = await client.open(FILE);
    await first.getContentsAndStat();
    await first.getContentsAndStat();
    await first.close();
    await cutOff(cell, client, async () => {
      const again = await client.open(FILE);
      expect(again).not.toBe(first);
      expect(String((await again.getContentsAndStat()).contents)).toBe('contents');
      await again.close();
    });
  });

  it('is of no more use to whom closed it', async () => {
    const cell = await startCell();
    const client = cell.client();
    await client.write(FILE, 'contents');
    const handle = await client.open(FILE);
    await handle.close();
    await handle.close();
    expect(await reasonOf(handle.getStat())).toBe('HANDLE_CLOSED');
    expect(await reasonOf(handle.open('below'))).toBe('HANDLE_CLOSED');
  });

  it('serves nobody once the node is another one, or may be', async () => {
    const cell = await startCell();
    const [client, other] = [cell.client(), cell.client()];
    await client.write(FILE, 'one');
    const first = await client.open(FILE);
    await first.getContentsAndStat();
    await first.getContentsAndStat();
    await first.close();
    await cell.until(other.delete(FILE));
    expect(await reasonOf(client.open(FILE))).toBe('NOT_FOUND');
    await cell.until(other.write(FILE, 'two'));
    for (let i = 0; i < 2; i++) await client.read(FILE);
    const second = await client.open(FILE);
    expect(second.stat.instanceNumber).toBeGreaterThan(first.stat.instanceNumber);
    await cell.until(other.write(FILE, 'three'));
    expect(String((await second.getContentsAndStat()).contents)).toBe('three');
  });

  it('is given back to the cell when nobody wanted it for a while', async () => {
    const cell = await startCell();
    const client = cell.client();
    await client.write(FILE, 'contents');
    const before = await handlesOf(cell, client);
    await (await client.open(FILE)).close();
    expect(await handlesOf(cell, client)).toBe(before + 1);
    await cell.advance(10_100);
    expect(await handlesOf(cell, client)).toBe(before);
  });

  it('is closed at once where it could lock, or is told of events', async () => {
    const cell = await startCell();
    const client = cell.client();
    await client.write(FILE, 'contents');
    const before = await handlesOf(cell, client);
    for (const options of [{ write: true }, { events: ['contentsModified'] as const }]) {
      await (await client.open(FILE, options)).close();
      expect(await handlesOf(cell, client)).toBe(before);
    }
  });
});

describe('a handle on an ephemeral node', () => {
  it('is closed at once, and the node goes with the last of its maker', async () => {
    const cell = await startCell();
    const maker = cell.client();
    const made = await maker.open(FILE, { create: 'must', ephemeral: true });
    const again = await maker.open(FILE);
    await made.close();
    expect(await reasonOf(maker.read(FILE))).toBe('none');
    await again.close();
    expect(await reasonOf(maker.read(FILE))).toBe('NOT_FOUND');
  });
});

describe('withLock', () => {
  it('locks a directory as well', async () => {
    const cell = await startCell();
    const client = cell.client();
    await client.mkdir('/ls/local/dir');
    const { sequencer } = await client.withLock('/ls/local/dir', (held) => held, KEPT);
    expect((await client.checkSequencer(sequencer)).valid).toBe(true);
  });

  it('leaves no time to whom it has taken the lock from', async () => {
    const cell = await startCell();
    const held = await lockOf(cell.client(), {});
    expect(held.leftMs).toBe(0);
    expect(() => held.assertHeld()).toThrow('given back');
  });
});

describe('a lock that is kept', () => {
  it('is taken again without a word to the cell, with its sequencer', async () => {
    const cell = await startCell();
    const client = cell.client();
    const first = await lockOf(client);
    const again = await cutOff(cell, client, () => lockOf(client));
    expect(again.sequencer).toEqual(first.sequencer);
    expect((await client.checkSequencer(again.sequencer)).valid).toBe(true);
  });

  it('goes at once to whoever else asks for it', async () => {
    const cell = await startCell();
    const [client, other] = [cell.client(), cell.client()];
    const { sequencer } = await lockOf(client);
    const atMs = cell.nowMs;
    await cell.until(lockOf(other, {}));
    expect(cell.nowMs - atMs).toBeLessThan(1_000);
    expect((await client.checkSequencer(sequencer)).valid).toBe(false);
  });

  it('is not kept when others wait for it already', async () => {
    const cell = await startCell();
    const [client, other, third] = [cell.client(), cell.client(), cell.client()];
    let letGo!: () => void;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const first = client.withLock(LOCK, () => held, KEPT);
    await cell.settle();
    const waiting = [lockOf(other), lockOf(third)];
    await cell.advance(100);
    letGo();
    const atMs = cell.nowMs;
    await cell.until(Promise.all([first, ...waiting]));
    expect(cell.nowMs - atMs).toBeLessThan(1_000);
  });

  it('goes to whoever asked while the cell changed its master', async () => {
    const cell = await startCell(3);
    const [client, other] = [cell.client(), cell.client()];
    await lockOf(client);
    const waiting = lockOf(other, {});
    await cell.killMaster();
    const atMs = cell.nowMs;
    await cell.until(waiting, 30_000);
    expect(cell.nowMs - atMs).toBeLessThan(10_000);
  });

  it('is given back when nobody wanted it for the time that was given', async () => {
    const cell = await startCell();
    const client = cell.client();
    const { sequencer } = await lockOf(client, { keepMs: 5_000 });
    await cell.advance(4_900);
    expect((await client.checkSequencer(sequencer)).valid).toBe(true);
    await cell.advance(200);
    expect((await client.checkSequencer(sequencer)).valid).toBe(false);
  });

  it('is not shown to anybody when the session may be over', async () => {
    const cell = await startCell();
    const client = cell.client();
    await lockOf(client);
    await cell.cut(client);
    await cell.advance(15_000);
    const again = lockOf(client, { ...KEPT, timeoutMs: 1_000 });
    const refused = reasonOf(again);
    await cell.advance(2_000);
    expect(await refused).not.toBe('none');
  });

  it('is waited for where the session is in jeopardy', async () => {
    const cell = await startCell();
    const client = cell.client();
    await lockOf(client);
    await cell.cut(client);
    await cell.advance(12_000);
    expect(client.sessionState).toBe('jeopardy');
    const again = lockOf(client, { ...KEPT, timeoutMs: 60_000 });
    again.catch(() => undefined);
    await cell.heal(client);
    await cell.until(again, 30_000);
  });

  it('is another one in another mode, and after its node was deleted', async () => {
    const cell = await startCell();
    const [client, other] = [cell.client(), cell.client()];
    const exclusive = await lockOf(client);
    const shared = await cell.until(lockOf(client, { ...KEPT, mode: 'shared' }));
    expect(shared.sequencer).not.toEqual(exclusive.sequencer);
    await cell.until(other.delete(LOCK));
    const anew = await cell.until(lockOf(client, { ...KEPT, mode: 'shared' }));
    expect((await client.checkSequencer(anew.sequencer)).valid).toBe(true);
  });

  it.each([-1, Number.NaN, 3_600_001])('is refused for a time that is none: %d', async (keepMs) => {
    const cell = await startCell();
    expect(await reasonOf(lockOf(cell.client(), { keepMs }))).toBe('BAD_ARGUMENT');
  });
});

import { describe, expect, test } from 'vitest';
import type { Client } from '../../../src/client/index.js';
import type { PermitOptions } from '../../../src/client/recipes/index.js';
import { Semaphore } from '../../../src/client/recipes/index.js';
import { Gate, outcomeOf, startCell } from './cell-of-clients.js';

const NAME = '/ls/local/uploads';

/** Takes a permit and keeps it until the gate is opened. */
function enter(
  client: Client,
  name: string,
  inside: Set<string>,
  options: PermitOptions = {},
): { gate: Gate; outcome: Promise<unknown> } {
  const gate = new Gate();
  const semaphore = new Semaphore(client, NAME, { permits: 2 });
  const outcome = semaphore.withPermit(async ({ signal }) => {
    inside.add(name);
    signal.addEventListener('abort', () => inside.delete(name));
    await gate.opened;
    inside.delete(name);
    return `${name} done`;
  }, options);
  return { gate, outcome: outcomeOf(outcome) };
}

describe('a semaphore of two permits', () => {
  test('lets two in, and the others in the order in which they came', async () => {
    const cell = await startCell();
    const inside = new Set<string>();
    const callers = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      callers.push(enter(cell.client(), name, inside));
      await cell.settle();
    }
    expect([...inside]).toEqual(['a', 'b']);
    callers[1]!.gate.open();
    await cell.settle();
    expect([...inside]).toEqual(['a', 'c']);
    callers[2]!.gate.open();
    await cell.settle();
    expect([...inside]).toEqual(['a', 'd']);
    callers[0]!.gate.open();
    await cell.settle();
    expect([...inside]).toEqual(['d', 'e']);
    callers[3]!.gate.open();
    callers[4]!.gate.open();
    const outcomes = await Promise.all(callers.map(({ outcome }) => outcome));
    expect(outcomes).toEqual(['a done', 'b done', 'c done', 'd done', 'e done']);
  });

  test('leaves nothing open behind', async () => {
    const cell = await startCell();
    const client = cell.client();
    const semaphore = new Semaphore(client, NAME, { permits: 2 });
    const inside = new Set<string>();
    const first = enter(client, 'first', inside);
    const second = enter(client, 'second', inside);
    await cell.settle();
    const third = enter(client, 'third', inside);
    await cell.settle();
    first.gate.open();
    second.gate.open();
    third.gate.open();
    await Promise.all([first.outcome, second.outcome, third.outcome]);
    await cell.settle();
    // Both permits and the head of the queue are free again for somebody else.
    const others = [enter(cell.client(), 'x', inside, { waitMs: 0 })];
    await cell.settle();
    others.push(enter(cell.client(), 'y', inside, { waitMs: 0 }));
    await cell.settle();
    expect([...inside]).toEqual(['x', 'y']);
    for (const { gate } of others) gate.open();
    await Promise.all(others.map(({ outcome }) => outcome));
    expect(semaphore.name).toBe(NAME);
  });

  test('gives a permit back when its holder’s session ends, after the holder was told', async () => {
    const cell = await startCell();
    const inside = new Set<string>();
    const lost = cell.client();
    const first = enter(lost, 'first', inside);
    await cell.settle();
    const second = enter(cell.client(), 'second', inside);
    await cell.settle();
    const third = enter(cell.client(), 'third', inside);
    await cell.settle();
    await cell.cut(lost);
    await cell.advance(11_000);
    expect([...inside]).toEqual(['second']);
    // The master may have promised one more lease to nobody.
    await cell.advance(12_000);
    expect([...inside]).toEqual(['second', 'third']);
    for (const { gate } of [first, second, third]) gate.open();
    expect(await Promise.all([first, second, third].map(({ outcome }) => outcome))).toEqual([
      'LOCK_LOST',
      'second done',
      'third done',
    ]);
  });

  test('goes on without one that waited and went', async () => {
    const cell = await startCell();
    const inside = new Set<string>();
    const callers = [];
    const leaving = new AbortController();
    const lost = cell.client();
    for (const [name, client, options] of [
      ['a', cell.client(), {}],
      ['b', cell.client(), {}],
      ['at the head', cell.client(), { signal: leaving.signal }],
      ['in the queue', lost, {}],
      ['c', cell.client(), {}],
    ] as const) {
      callers.push(enter(client, name, inside, options));
      await cell.settle();
    }
    leaving.abort();
    expect(await callers[2]!.outcome).toBe('CANCELLED');
    await cell.cut(lost);
    await cell.advance(25_000);
    callers[0]!.gate.open();
    await cell.settle();
    expect([...inside]).toEqual(['b', 'c']);
    for (const { gate } of callers) gate.open();
  });

  test('keeps its permits through a fail-over', async () => {
    const cell = await startCell();
    const inside = new Set<string>();
    const callers = [];
    for (const name of ['a', 'b', 'c']) {
      callers.push(enter(cell.client(), name, inside));
      await cell.settle();
    }
    await cell.failOver();
    await cell.advance(1_000);
    expect([...inside]).toEqual(['a', 'b']);
    callers[0]!.gate.open();
    await cell.advance(1_000);
    expect([...inside]).toEqual(['b', 'c']);
    for (const { gate } of callers) gate.open();
    expect(await Promise.all(callers.map(({ outcome }) => outcome))).toEqual(['a done', 'b done', 'c done']);
  });

  test('tells who waits for a limited time in time, in the queue or at its head', async () => {
    const cell = await startCell();
    const inside = new Set<string>();
    const holders = [enter(cell.client(), 'a', inside), enter(cell.client(), 'b', inside)];
    await cell.settle();
    const startMs = cell.nowMs;
    const head = enter(cell.client(), 'head', inside, { waitMs: 2_000 });
    await cell.settle();
    const behind = enter(cell.client(), 'behind', inside, { waitMs: 1_000 });
    expect(await cell.until(behind.outcome)).toBe('LOCK_BUSY');
    expect(cell.nowMs - startMs).toBeLessThan(1_100);
    expect(await cell.until(head.outcome)).toBe('LOCK_BUSY');
    expect(cell.nowMs - startMs).toBeLessThan(2_100);
    expect(await enter(cell.client(), 'at once', inside, { waitMs: 0 }).outcome).toBe('LOCK_BUSY');
    for (const { gate } of holders) gate.open();
  });

  test('hands on what the work throws, a lock that is busy within it too', async () => {
    const cell = await startCell();
    const client = cell.client();
    const semaphore = new Semaphore(client, NAME, { permits: 2 });
    const broken = semaphore.withPermit(() => {
      throw new Error('broken');
    });
    expect(await outcomeOf(broken)).toBe('broken');
    const gate = new Gate();
    const holding = cell.client().withLock('/ls/local/other', () => gate.opened);
    await cell.settle();
    let runs = 0;
    const busyWithin = semaphore.withPermit(() => {
      runs++;
      return client.withLock('/ls/local/other', () => undefined, { waitMs: 0 });
    });
    await expect(busyWithin).rejects.toThrow('/other');
    expect(runs).toBe(1);
    gate.open();
    await holding;
  });
});

test('a number of permits that makes no sense is refused', async () => {
  const cell = await startCell();
  for (const permits of [0, 1.5, 101, NaN]) {
    expect(() => new Semaphore(cell.client(), NAME, { permits })).toThrow('permits');
  }
});

test('a limited wait ends soon where the cell goes away, whenever that is', { timeout: 120_000 }, async () => {
  const cell = await startCell();
  for (let moment = 0; moment < 60; moment += 6) {
    const client = cell.client();
    await client.write('/ls/local/x', '');
    const begunMs = cell.nowMs;
    let tookMs: number | undefined;
    const permit = new Semaphore(client, NAME, { permits: 3 }).withPermit(() => undefined, { waitMs: 1_000 });
    void permit.catch(() => undefined).then(() => (tookMs = cell.nowMs - begunMs));
    for (let i = 0; i < moment; i++) await Promise.resolve();
    await cell.cut(client);
    // What it has by then it tries to give back for as long as its lease runs.
    await cell.advance(12_000);
    expect(tookMs).toBeLessThan(12_000);
    await cell.heal(client);
  }
});

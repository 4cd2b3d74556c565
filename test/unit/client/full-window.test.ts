import { describe, expect, it, onTestFinished } from 'vitest';
import { CLIENT_LIMITS } from '../../../src/client/client-limits.js';
import { TestCell } from '../../../src/testing/index.js';
import { refusal } from '../../../src/wire/errors.js';
import { failed, FakeCell, success } from './fake-cell.js';
import { reasonOf } from './reason-of.js';

// A client with more to do than may be under way at a time does not keep itself from what must not wait.

const X = '/ls/local/x';
const LOCK = '/ls/local/lock';

const times = <Result>(count: number, make: (index: number) => Result): Result[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('an Open that was given up and could make its node', () => {
  it('is answered and closed, though nothing else has a number left', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write(X, '');
    cell.answer = () => undefined;
    const stop = new AbortController();
    const opened = reasonOf(client.open('/ls/local/new', { create: 'may', signal: stop.signal }));
    const writes = times(CLIENT_LIMITS.window, () => reasonOf(client.write(X, '')));
    await cell.clock.settle();
    stop.abort();
    expect(await opened).toBe('UNKNOWN_OUTCOME');
    cell.answer = success;
    cell.cut('a:1');
    await cell.clock.advance(2_000);
    expect(new Set(await Promise.all(writes))).toEqual(new Set(['none']));
    expect(cell.calls.map(({ call }) => call)).toEqual(expect.arrayContaining(['cancel', 'close']));
  });

  it('leaves the client in working order, thousands of them too', async () => {
    const cell = await TestCell.start({ replicas: 1 });
    onTestFinished(() => cell.stop());
    const client = cell.client();
    await client.write(X, '');
    await cell.cut(client);
    const works = times(5_000, (i) =>
      reasonOf(client.withLock(`${LOCK}-${i % 100}`, () => undefined, { waitMs: 1_000 })),
    );
    await cell.advance(9_000);
    await cell.heal(client);
    await cell.until(Promise.all(works));
    expect(await cell.until(reasonOf(client.write(X, 'after')))).toBe('none');
  });
});

it('a session keeps what it has through a change of master, however much waits behind', async () => {
  const cell = await TestCell.start({ replicas: 3 });
  onTestFinished(() => cell.stop());
  const client = cell.client();
  await client.open('/ls/local/mine', { create: 'must', ephemeral: true });
  await cell.cut(client);
  const stop = new AbortController();
  const opened = reasonOf(client.open('/ls/local/new', { create: 'may', signal: stop.signal }));
  const writes = times(4_200, (i) => reasonOf(client.write(X, String(i))));
  await cell.settle();
  stop.abort();
  await opened;
  const dead = await cell.killMaster();
  await cell.advance(4_000);
  await cell.heal(client);
  await cell.restart(dead);
  await cell.advance(150_000);
  expect(new Set(await cell.until(Promise.all(writes)))).toEqual(new Set(['none']));
  expect(await reasonOf(cell.client().stat('/ls/local/mine'))).toBe('none');
});

it('Acquires that were given up are withdrawn before others take their place', async () => {
  const cell = new FakeCell();
  const client = cell.client();
  const handle = await client.open(LOCK, { write: true });
  const waiting = new Set<number>();
  let refused = 0;
  // As a Pipe does, it has room for so many, and an Acquire takes it until it is answered.
  cell.answer = (call) => {
    if (waiting.has(call.number)) return undefined;
    if (waiting.size >= CLIENT_LIMITS.window) {
      refused++;
      return failed(call, refusal('WINDOW_EXCEEDED', 'full'));
    }
    if (call.call === 'acquire') {
      waiting.add(call.number);
      return undefined;
    }
    if (call.call === 'cancel') waiting.delete(call.cancel!.requestNumber);
    return success(call);
  };
  const stop = new AbortController();
  const given = times(200, () => reasonOf(handle.acquire({ signal: stop.signal })));
  for (let i = 0; i < CLIENT_LIMITS.waitingCalls; i++) void reasonOf(handle.acquire());
  await cell.clock.settle();
  const first = [...waiting].slice(0, 200);
  stop.abort();
  const released = reasonOf(handle.release());
  await cell.clock.advance(1_000);
  expect(new Set(await Promise.all(given))).toEqual(new Set(['CANCELLED']));
  expect(first.filter((number) => waiting.has(number))).toEqual([]);
  expect(await released).toBe('none');
  expect(refused).toBe(0);
});

import { describe, expect, it, onTestFinished } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import { TestCell } from '../../../src/testing/index.js';
import { refusal } from '../../../src/wire/errors.js';
import type { PipeCall } from '../../../src/wire/types.js';
import { failed, FakeCell, success } from './fake-cell.js';
import { reasonOf } from './reason-of.js';

const NAME = '/ls/local/node';

const shown = (calls: readonly PipeCall[]): string =>
  calls
    .map(({ number, call, cancel, close }) => {
      if (cancel) return `cancel ${cancel.requestNumber}`;
      return close ? `close ${String(close.handle)}` : `${call} ${number}`;
    })
    .join(', ');

/** A client whose Open, of number 2, is not answered. */
async function opening(create: 'never' | 'must') {
  const cell = new FakeCell();
  const client = cell.client();
  await client.write(NAME, 'x');
  cell.answer = (call) => (call.call === 'open' ? undefined : success(call));
  const stop = new AbortController();
  const reason = reasonOf(client.open(NAME, { create, signal: stop.signal }));
  await cell.clock.settle();
  const giveUp = async (): Promise<void> => {
    stop.abort();
    expect(await reason).toBe('UNKNOWN_OUTCOME');
  };
  const reconnect = async (): Promise<void> => {
    cell.sent.length = 0;
    cell.cut('a:1');
    await cell.clock.advance(1_000);
  };
  return { cell, client, giveUp, reconnect };
}

const acknowledgedAfter = async (cell: FakeCell, client: Client): Promise<number> => {
  await client.write(NAME, 'y');
  return cell.sent.at(-1)!.acknowledged;
};

describe('an Open that was given up', () => {
  it.each(['before', 'after'] as const)(
    '%s its connection broke is asked for again, and what it opened is closed',
    async (when) => {
      const { cell, client, giveUp, reconnect } = await opening('never');
      if (when === 'before') await giveUp();
      cell.answer = (call) => (when === 'before' || call.call !== 'open' ? success(call) : undefined);
      await reconnect();
      if (when === 'after') {
        await giveUp();
        cell.reply(success(cell.calls.find(({ call }) => call === 'open')!));
      }
      await cell.clock.settle();
      expect(shown(cell.calls)).toBe('open 2, close handle 2');
      expect(await acknowledgedAfter(cell, client)).toBe(3);
    },
  );

  it('is not acknowledged before its answer has come', async () => {
    const { cell, client, giveUp } = await opening('never');
    await giveUp();
    expect(await acknowledgedAfter(cell, client)).toBe(1);
    cell.reply(success(cell.calls[1]!));
    await cell.clock.settle();
    expect(await acknowledgedAfter(cell, client)).toBe(4);
  });

  it('is cancelled before it is asked for again, where it could make the node meanwhile', async () => {
    const { cell, giveUp, reconnect } = await opening('must');
    cell.answer = () => undefined;
    await giveUp();
    await cell.clock.settle();
    cell.answer = success;
    await reconnect();
    expect(shown(cell.calls)).toBe('cancel 2, open 2, close handle 2');
  });

  it('leaves nothing to close where it was cancelled in time', async () => {
    const { cell, client, giveUp, reconnect } = await opening('must');
    await reconnect();
    cell.answer = (call) => (call.call === 'open' ? failed(call, refusal('CANCELLED', 'it was')) : success(call));
    await giveUp();
    await cell.clock.settle();
    expect(shown(cell.calls)).toBe('open 2, cancel 2, open 2');
    expect(await acknowledgedAfter(cell, client)).toBe(3);
  });

  it('leaves no ephemeral node behind, whenever its connection broke', async () => {
    const cell = await TestCell.start();
    onTestFinished(() => cell.stop());
    const client = cell.client();
    await client.write(NAME, 'x');
    for (let rounds = 0; rounds < 40; rounds++) {
      const stop = new AbortController();
      const { signal } = stop;
      const reason = reasonOf(client.open(`${NAME}-${rounds}`, { create: 'must', ephemeral: true, signal }));
      for (let round = 0; round < rounds; round++) await Promise.resolve();
      const cut = cell.cut(client);
      stop.abort();
      await cut;
      await cell.advance(9_000);
      await cell.heal(client);
      await cell.advance(3_000);
      if ((await reason) === 'none') break;
      const entries = await cell.until(client.list('/ls/local'));
      expect(entries.map(({ name }) => name)).toEqual(['acl', 'node']);
    }
  });
});

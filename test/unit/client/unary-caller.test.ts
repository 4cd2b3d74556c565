import { expect, test } from 'vitest';
import { AddressBook } from '../../../src/client/address-book.js';
import { channelFailure } from '../../../src/client/channel-failure.js';
import { ChannelPool } from '../../../src/client/channel-pool.js';
import type { Channel } from '../../../src/client/channel.js';
import { MasterLocator } from '../../../src/client/master-locator.js';
import { UnaryCaller } from '../../../src/client/unary-caller.js';
import { SeededRng } from '../../../src/common/rng.js';
import { VirtualClock } from './virtual-clock.js';

test('an answer that takes long is waited for in the end', async () => {
  const clock = new VirtualClock();
  const rng = new SeededRng(1);
  const resolver = { addressesOf: () => Promise.resolve([]) };
  const book = new AddressBook({ kind: 'list', addresses: ['a:1'] }, resolver, rng);
  const locator = new MasterLocator(book, () => Promise.resolve({ master: 'a:1', replicas: [] }), clock, rng);
  const limitsMs: number[] = [];
  /** Of contents that need this long to come through. */
  const answerMs = 5_000;
  const call = async (_name: unknown, _request: unknown, limitMs: number): Promise<unknown> => {
    limitsMs.push(limitMs);
    await new Promise<void>((resolve) => clock.after(Math.min(limitMs, answerMs), resolve));
    return limitMs < answerMs ? { failure: channelFailure('UNREACHABLE', 'late') } : { response: 'contents' };
  };
  const caller = new UnaryCaller(clock, rng, locator, new ChannelPool(() => ({ call }) as unknown as Channel));
  let answer: unknown;
  void caller
    .call('getContentsAndStat', { context: null, target: 'name', name: '/ls/local/a' }, { timeoutMs: 60_000 })
    .then((response) => (answer = response));
  await clock.advance(15_000);
  expect(answer).toBe('contents');
  expect(limitsMs).toEqual([2_000, 4_000, 8_000]);
});

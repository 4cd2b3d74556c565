import { beforeEach, expect, test } from 'vitest';
import { MalformedBytes } from '../../../src/common/bytes.js';
import type { Incarnation, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import type { Epoch, ValueKind } from '../../../src/paxos/value.js';
import { LoggedApplication } from '../../../src/log/logged-application.js';
import type { ReplicatedLog, StateSnapshot } from '../../../src/replica/ports.js';
import type { CellId } from '../../../src/storage/identity-store.js';
import { LOG_LIMITS } from '../../../src/wire/limits.js';

const epochOf = (round: number): Epoch => ({
  round,
  replicaId: 1 as ReplicaId,
  incarnation: '00000000000000aa' as Incarnation,
});
const MINE = epochOf(7);
const NOTHING = new Uint8Array(0);

/** Words, as they came. */
class Words {
  words: string[] = [];

  apply(command: Uint8Array): unknown {
    this.words.push(Buffer.from(command).toString());
    return this.words.length;
  }

  snapshot(): Uint8Array {
    return Buffer.from(this.words.join(' '));
  }

  restore(state: Uint8Array): void {
    this.words = Buffer.from(state).toString().split(' ');
  }
}

const situation = { inForce: true, short: false, master: 2 };
const log: ReplicatedLog = {
  reign: () => (situation.inForce ? MINE : undefined),
  master: () => situation.master as ReplicaId,
  shortOfSpace: () => situation.short,
  workArrived: () => undefined,
};

beforeEach(() => void Object.assign(situation, { inForce: true, short: false }));

function master(words = new Words()): LoggedApplication<Words> {
  const logged = new LoggedApplication(words, log);
  logged.reignBegan(MINE);
  return logged;
}

let slot = 0;
const value = (to: LoggedApplication<Words>, body: Uint8Array, kind: ValueKind = 'operations', epoch = MINE): void =>
  to.apply(++slot as Slot, { kind, epoch, orderInEpoch: slot }, body);

const taken = (from: LoggedApplication<Words>): Uint8Array => {
  const batch = from.nextBatch(1024 * 1024);
  expect(batch).toBeDefined();
  return batch!;
};

/** What a snapshot says, read by another one. */
function readBy(reader: LoggedApplication<Words>, { chunks, ...handle }: StateSnapshot, cut = 0): void {
  const bytes = Buffer.concat([...chunks(3)]);
  const loading = reader.loadState();
  loading.add(bytes.subarray(0, bytes.length - cut));
  loading.finish({ ...handle, cellId: 'c'.repeat(32) as CellId }).install();
}

test('what is proposed together goes into one value, and each proposer has its own result', async () => {
  const logged = master();
  const results = Promise.all(['a', 'b'].map((word) => logged.propose(Buffer.from(word))));
  value(logged, taken(logged));
  expect(await results).toEqual([1, 2]);
  expect(logged.nextBatch(1024)).toBeUndefined();
});

test('a value takes no more than it may, but one command at least', () => {
  const logged = master();
  for (const word of ['abc', 'def', 'ghi']) void logged.propose(Buffer.from(word));
  const first = logged.nextBatch(16 + 2 * 7)!;
  const other = new LoggedApplication(new Words(), log);
  value(other, first);
  expect(other.application.words).toEqual(['abc', 'def']);
  expect(logged.nextBatch(1)).toBeDefined();
});

test('a command is what it was when it was proposed', () => {
  const logged = master();
  const command = Buffer.from('before');
  void logged.propose(command);
  command.write('after!');
  value(logged, taken(logged));
  expect(logged.application.words).toEqual(['before']);
});

test('when a reign ends, what was handed to the log is of unknown outcome, and what was not is refused', async () => {
  const logged = master();
  const handedOver = logged.propose(Buffer.from('a'));
  const body = taken(logged);
  const waiting = logged.propose(Buffer.from('b'));
  logged.reignEnded('the lease ran out');
  await expect(handedOver).rejects.toMatchObject({ name: 'LogError', reason: 'outcomeUnknown' });
  await expect(waiting).rejects.toMatchObject({ reason: 'notMaster' });
  value(logged, body);
  expect(logged.application.words).toEqual(['a']);
});

test('the value of an earlier reign answers nobody of this one', async () => {
  const logged = master();
  const mine = logged.propose(Buffer.from('mine'));
  const body = taken(logged);
  const other = master();
  void other.propose(Buffer.from('old'));
  value(logged, taken(other), 'operations', epochOf(6));
  value(logged, body);
  expect(await mine).toBe(2);
});

test('who is not master refuses commands and reads, and says whom to ask', async () => {
  const logged = master();
  situation.inForce = false;
  await expect(logged.propose(Buffer.from('a'))).rejects.toThrow('this replica is not master: ask replica 2');
  expect(() => logged.checkInForce()).toThrow('not master');
});

test('too large, too many, and no room are refused, each with its reason', async () => {
  const logged = master();
  const large = new Uint8Array(LOG_LIMITS.commandBytes);
  await expect(logged.propose(new Uint8Array(large.length + 1))).rejects.toMatchObject({ reason: 'tooLarge' });
  for (let sizeBytes = 0; sizeBytes < LOG_LIMITS.pendingBytes; sizeBytes += large.length) void logged.propose(large);
  await expect(logged.propose(Buffer.from('a'))).rejects.toMatchObject({ reason: 'overloaded' });
  situation.short = true;
  await expect(logged.propose(NOTHING)).rejects.toMatchObject({ reason: 'outOfSpace' });
});

test('a snapshot is the state of its moment, and equal states have equal digests', () => {
  const logged = master();
  value(logged, NOTHING, 'epoch');
  value(logged, Buffer.from('members'), 'configuration');
  void logged.propose(Buffer.from('one'));
  value(logged, taken(logged));
  const snapshot = logged.snapshot();
  const other = new LoggedApplication(new Words(), log);
  void logged.propose(Buffer.from('two'));
  value(logged, taken(logged));
  readBy(other, snapshot);
  expect(other.application.words).toEqual(['one']);
  expect(other.digest()).toBe(snapshot.digest);
  expect(logged.digest()).not.toBe(snapshot.digest);
  expect(other.snapshot().slot).toBe(snapshot.slot);
});

test('a snapshot that is short or of another state changes nothing', () => {
  const logged = master();
  void logged.propose(Buffer.from('one'));
  value(logged, taken(logged));
  const snapshot = logged.snapshot();
  const other = new LoggedApplication(new Words(), log);
  expect(() => readBy(other, snapshot, 1)).toThrow(MalformedBytes);
  expect(() => readBy(other, { ...snapshot, digest: '0'.repeat(32) })).toThrow('not the state that it was taken of');
  expect(other.application.words).toEqual([]);
});

test('an application that keeps its bytes to itself does not change a snapshot', () => {
  const live = Buffer.from('live');
  const words = new Words();
  words.snapshot = () => live;
  const { chunks } = master(words).snapshot();
  live.write('dead');
  expect(Buffer.concat([...chunks(100)]).toString()).toContain('live');
});

test('an application that waits, or gives no bytes, is refused', () => {
  const words = new Words();
  const logged = master(words);
  words.apply = () => Promise.resolve(1);
  void logged.propose(Buffer.from('a'));
  expect(() => value(logged, taken(logged))).toThrow('it has to be synchronous');
  words.snapshot = () => 'text' as unknown as Uint8Array;
  expect(() => logged.snapshot()).toThrow('returns a Uint8Array');
});

test.each([
  ['of another application', [1, 1], 'written by another application'],
  ['of a newer version', [0x4c, 9, 0], 'commands of format 9, this version reads 1: start the version that wrote it'],
  ['that holds fewer than it says', [0x4c, 1, 5, 1], 'fewer commands'],
])('a value %s is not carried out', (_what, bytes, why) => {
  const logged = master();
  expect(() => value(logged, Uint8Array.from(bytes))).toThrow(why);
  expect(logged.application.words).toEqual([]);
});

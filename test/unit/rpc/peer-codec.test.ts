import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ballot, Identity, Incarnation, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import type { Value } from '../../../src/paxos/value.js';
import type { PeerFrame, PeerMessage } from '../../../src/replica/transport.js';
import { decodeFrame, encodeFrame } from '../../../src/rpc/peer-codec.js';
import { codecOf } from '../../../src/rpc/proto.js';
import { MalformedMessage } from '../../../src/wire/well-formed.js';
import type { CellId } from '../../../src/storage/identity-store.js';
import type { Frame, FrameFields } from '../../../src/wire/gen/chubby/peer/v1/Frame.js';

const wire = codecOf<FrameFields, Frame>('chubby.peer.v1.Frame');

const hex = (sizeBytes: number) =>
  fc.uint8Array({ minLength: sizeBytes, maxLength: sizeBytes }).map((bytes) => Buffer.from(bytes).toString('hex'));
const counter = fc.maxSafeNat();
const slot = counter as fc.Arbitrary<Slot>;
const replicaId = fc.nat(99) as fc.Arbitrary<number> as fc.Arbitrary<ReplicaId>;
const incarnation = hex(8) as fc.Arbitrary<string> as fc.Arbitrary<Incarnation>;
const cellId = hex(16) as fc.Arbitrary<string> as fc.Arbitrary<CellId>;
const identity: fc.Arbitrary<Identity> = fc.record({ replicaId, incarnation });
const ballot: fc.Arbitrary<Ballot> = fc.record({ round: counter, replicaId, incarnation });
const value = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes) as Uint8Array as Value);
const records = fc.array(fc.record({ slot, ballot, value }), { maxLength: 4 });
const claim = {
  ballot,
  chosenUpTo: slot,
  leaseMs: fc.nat(60_000),
  transmission: counter,
  configurationNumber: counter,
  usesReserve: fc.boolean(),
};

/** One generator per message type: the compiler refuses a table that misses one. */
const MESSAGES: { readonly [Type in PeerMessage['type']]: fc.Arbitrary<Extract<PeerMessage, { type: Type }>> } = {
  birth: fc.record(
    {
      type: fc.constant('birth' as const),
      stage: fc.constantFrom('asking' as const, 'forming' as const, 'member' as const),
      offeredCellId: cellId,
      cellId,
      founders: fc.array(identity, { minLength: 1, maxLength: 5 }),
      answerWanted: fc.boolean(),
    },
    { requiredKeys: ['type', 'stage', 'offeredCellId', 'answerWanted'] },
  ),
  preVote: fc.record({ type: fc.constant('preVote' as const), ballot, configurationNumber: counter }),
  preVoteReply: fc.record({
    type: fc.constant('preVoteReply' as const),
    ballot,
    granted: fc.boolean(),
    promised: ballot,
  }),
  prepare: fc.record({
    type: fc.constant('prepare' as const),
    ballot,
    firstUnchosenSlot: slot,
    configurationNumber: counter,
  }),
  promise: fc.record({
    type: fc.constant('promise' as const),
    ballot,
    accepted: records,
    chosenUpTo: slot,
    configurationNumber: counter,
    answer: counter,
    part: fc.nat(100),
    parts: fc.nat(100),
  }),
  accept: fc.record({ type: fc.constant('accept' as const), ...claim, slot, value }),
  accepted: fc.record({
    type: fc.constant('accepted' as const),
    ballot,
    slots: fc.array(slot, { maxLength: 20 }),
    configurationNumber: counter,
    transmission: counter,
    chosenUpTo: slot,
  }),
  heartbeat: fc.record({ type: fc.constant('heartbeat' as const), ...claim }),
  heartbeatReply: fc.record({
    type: fc.constant('heartbeatReply' as const),
    ballot,
    transmission: counter,
    chosenUpTo: slot,
    short: fc.boolean(),
  }),
  nack: fc.record({ type: fc.constant('nack' as const), ballot, promised: ballot }),
  catchUpRequest: fc.record({ type: fc.constant('catchUpRequest' as const), fromSlot: slot }),
  catchUpReply: fc.record({
    type: fc.constant('catchUpReply' as const),
    fromSlot: slot,
    chosen: records,
    chosenUpTo: slot,
    firstSlot: slot,
  }),
  release: fc.record({ type: fc.constant('release' as const), ballot, successor: replicaId }),
  joinRequest: fc.record({ type: fc.constant('joinRequest' as const) }),
  digestReport: fc.record({ type: fc.constant('digestReport' as const), slot, digest: cellId }),
  digestVerdict: fc.record(
    { type: fc.constant('digestVerdict' as const), slot, digest: cellId },
    { requiredKeys: ['type', 'slot'] },
  ),
  snapshotRequest: fc.record({ type: fc.constant('snapshotRequest' as const), slot, offset: counter }),
  snapshotPiece: fc.record({
    type: fc.constant('snapshotPiece' as const),
    slot,
    offset: counter,
    totalBytes: counter,
    bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes) as Uint8Array),
  }),
};

const frameOf = (messages: fc.Arbitrary<PeerMessage[]>): fc.Arbitrary<PeerFrame> =>
  fc.record(
    { cellId, from: identity, to: fc.record({ replicaId, incarnation }, { requiredKeys: ['replicaId'] }), messages },
    { requiredKeys: ['from', 'to', 'messages'] },
  );

describe('a frame between replicas', () => {
  it.each(Object.entries(MESSAGES))('carries %s unchanged', (_type, message) => {
    fc.assert(
      fc.property(frameOf(fc.array(message as fc.Arbitrary<PeerMessage>, { maxLength: 3 })), (frame) => {
        expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
      }),
    );
  });

  it('carries all kinds together, in their order', () => {
    const anyMessage: fc.Arbitrary<PeerMessage> = fc.oneof(...Object.values(MESSAGES));
    fc.assert(
      fc.property(frameOf(fc.array(anyMessage, { maxLength: 20 })), (frame) => {
        expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
      }),
    );
  });

  it('is refused when it is garbage, and never more than that', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          decodeFrame(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused when one byte of it was changed, or read as some other frame, but nothing worse', () => {
    const anyMessage: fc.Arbitrary<PeerMessage> = fc.oneof(...Object.values(MESSAGES));
    fc.assert(
      fc.property(frameOf(fc.array(anyMessage, { maxLength: 3 })), fc.nat(), fc.nat(255), (frame, at, byte) => {
        const bytes = encodeFrame(frame);
        bytes[at % bytes.length] = byte;
        try {
          decodeFrame(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  const from = { replicaId: 1, incarnation: Buffer.alloc(8, 1) };
  const to = { replicaId: 2 };
  const anyBallot = { round: 1, owner: from };

  it.each<[string, FrameFields]>([
    ['of a later format', { formatVersion: 2, from, to }],
    ['without sender', { formatVersion: 1, to }],
    ['without receiver', { formatVersion: 1, from }],
    ['with a short incarnation', { formatVersion: 1, from: { replicaId: 1, incarnation: Buffer.alloc(7) }, to }],
    ['with a short cell id', { formatVersion: 1, from, to, cellId: Buffer.alloc(15) }],
    ['with a ballot of nobody', { formatVersion: 1, from, to, messages: [{ preVote: { ballot: { round: 1 } } }] }],
    [
      'with a slot beyond 2^53',
      {
        formatVersion: 1,
        from,
        to,
        messages: [{ prepare: { ballot: anyBallot, firstUnchosenSlot: '9007199254740992' } }],
      },
    ],
    [
      'with an unknown stage of birth',
      { formatVersion: 1, from, to, messages: [{ birth: { stage: 'unborn', offeredCellId: Buffer.alloc(16) } }] },
    ],
  ])('is refused %s', (_what, fields) => {
    expect(() => decodeFrame(wire.encode(fields))).toThrow(MalformedMessage);
  });

  it('loses the messages of kinds that only a later version knows, and keeps the others', () => {
    const known = { prepare: { ballot: anyBallot, firstUnchosenSlot: 1 } };
    const ofField99 = Buffer.from([0x2a, 3, 0x9a, 0x06, 0]);
    const bytes = Buffer.concat([wire.encode({ formatVersion: 1, from, to, messages: [known] }), ofField99]);
    expect(decodeFrame(bytes).messages.map(({ type }) => type)).toEqual(['prepare']);
  });

  it('shares large values with the bytes it was read from, and copies small ones', () => {
    const accept = (sizeBytes: number) => ({
      accept: { ballot: anyBallot, slot: 1, value: Buffer.alloc(sizeBytes, 7) },
    });
    const bytes = wire.encode({ formatVersion: 1, from, to, messages: [accept(10_000), accept(100)] });
    const values = decodeFrame(bytes).messages.map((message) =>
      message.type === 'accept' ? message.value : undefined,
    );
    expect(values.map((found) => found?.buffer === bytes.buffer)).toEqual([true, false]);
  });
});

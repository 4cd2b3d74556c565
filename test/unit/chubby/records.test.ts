import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCellFacts, encodeCellFacts } from '../../../src/chubby/records/cell-facts.js';
import { decodeCounter, encodeCounter } from '../../../src/chubby/records/counter.js';
import { decodeFormerKey, encodeFormerKey } from '../../../src/chubby/records/former-key.js';
import {
  decodeEphemeralHolding,
  decodeLockHolding,
  encodeEphemeralHolding,
  encodeLockHolding,
} from '../../../src/chubby/records/holding.js';
import { decodeLock, encodeLock } from '../../../src/chubby/records/lock.js';
import { decodeNode, encodeNode } from '../../../src/chubby/records/node.js';
import type { NodeRecord } from '../../../src/chubby/records/node.js';
import { decodeResult, encodeResult } from '../../../src/chubby/records/request-result.js';
import type { RequestResult } from '../../../src/chubby/records/request-result.js';
import { decodeSecret, encodeSecret } from '../../../src/chubby/records/secret.js';
import { decodeSession, encodeSession } from '../../../src/chubby/records/session.js';
import { MalformedBytes } from '../../../src/common/bytes.js';
import { aclNames, bytes, counters, paths, sessionIds, stats, times } from './arbitraries.js';

const nodes: fc.Arbitrary<NodeRecord> = fc
  .record({
    ephemeral: fc.boolean(),
    creator: fc.option(fc.record({ sessionId: sessionIds, handleIds: fc.array(counters, { maxLength: 4 }) }), {
      nil: undefined,
    }),
    instanceNumber: counters,
    aclGeneration: counters,
    acl: aclNames,
    revision: counters,
  })
  .chain((node) =>
    fc.oneof(
      fc.record({ contentGeneration: counters, contentChecksum: bytes(8), lengthBytes: counters }).map((file) => ({
        ...node,
        ...file,
        kind: 'file' as const,
        childCount: 0,
        removalRevision: 0,
        nextSequence: 0,
      })),
      fc.record({ childCount: counters, removalRevision: counters, nextSequence: counters }).map((directory) => ({
        ...node,
        ...directory,
        kind: 'directory' as const,
        contentGeneration: 0,
        contentChecksum: Buffer.alloc(0),
        lengthBytes: 0,
      })),
    ),
  );

const locks = fc.record({
  generation: counters,
  mode: fc.constantFrom('exclusive' as const, 'shared' as const),
  holders: fc.array(
    fc.record({
      sessionId: sessionIds,
      handleId: counters,
      acquireNumber: counters,
      lockDelayMs: counters,
      acquiredWallMs: times,
      heldBack: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
});

const sessions = fc.record({
  secret: bytes(16),
  nonce: bytes(16),
  leaseMs: counters,
  cachesNothing: fc.boolean(),
  watermark: counters,
  principal: fc.string({ unit: 'grapheme' }),
  createdWallMs: times,
  ending: fc.constantFrom(undefined, 'closed', 'expired'),
});

const results: fc.Arbitrary<RequestResult> = fc.oneof(
  fc.record({
    call: fc.constant('open'),
    handle: bytes(90),
    created: fc.boolean(),
    stat: stats,
    name: fc.string({ unit: 'grapheme' }),
  }),
  fc.record({ call: fc.constantFrom('close', 'delete') }),
  fc.record({ call: fc.constantFrom('setContents', 'setAcl'), stat: stats }),
  fc.record({ call: fc.constant('release'), released: fc.boolean() }),
  fc.record({ call: fc.constant('setSequencer'), handle: bytes(40) }),
  fc.record(
    {
      call: fc.constant('refused'),
      reason: fc.string(),
      sentence: fc.string({ unit: 'grapheme' }),
      operation: fc.nat(),
    },
    { requiredKeys: ['call', 'reason', 'sentence'] },
  ),
  fc.record({
    call: fc.constant('multiOp'),
    held: fc.boolean(),
    guards: fc.array(fc.boolean(), { maxLength: 4 }),
    results: fc.array(
      fc.record({
        stat: fc.option(stats, { nil: undefined }),
        contents: fc.option(bytes(9), { nil: undefined }),
      }),
      { maxLength: 4 },
    ),
    revision: counters,
  }),
  fc.record({
    call: fc.constant('acquire'),
    granted: fc.boolean(),
    lockGeneration: counters,
    holder: fc.option(sessionIds, { nil: undefined }),
    lockDelayLeftMs: counters,
  }),
  fc.record({
    call: fc.constant('acquireAll'),
    granted: fc.boolean(),
    lockGenerations: fc.array(counters, { maxLength: 64 }),
    busyName: fc.string({ unit: 'grapheme' }),
    holder: fc.option(sessionIds, { nil: undefined }),
    lockDelayLeftMs: counters,
  }),
);

const facts = fc.record({
  name: fc.string({ unit: 'grapheme' }),
  cellId: bytes(16).map((id) => id.toString('hex')),
  bornWallMs: times,
  timings: fc.record({
    leaseMs: counters,
    renewMs: counters,
    maxClockDrift: fc.double({ min: 0, max: 0.5, noNaN: true }),
    leaseMarginMs: counters,
    electionJitterMs: counters,
    resendMs: counters,
    windowSlots: counters,
    sessionLeaseMs: counters,
    graceMs: counters,
  }),
});

/** @param decode refuses or reads bytes of any origin */
function isCodec<T>(
  records: fc.Arbitrary<T>,
  encode: (record: T) => Uint8Array,
  decode: (bytes: Uint8Array) => T,
): void {
  fc.assert(
    fc.property(records, (record) => {
      expect(decode(encode(record))).toEqual(record);
    }),
  );
  const refusesOrReads = (garbage: Uint8Array): void => {
    try {
      decode(garbage);
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedBytes);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => refusesOrReads(Uint8Array.of(1, ...garbage))));
  fc.assert(
    fc.property(records, fc.nat(), (record, at) => {
      const whole = encode(record);
      refusesOrReads(whole.subarray(0, at % whole.length));
    }),
  );
  fc.assert(
    fc.property(records, (record) => {
      const later = Buffer.from(encode(record));
      later[0] = 99;
      expect(() => decode(later)).toThrow('format 99 is not known here');
    }),
  );
}

describe('what is stored is what was meant, and damage is noticed or harmless:', () => {
  it('nodes', () => isCodec(nodes, encodeNode, decodeNode));
  it('locks', () => isCodec(locks, encodeLock, decodeLock));
  it('sessions', () => isCodec(sessions, encodeSession, decodeSession));
  it('results of requests', () => isCodec(results, encodeResult, decodeResult));
  it('facts of the cell', () => isCodec(facts, encodeCellFacts, decodeCellFacts));
  it('counters', () => isCodec(counters, encodeCounter, decodeCounter));
  it('secrets', () => isCodec<Uint8Array>(bytes(32), encodeSecret, decodeSecret));
  it('former keys', () =>
    isCodec(fc.record({ publicKey: bytes(32), validUntilMs: counters }), encodeFormerKey, decodeFormerKey));
  it('holdings of locks', () =>
    isCodec(fc.record({ path: paths, acquireNumber: counters }), encodeLockHolding, decodeLockHolding));
  it('holdings of ephemeral nodes', () =>
    isCodec(fc.record({ path: paths }), encodeEphemeralHolding, decodeEphemeralHolding));
});

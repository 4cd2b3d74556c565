import { assert } from '../../common/assert.js';
import { toHex } from '../../common/bytes.js';
import type { ByteReader, ByteWriter } from '../../common/bytes.js';
import type { Ballot, Identity, Incarnation, ReplicaId } from '../../paxos/ballot.js';

// The stored form is this room's own: storage takes only types from paxos, and a file outlives a message.

const INCARNATION_BYTES = 8;

export function putIdentity(out: ByteWriter, { replicaId, incarnation }: Identity): ByteWriter {
  const bytes = Buffer.from(incarnation, 'hex');
  assert(bytes.length === INCARNATION_BYTES, () => `an incarnation is 16 hex digits, not "${incarnation}"`);
  return out.uint(replicaId).raw(bytes);
}

export function takeIdentity(from: ByteReader): Identity {
  const replicaId = from.uint() as ReplicaId;
  return { replicaId, incarnation: toHex(from.raw(INCARNATION_BYTES)) as Incarnation };
}

export const putBallot = (out: ByteWriter, ballot: Ballot): ByteWriter => putIdentity(out.uint(ballot.round), ballot);

export function takeBallot(from: ByteReader): Ballot {
  const round = from.uint();
  const { replicaId, incarnation } = takeIdentity(from);
  return { round, replicaId, incarnation };
}

import type { AcceptedRecord } from '../../../src/paxos/accepted-record.js';
import type { Ballot, Incarnation, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import type { Value } from '../../../src/paxos/value.js';
import type { CellId, ReplicaIdentity } from '../../../src/storage/identity-store.js';

export const slot = (number: number): Slot => number as Slot;

export const REPLICA_2 = { replicaId: 2 as ReplicaId, incarnation: '0123456789abcdef' as Incarnation };

export const ballot = (round: number): Ballot => ({ round, ...REPLICA_2 });

/** A value of so many bytes, all alike. */
export const value = (fill: string, sizeBytes = 10): Value => Buffer.alloc(sizeBytes, fill) as Uint8Array as Value;

export const record = (slotNumber: number, round = 1, contents = value('v')): AcceptedRecord => ({
  slot: slot(slotNumber),
  ballot: ballot(round),
  value: contents,
});

/** Records of the slots from one to another, both included. */
export const records = (from: number, upTo: number, round = 1, contents = value('v')): AcceptedRecord[] =>
  Array.from({ length: upTo - from + 1 }, (_, index) => record(from + index, round, contents));

/** Records as plain data, whatever kind of byte array they hold. */
export const plain = (of: readonly AcceptedRecord[]) =>
  of.map((one) => ({ slot: one.slot, ballot: one.ballot, value: Buffer.from(one.value).toString('latin1') }));

export const slotsOf = (of: readonly AcceptedRecord[]): number[] => of.map((one) => one.slot);

export const FORMING: ReplicaIdentity = {
  state: 'forming',
  self: REPLICA_2,
  offeredCellId: '00112233445566778899aabbccddeeff' as CellId,
  longestLeaseMs: 0,
};

export const MEMBER: ReplicaIdentity = {
  ...FORMING,
  state: 'member',
  cellId: 'ffeeddccbbaa99887766554433221100' as CellId,
  founders: [{ replicaId: 1 as ReplicaId, incarnation: 'fedcba9876543210' as Incarnation }, REPLICA_2],
  longestLeaseMs: 600,
};

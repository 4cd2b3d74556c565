import type { Ballot, Identity, Incarnation, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import type { Configuration } from '../../../src/paxos/configuration.js';
import { encodeValue } from '../../../src/paxos/value.js';
import type { Value, ValueKind } from '../../../src/paxos/value.js';

/** The replica with this id, in the one life that most tests give it. */
export const identityOf = (id: number, life = id): Identity => ({
  replicaId: id as ReplicaId,
  incarnation: life.toString(16).padStart(16, '0') as Incarnation,
});

/** `ballot(2, 3)` is shown as 2.3. */
export const ballot = (round: number, id: number): Ballot => ({ round, ...identityOf(id) });

export const slot = (n: number): Slot => n as Slot;

export const configurationOf = (voters: number, number = 1): Configuration => ({
  number,
  voters: Array.from({ length: voters }, (_, index) => identityOf(index + 1)),
  learners: [],
});

/** A value whose body is a short text. */
export const valueOf = (epoch: Ballot, orderInEpoch: number, text: string, kind: ValueKind = 'operations'): Value =>
  encodeValue({ kind, epoch, orderInEpoch }, Buffer.from(text));

import fc from 'fast-check';
import type { Ballot, Incarnation, ReplicaId } from '../../../src/paxos/ballot.js';

/** Few enough that two of them are often alike in one part or all. */
export const anyBallot: fc.Arbitrary<Ballot> = fc.record({
  round: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.maxSafeNat()),
  replicaId: fc.integer({ min: 0, max: 5 }).map((id) => id as ReplicaId),
  incarnation: fc
    .constantFrom('0000000000000000', '0000000000000001', '7fffffffffffffff', 'a000000000000000', 'ffffffffffffffff')
    .map((hex) => hex as Incarnation),
});

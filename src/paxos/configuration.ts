import { ByteReader, ByteWriter, MalformedBytes } from '../common/bytes.js';
import { sameIdentity } from './ballot.js';
import type { Identity, Incarnation, ReplicaId } from './ballot.js';

/**
 * The members of the cell, under a number that grows with each change. The birth configuration is 0. No replica id is
 * in it twice, so that within one configuration an id names an identity. (DESIGN 3.8)
 */
export interface Configuration {
  readonly number: number;
  /** Ordered by replica id, so that every replica addresses its peers in the same order. */
  readonly voters: readonly Identity[];
  /** Members that follow and do not vote; ordered likewise. */
  readonly learners: readonly Identity[];
}

/** What the founders begin with. */
export const birthConfiguration = (founders: readonly Identity[]): Configuration => ({
  number: 0,
  voters: founders,
  learners: [],
});

/** What a replica begins with that joins a cell: it knows nobody yet, and follows whoever knows more. */
export const NO_CONFIGURATION: Configuration = birthConfiguration([]);

/** Without learners; what an earlier program reads, too. */
const FORMAT_OF_VOTERS = 1;
const FORMAT_OF_MEMBERS = 2;
/** More members than any configuration has: what claims more is no configuration. */
const MOST_MEMBERS = 64;

export const majority = (configuration: Configuration): number => Math.floor(configuration.voters.length / 2) + 1;

/** Whether the identity, incarnation included, votes in this configuration. */
export const isVoter = (configuration: Configuration, identity: Identity): boolean =>
  configuration.voters.some((voter) => sameIdentity(voter, identity));

/** Whether the identity follows and does not vote. */
export const isLearner = (configuration: Configuration, identity: Identity): boolean =>
  configuration.learners.some((learner) => sameIdentity(learner, identity));

/** Everybody who is to hear what is chosen. */
export const membersOf = ({ voters, learners }: Configuration): readonly Identity[] => [...voters, ...learners];

export const byReplicaId = (a: Identity, b: Identity): number => a.replicaId - b.replicaId;

export function encodeConfiguration({ number, voters, learners }: Configuration): Uint8Array {
  const out = new ByteWriter().u8(learners.length > 0 ? FORMAT_OF_MEMBERS : FORMAT_OF_VOTERS).uint(number);
  writeIdentities(out, voters);
  if (learners.length > 0) writeIdentities(out, learners);
  return out.take();
}

/** @throws MalformedBytes for anything that {@link encodeConfiguration} does not produce */
export function decodeConfiguration(bytes: Uint8Array): Configuration {
  const from = new ByteReader(bytes);
  const version = from.u8();
  if (version !== FORMAT_OF_VOTERS && version !== FORMAT_OF_MEMBERS) {
    throw new MalformedBytes(`configuration format ${version} is not known here`);
  }
  const number = from.uint();
  const voters = readIdentities(from);
  const learners = version === FORMAT_OF_MEMBERS ? readIdentities(from) : [];
  from.end();
  return { number, voters, learners };
}

function writeIdentities(out: ByteWriter, identities: readonly Identity[]): void {
  out.uint(identities.length);
  for (const { replicaId, incarnation } of identities) out.uint(replicaId).raw(Buffer.from(incarnation, 'hex'));
}

function readIdentities(from: ByteReader): Identity[] {
  const count = from.uint();
  if (count > MOST_MEMBERS) throw new MalformedBytes(`a configuration of ${count} members`);
  return Array.from({ length: count }, () => {
    const replicaId = from.uint() as ReplicaId;
    return { replicaId, incarnation: Buffer.from(from.raw(8)).toString('hex') as Incarnation };
  });
}

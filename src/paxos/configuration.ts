import { ByteReader, ByteWriter, MalformedBytes } from '../common/bytes.js';
import { sameIdentity } from './ballot.js';
import type { Identity, Incarnation, ReplicaId } from './ballot.js';

/** Who votes, under a number that grows with each change. The birth configuration is 0. (DESIGN 3.8) */
export interface Configuration {
  readonly number: number;
  /** Ordered by replica id, so that every replica addresses its peers in the same order. */
  readonly voters: readonly Identity[];
}

const FORMAT_VERSION = 1;

export const majority = (configuration: Configuration): number => Math.floor(configuration.voters.length / 2) + 1;

/** Whether the identity, incarnation included, votes in this configuration. */
export const isVoter = (configuration: Configuration, identity: Identity): boolean =>
  configuration.voters.some((voter) => sameIdentity(voter, identity));

export function encodeConfiguration(configuration: Configuration): Uint8Array {
  const out = new ByteWriter().u8(FORMAT_VERSION).uint(configuration.number).uint(configuration.voters.length);
  for (const voter of configuration.voters) out.uint(voter.replicaId).raw(Buffer.from(voter.incarnation, 'hex'));
  return out.take();
}

/** @throws MalformedBytes for anything that {@link encodeConfiguration} does not produce */
export function decodeConfiguration(bytes: Uint8Array): Configuration {
  const from = new ByteReader(bytes);
  const version = from.u8();
  if (version !== FORMAT_VERSION) throw new MalformedBytes(`configuration format ${version} is not known here`);
  const number = from.uint();
  const voters: Identity[] = [];
  for (let count = from.uint(); count > 0; count--) {
    const replicaId = from.uint() as ReplicaId;
    voters.push({ replicaId, incarnation: Buffer.from(from.raw(8)).toString('hex') as Incarnation });
  }
  from.end();
  return { number, voters };
}

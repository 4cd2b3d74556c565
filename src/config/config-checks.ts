import { parseAddress } from '../rpc/address.js';
import { timingsProblem } from '../paxos/timings.js';
import type { LogTimings } from '../paxos/timings.js';
import type { KeyPath } from './config-problem.js';

/** What the schema cannot say, as the values stand after it has passed them. */
export interface CheckedValues {
  readonly replicaId: number;
  readonly replicas: readonly ReplicaAddresses[];
  readonly client?: { readonly listen?: string };
  readonly peer?: { readonly listen?: string };
  readonly admin?: { readonly listen?: string };
  readonly timings: LogTimings;
}

/** One entry of the list of replicas. */
export interface ReplicaAddresses {
  readonly id: number;
  /** As told to clients. */
  readonly clientAddress: string;
  /** As told to the other replicas. */
  readonly peerAddress: string;
  readonly adminAddress?: string;
}

/** A problem and the value that it is with. */
export interface Finding {
  readonly path: KeyPath;
  readonly message: string;
}

const SIZES = [1, 3, 5, 7];
const ADDRESS_KEYS = ['clientAddress', 'peerAddress', 'adminAddress'] as const;
const EVERY_ADDRESS_OF_THE_HOST = ['0.0.0.0', '::'];

/** Everything that is wrong with values of the right shape. */
export function findProblems(values: CheckedValues): Finding[] {
  return [...sizeOf(values), ...idsOf(values), ...addressesOf(values), ...listenersOf(values), ...timingsOf(values)];
}

function* sizeOf({ replicas }: CheckedValues): Iterable<Finding> {
  if (SIZES.includes(replicas.length)) return;
  const message = `${replicas.length} replicas: an even number survives no more failures than one less; list 1, 3, 5 or 7`;
  yield { path: ['replicas'], message };
}

function* idsOf({ replicaId, replicas }: CheckedValues): Iterable<Finding> {
  const ids = replicas.map(({ id }) => id);
  for (const [index, id] of ids.entries()) {
    if (ids.indexOf(id) < index) {
      yield { path: ['replicas', index, 'id'], message: `two replicas have the id ${id}: give each its own` };
    }
  }
  if (!ids.includes(replicaId)) {
    const message = `replica ${replicaId} is not under replicas, which has ${ids.join(', ')}: take one of those, or add it`;
    yield { path: ['replicaId'], message };
  }
}

function* addressesOf({ replicas }: CheckedValues): Iterable<Finding> {
  const owners = new Map<string, string>();
  for (const [index, replica] of replicas.entries()) {
    for (const key of ADDRESS_KEYS) {
      const address = replica[key];
      if (address === undefined) continue;
      const path = ['replicas', index, key];
      const problem = addressProblem(address) ?? unreachable(address);
      if (problem !== undefined) yield { path, message: problem };
      const owner = owners.get(address.toLowerCase());
      const self = `the ${key} of replica ${replica.id}`;
      if (owner !== undefined) yield { path, message: `${address} is also ${owner}: each needs a port of its own` };
      else owners.set(address.toLowerCase(), self);
    }
  }
}

function* listenersOf(values: CheckedValues): Iterable<Finding> {
  const owners = new Map<string, string>();
  for (const key of ['client', 'peer', 'admin'] as const) {
    const address = values[key]?.listen;
    if (address === undefined) continue;
    const path = [key, 'listen'];
    const problem = addressProblem(address);
    if (problem !== undefined) yield { path, message: problem };
    const owner = owners.get(address.toLowerCase());
    if (owner !== undefined)
      yield { path, message: `${address} is also ${owner}.listen: each needs a port of its own` };
    else owners.set(address.toLowerCase(), key);
  }
}

function* timingsOf({ timings }: CheckedValues): Iterable<Finding> {
  const message = timingsProblem(timings);
  if (message !== undefined) yield { path: ['timings'], message };
}

function addressProblem(address: string): string | undefined {
  const expected = 'expected host:port or [v6]:port with a port from 1 to 65535';
  try {
    const { host, port } = parseAddress(address);
    if (port > 0 && /^[A-Za-z0-9._:-]+$/.test(host)) return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return `${JSON.stringify(address)} is no address: ${expected}`;
}

function unreachable(address: string): string | undefined {
  if (!EVERY_ADDRESS_OF_THE_HOST.includes(parseAddress(address).host)) return undefined;
  return `${address} names no host that others could reach: give the name or address here, and listen there by "listen"`;
}

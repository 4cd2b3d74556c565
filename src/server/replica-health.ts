import { readFileSync, statSync } from 'node:fs';
import type { CellTimings } from '../chubby/records/cell-facts.js';
import type { ReplicaConfig } from '../config/config.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { Replica } from '../replica/replica.js';
import type { PeerContact } from '../rpc/peer-transport.js';
import type { PeerHealth, ReplicaHealth } from '../wire/types.js';

/** Where the health of a replica is read from. */
export interface HealthSources {
  readonly config: ReplicaConfig;
  readonly replica: Pick<Replica, 'status' | 'room'>;
  readonly place: Place;
  /** Damaged directories beside the own one. */
  readonly setAside: readonly string[];
  readonly contactWith: (peer: ReplicaId) => PeerContact;
  /** What the cell runs by; absent while nothing is applied. */
  readonly timings: () => CellTimings | undefined;
  readonly appendMs: () => number | undefined;
}

/** Machine and disk, each known by a text that no other one has. */
export interface Place {
  readonly machine: string;
  readonly disk: string;
}

/**
 * Where a data directory is. What cannot be found out is the empty text.
 *
 * @throws Error of Node when there is no such directory
 */
export function placeOf(directory: string): Place {
  return { machine: bootId(), disk: String(statSync(directory).dev) };
}

/** Linux's name for one run of one kernel: containers on one machine share it. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** What a replica tells `chubby doctor`; the judgement is the doctor's. */
export function healthOf({ config, replica, place, setAside, ...sources }: HealthSources): ReplicaHealth {
  const { node, firstSlot, checks } = replica.status();
  const { space, freeBytes } = replica.room;
  const appendMs = sources.appendMs();
  return {
    peers: config.replicas.map((peer) => peerHealth(config, peer, sources.contactWith)),
    voters: node?.configuration.voters.map(({ replicaId }) => replicaId) ?? [],
    ...place,
    configuredTimings: asWritten(config.timings),
    timings: asWritten(sources.timings() ?? {}),
    space,
    freeBytes,
    ...(appendMs !== undefined && { appendUs: Math.round(appendMs * 1000) }),
    verifiedSlot: checks?.verifiedSlot ?? 0,
    disputed: checks?.disputed ?? false,
    logValues: node === undefined ? 0 : Math.max(0, node.chosenUpTo - firstSlot + 1),
    logValuesUsual: config.snapshots.afterSlots * (config.snapshots.kept + 1),
    setAside: [...setAside],
  };
}

const asWritten = (timings: Readonly<Partial<CellTimings>>): Record<string, string> =>
  Object.fromEntries(Object.entries(timings).map(([name, value]) => [name, String(value)]));

function peerHealth(
  { replicaId }: ReplicaConfig,
  { id, peerAddress, clientAddress }: ReplicaConfig['replicas'][number],
  contactWith: HealthSources['contactWith'],
): PeerHealth {
  const known = { replicaId: id, peerAddress, clientAddress };
  if (id === replicaId) return { ...known, connected: true };
  const { connected, heardAgoMs, clockDrift } = contactWith(id);
  return {
    ...known,
    connected,
    ...(heardAgoMs !== undefined && { heardAgoMs: Math.round(heardAgoMs) }),
    ...(clockDrift !== undefined && { clockDriftPpm: Math.round(clockDrift * 1e6) }),
  };
}

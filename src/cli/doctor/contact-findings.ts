import type { CellReport, ReplicaReport } from '../../client/index.js';
import { finding, hindrance, named } from './diagnosis.js';
import type { Finding, Patient } from './diagnosis.js';

/** A master hears every peer several times in each lease; this is many leases. */
const SILENT_MS = 5_000;

/** Who takes no part, and who cannot talk to whom. */
export function* contactFindings({ replicas, master }: CellReport, patients: readonly Patient[]): Iterable<Finding> {
  const reigning = patients.find(({ id }) => id === master?.id);
  const away = new Set<number>();
  for (const replica of replicas) {
    const found = contactFinding(replica, reigning);
    if (found === undefined) continue;
    yield found;
    if (replica.id !== null) away.add(replica.id);
  }
  for (const { id } of patients) {
    if (away.has(id)) continue;
    const without = patients.filter((other) => other.id !== id && !away.has(other.id) && lacks(other, id));
    if (without.length === 0) continue;
    yield finding({
      kind: 'disconnected',
      replicas: [id],
      text: `${named(without.map((other) => other.id))} cannot send to replica ${id}`,
      remedy: 'compare peerAddress in their configurations, and free the way between the machines (firewall, DNS)',
    });
  }
}

function contactFinding(replica: ReplicaReport, reigning: Patient | undefined): Finding | undefined {
  const { id, address, role, voter, failure, follows } = replica;
  if (id === null) {
    const text = `nobody answers at ${address}, and no replica has this address${failure === null ? '' : `: ${failure}`}`;
    return finding({ kind: 'unreachable', replicas: [], text, remedy: 'correct --cell or CHUBBY_CELL' });
  }
  const silence = id === reigning?.id ? undefined : silenceAt(reigning, id);
  const about = { replicas: [id] };
  if (role === 'unreachable') {
    const text = `replica ${id} does not answer at ${address}${failure === null ? '' : `: ${failure}`}`;
    if (reigning === undefined || silence !== undefined) {
      return hindrance({ kind: 'unreachable', ...about, text, remedy: 'start it, or free the way to its machine' });
    }
    const remedy = 'free the way to its clientAddress: its clients have to come through, too';
    return finding({ kind: 'unreachable', ...about, text: `${text}; the master hears of it`, remedy });
  }
  if (role === 'forming') {
    return hindrance({
      kind: 'forming',
      ...about,
      text: `replica ${id} waits for its peers, to be born or to be let in`,
      remedy: 'start all replicas, and compare peerAddress in their configurations',
    });
  }
  if (reigning === undefined) return undefined; // said once, of the cell
  if (follows === null) {
    return hindrance({
      kind: 'apart',
      ...about,
      text: `replica ${id} takes no part: it hears of no master`,
      remedy: `compare its peerAddress in the configurations of all, and free the way to it (firewall, DNS)`,
    });
  }
  if (silence !== undefined) {
    return hindrance({
      kind: 'apart',
      ...about,
      text: `replica ${id} takes no part: the master ${silence}`,
      remedy: `compare the peerAddress of replica ${reigning.id} in its configuration with that of the others, and free the way`,
    });
  }
  if (voter === false) {
    return hindrance({
      kind: 'learner',
      ...about,
      text: `replica ${id} does not vote: it lost its disk, or is being added, and catches up`,
      remedy: 'wait: it votes by itself once it has the state; its log tells what hinders it',
    });
  }
  return undefined;
}

/** How the master does not hear of the replica, in words; absent where it does. */
function silenceAt(reigning: Patient | undefined, id: number): string | undefined {
  const peer = reigning?.health.peers.find((each) => each.id === id);
  if (peer === undefined) return undefined;
  if (peer.heardAgoMs === null) return 'has never heard of it since it started';
  if (peer.heardAgoMs < SILENT_MS) return undefined;
  return `has not heard of it for ${Math.round(peer.heardAgoMs / 1000)} s`;
}

/** Whether it looks for the other one in vain. */
const lacks = ({ health }: Patient, id: number): boolean =>
  health.peers.find((peer) => peer.id === id)?.connected === false;

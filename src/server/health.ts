import type { ReplicaStatus } from '../replica/replica.js';
import type { ReplicaState } from './replica-state.js';

/** Whether something is as it should be, and the sentence that says so. */
export interface Verdict {
  readonly ok: boolean;
  readonly reason: string;
}

/** A disk that is silent for so long is no longer slow. */
const DISK_SILENT_MS = 5_000;

/** When the disk was asked and when it answered, by the monotonic clock. */
export interface DiskSigns {
  readonly answeredAtMs: number;
  readonly appendingSinceMs: number | undefined;
}

/** Whether the process works. That its event loop turns is shown by there being an answer at all. */
export function liveness(disk: DiskSigns, nowMs: number): Verdict {
  const silentMs = Math.max(nowMs - disk.answeredAtMs, nowMs - (disk.appendingSinceMs ?? nowMs));
  if (silentMs <= DISK_SILENT_MS) return { ok: true, reason: 'the event loop turns and the disk answers' };
  return { ok: false, reason: `the disk has not answered for ${Math.round(silentMs / 1000)} s` };
}

/**
 * Whether clients are well served here, if only by being sent on to the master.
 *
 * @param windowSlots how many slots may be in flight: whoever lacks no more than those is not behind
 */
export function readiness(state: ReplicaState, node: ReplicaStatus['node'], windowSlots: number): Verdict {
  switch (state.name) {
    case 'forming':
      return { ok: false, reason: `the cell is not born: waiting for ${peers(state.waitingFor ?? [])}` };
    case 'starting':
      return { ok: false, reason: 'reading its log' };
    case 'seeking':
      return { ok: false, reason: 'no master is known' };
    case 'master':
      return { ok: true, reason: 'master' };
    case 'follower': {
      const missing = node === undefined ? 0 : node.highestKnown - node.chosenUpTo;
      return missing <= windowSlots
        ? { ok: true, reason: `follows replica ${state.master}` }
        : { ok: false, reason: `catching up: ${missing} slots behind replica ${state.master}` };
    }
  }
}

const peers = (ids: readonly number[]): string =>
  ids.length === 0 ? 'the word of its peers' : `replica ${ids.join(', ')}`;

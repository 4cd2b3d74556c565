import type { ChannelPool } from './channel-pool.js';
import type { CellStatus } from './cell-status.js';

/** Something that befell a replica, as it tells it. */
export interface HistoryEntry {
  /** Who tells it. */
  readonly replica: number;
  /** By the wall clock of that replica, in milliseconds since 1970. */
  readonly atMs: number;
  /** `started`, `ended`, `reign-began`, `reign-ended`, `follows`, `seeks`, `snapshot`, `space`, `membership`, `state`. */
  readonly kind: string;
  /** "round.replica", of a reign; null elsewhere. */
  readonly epoch: string | null;
  /** Whom it follows; null elsewhere. */
  readonly master: number | null;
  /** The cause, or what else there is to say. */
  readonly detail: string;
}

/** What all replicas that answer remember since then, the oldest first. */
export async function historyOf(
  { replicas }: CellStatus,
  channels: ChannelPool,
  sinceMs: number,
  limitMs: number,
): Promise<HistoryEntry[]> {
  const asked = replicas.map(async ({ id, address, role }): Promise<HistoryEntry[]> => {
    if (id === null || role === 'unreachable') return [];
    const outcome = await channels.to(address).call('listHistory', { sinceMs }, limitMs);
    if ('failure' in outcome) return [];
    return outcome.response.entries.map(({ wallMs, kind, epoch, master, detail }) => ({
      replica: id,
      atMs: wallMs,
      kind,
      epoch: epoch === '' ? null : epoch,
      master: master === 0 ? null : master,
      detail,
    }));
  });
  return (await Promise.all(asked)).flat().sort((a, b) => a.atMs - b.atMs);
}

import type { HistoryEntry } from '../../client/index.js';

/** A change of master, as the new and the former one tell it. */
export interface ChangeOfMaster {
  readonly atMs: number;
  readonly master: number;
  /** "round.replica" */
  readonly epoch: string;
  /** Why it stood. */
  readonly cause: string;
  /** Whose reign was before, and why that ended as far as he says; null where nobody remembers. */
  readonly before: { readonly master: number; readonly cause: string | null } | null;
}

const ENDS = ['reign-ended', 'ended'];

/**
 * One entry for each reign that began, in the order of the epochs: clocks of machines differ, ballots do not.
 *
 * @param history of all replicas, in the order of their wall clocks
 */
export function changesOfMaster(history: readonly HistoryEntry[]): ChangeOfMaster[] {
  const began = history
    .flatMap((entry) =>
      entry.kind === 'reign-began' && entry.epoch !== null ? [{ ...entry, epoch: entry.epoch }] : [],
    )
    .sort((a, b) => roundOf(a.epoch) - roundOf(b.epoch));
  return began.map((entry, index) => {
    const former = began[index - 1];
    return {
      atMs: entry.atMs,
      master: entry.replica,
      epoch: entry.epoch,
      cause: entry.detail,
      before: former === undefined ? null : { master: former.replica, cause: endOf(former, history) },
    };
  });
}

/** What the former master says of the end of its reign: the first end that it tells of behind the beginning. */
function endOf(reign: HistoryEntry, history: readonly HistoryEntry[]): string | null {
  const own = history.filter(({ replica }) => replica === reign.replica);
  const behind = own.slice(
    own.indexOf(own.find(({ epoch, kind }) => kind === 'reign-began' && epoch === reign.epoch)!) + 1,
  );
  for (const { kind, detail } of behind) {
    if (ENDS.includes(kind)) return detail;
    // It began again without a word: what ended it left it no time for one.
    if (kind === 'started') return 'it died';
    if (kind === 'reign-began') break;
  }
  return null;
}

const roundOf = (epoch: string): number => Number(epoch.split('.')[0]);

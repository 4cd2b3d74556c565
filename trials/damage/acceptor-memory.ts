import { checksum } from '../../src/common/checksum.js';
import { compareBallots, showBallot } from '../../src/paxos/ballot.js';
import type { Ballot, Identity, Slot } from '../../src/paxos/ballot.js';
import type { ReplayLog, RecoveredLog } from '../../src/storage/replay-log.js';

/** All that an acceptor must not forget: what it promised, stood with and accepted. */
export interface AcceptorMemory {
  readonly self: Identity;
  readonly promised: Ballot;
  readonly lastRound: number;
  readonly chosenUpTo: Slot;
  readonly firstSlot: Slot;
  /** Ballot and sum of each record. */
  readonly accepted: ReadonlyMap<Slot, string>;
}

const READ_BYTES = 4 * 1024 * 1024;

/** What a recovered log holds. */
export async function memoryOf(self: Identity, log: ReplayLog, recovered: RecoveredLog): Promise<AcceptorMemory> {
  const accepted = new Map<Slot, string>();
  let next: number = recovered.firstSlot;
  while (next <= recovered.lastSlot) {
    const records = await log.read(next as Slot, recovered.lastSlot, READ_BYTES);
    for (const { slot, ballot, value } of records) accepted.set(slot, `${showBallot(ballot)} ${checksum(value)}`);
    const last = records.at(-1);
    if (last === undefined) break;
    next = last.slot + 1;
  }
  return { self, ...recovered, accepted };
}

/** What is missing in `found` of what was `known`; nothing when a vote of this identity is as good as before. */
export function forgotten(known: AcceptorMemory, found: AcceptorMemory): string | undefined {
  if (compareBallots(found.promised, known.promised) < 0) {
    return `promised ${showBallot(known.promised)}, and now knows of ${showBallot(found.promised)}`;
  }
  if (found.lastRound < known.lastRound) return `stood with round ${known.lastRound}, now knows of ${found.lastRound}`;
  if (found.chosenUpTo < known.chosenUpTo) return `knew ${known.chosenUpTo} to be chosen, now ${found.chosenUpTo}`;
  for (const [slot, record] of known.accepted) {
    if (slot >= found.firstSlot && found.accepted.get(slot) !== record) {
      return `accepted ${record} in slot ${slot}, now knows of ${found.accepted.get(slot) ?? 'nothing'}`;
    }
  }
  return undefined;
}

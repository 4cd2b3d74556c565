import { assert } from '../common/assert.js';
import type { Incarnation, ReplicaId, Slot } from '../paxos/ballot.js';
import type { RecoveredLog, Turn } from './replay-log.js';

/** What a log knows before its first turn. Its ballot is paxos' NO_BALLOT, of which this room takes only the type. */
export const EMPTY_LOG: RecoveredLog = {
  promised: { round: 0, replicaId: 0 as ReplicaId, incarnation: '0000000000000000' as Incarnation },
  lastRound: 0,
  chosenUpTo: 0 as Slot,
  firstSlot: 1 as Slot,
  lastSlot: 0 as Slot,
};

/** What a log knows once a turn is durable. */
export function afterTurn(log: RecoveredLog, turn: Turn): RecoveredLog {
  const { promised = log.promised, lastRound = log.lastRound, chosenUpTo = log.chosenUpTo } = turn;
  const { firstSlot = log.firstSlot } = turn;
  assert(chosenUpTo >= log.chosenUpTo, 'what is chosen stays chosen');
  assert(firstSlot >= log.firstSlot && firstSlot <= chosenUpTo + 1, 'a log is truncated up to what is chosen');
  let lastSlot = Math.max(log.lastSlot, firstSlot - 1) as Slot;
  for (const { slot } of turn.accepted) {
    assert(slot >= log.firstSlot, () => `slot ${slot} is behind the first kept one, ${log.firstSlot}`);
    if (slot > lastSlot) lastSlot = slot;
  }
  assert(chosenUpTo <= lastSlot, 'a chosen slot has its record');
  return { promised, lastRound, chosenUpTo, firstSlot, lastSlot };
}

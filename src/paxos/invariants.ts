import { assert } from '../common/assert.js';
import { sameBytes } from '../common/bytes.js';
import type { AcceptedRecord } from './accepted-record.js';
import { compareBallots, sameBallot, showBallot } from './ballot.js';
import type { Ballot, Slot } from './ballot.js';
import type { Configuration } from './configuration.js';
import { isOneStep } from './membership-change.js';

// What the consensus core claims of itself, in one place; asserted in production at the moment of each change.

/** S3 (promise memory): the promised ballot never falls. */
export function promiseNeverFalls(before: Ballot, after: Ballot): void {
  assert(
    compareBallots(after, before) >= 0,
    () => `the promised ballot never falls: ${showBallot(before)} -> ${showBallot(after)}`,
  );
}

/** Nothing is accepted below the promise. */
export function acceptedNotBelowPromise(record: AcceptedRecord, promised: Ballot): void {
  assert(
    compareBallots(record.ballot, promised) >= 0,
    () => `slot ${record.slot} is not accepted at ${showBallot(record.ballot)} below promise ${showBallot(promised)}`,
  );
}

/** A ballot has one coordinator and proposes one value in a slot. */
export function oneValuePerBallotAndSlot(before: AcceptedRecord | undefined, after: AcceptedRecord): void {
  if (before === undefined || !sameBallot(before.ballot, after.ballot)) return;
  assert(
    sameBytes(before.value, after.value),
    () => `ballot ${showBallot(after.ballot)} proposes one value in slot ${after.slot}`,
  );
}

/** S1 (agreement): a slot is chosen once; a later proposal or record of it carries the same value. */
export function chosenOnce(slot: Slot, chosen: AcceptedRecord, other: AcceptedRecord): void {
  assert(sameBytes(chosen.value, other.value), () => `slot ${slot} is chosen once`);
}

/** A ballot is used once: each new round is above every round seen or used. (T7) */
export function roundIsFresh(round: number, lastRound: number, promised: Ballot): void {
  assert(
    round > lastRound && round > promised.round,
    () => `round ${round} is above the last used ${lastRound} and the promised ${promised.round}`,
  );
}

/** S13: values are delivered in slot order, each once. */
export function deliveredInOrder(last: Slot, next: Slot): void {
  assert(next === last + 1, () => `slot ${next} is delivered right after ${last}`);
}

/** Majorities of two configurations in succession meet: without that a change could choose twice. (DESIGN 3.8) */
export function oneReplicaAtATime(before: Configuration, after: Configuration): void {
  assert(isOneStep(before, after), () => `configuration ${after.number} is one step from ${before.number}`);
}

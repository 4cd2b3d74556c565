import { below } from '../common/rng.js';
import type { AcceptedRecord } from './accepted-record.js';
import type { Ballot, Slot } from './ballot.js';
import type { Promise as PromiseMessage } from './messages.js';
import type { NodeParts } from './node-parts.js';

/** How many bytes of values one part of a promise carries, give or take one value. */
const PART_BYTES = 512 * 1024;

/** A promise of this replica: everything it accepted from `firstUnchosenSlot` on. (DESIGN 3.1) */
export function promiseParts(parts: NodeParts, ballot: Ballot, firstUnchosenSlot: Slot): PromiseMessage[] {
  const { acceptor, learner, configuration, rng } = parts;
  const chosenUpTo = Math.max(learner.chosenUpTo, firstUnchosenSlot - 1) as Slot;
  return splitPromise({
    ballot,
    accepted: acceptor.above(chosenUpTo),
    chosenUpTo: learner.chosenUpTo,
    configurationNumber: configuration().number,
    answer: below(rng, 2 ** 48),
  });
}

/** A promise as one message or several, so that no message outgrows the transport's bound. */
export function splitPromise(whole: Omit<PromiseMessage, 'type' | 'part' | 'parts'>): PromiseMessage[] {
  const chunks: AcceptedRecord[][] = [[]];
  let sizeBytes = 0;
  for (const record of whole.accepted) {
    if (sizeBytes >= PART_BYTES) {
      chunks.push([]);
      sizeBytes = 0;
    }
    chunks.at(-1)!.push(record);
    sizeBytes += record.value.length;
  }
  return chunks.map((accepted, part) => ({ type: 'promise', ...whole, accepted, part, parts: chunks.length }));
}

import type { Ballot, Slot } from './ballot.js';
import type { Value } from './value.js';

/** What an acceptor accepted in a slot: under which ballot, and the value's bytes. */
export interface AcceptedRecord {
  readonly slot: Slot;
  readonly ballot: Ballot;
  readonly value: Value;
}

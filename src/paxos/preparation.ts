import type { AcceptedRecord } from './accepted-record.js';
import { compareBallots } from './ballot.js';
import type { Ballot, ReplicaId, Slot } from './ballot.js';
import { majority } from './configuration.js';
import type { Configuration } from './configuration.js';
import type { Promise as PromiseMessage } from './messages.js';

/** What a quorum of promises tells about the open slots. */
export interface PreparedState {
  /** Per open slot the record of the highest ballot that anybody reported. */
  readonly reported: ReadonlyMap<Slot, AcceptedRecord>;
  /** The highest watermark reported, and by whom: nothing may be proposed up to there. */
  readonly chosenUpTo: Slot;
  readonly source: ReplicaId;
}

interface Parts {
  readonly answer: number;
  readonly received: Map<number, PromiseMessage>;
}

/** Phase 1 of one ballot: collects promises, each possibly in parts, until a majority of the configuration gave one. */
export class Preparation {
  readonly #parts = new Map<ReplicaId, Parts>();
  readonly #reported = new Map<Slot, AcceptedRecord>();
  readonly #promised = new Set<ReplicaId>();
  readonly #heardAtMs = new Map<ReplicaId, number>();
  #chosenUpTo = 0 as Slot;
  #source: ReplicaId;

  constructor(
    readonly ballot: Ballot,
    private readonly configuration: Configuration,
  ) {
    this.#source = ballot.replicaId;
  }

  hasPromiseOf(replica: ReplicaId): boolean {
    return this.#promised.has(replica);
  }

  /** When the voter's last part came; -Infinity when there was none. */
  heardAtMs(from: ReplicaId): number {
    return this.#heardAtMs.get(from) ?? -Infinity;
  }

  /** Takes one part of a promise at this ballot; parts may repeat and arrive in any order. */
  receive(from: ReplicaId, promise: PromiseMessage, nowMs: number): void {
    if (this.#promised.has(from)) return;
    this.#heardAtMs.set(from, nowMs);
    let parts = this.#parts.get(from);
    if (parts?.answer !== promise.answer) parts = { answer: promise.answer, received: new Map() };
    this.#parts.set(from, parts);
    parts.received.set(promise.part, promise);
    if (parts.received.size < promise.parts) return;
    this.#parts.delete(from);
    this.#promised.add(from);
    for (const part of parts.received.values()) this.#merge(from, part);
  }

  /** What a majority's promises tell; nothing until there is a majority. */
  result(): PreparedState | undefined {
    if (this.#promised.size < majority(this.configuration)) return undefined;
    return { reported: this.#reported, chosenUpTo: this.#chosenUpTo, source: this.#source };
  }

  #merge(from: ReplicaId, promise: PromiseMessage): void {
    if (promise.chosenUpTo > this.#chosenUpTo) {
      this.#chosenUpTo = promise.chosenUpTo;
      this.#source = from;
    }
    for (const record of promise.accepted) {
      const best = this.#reported.get(record.slot);
      if (best === undefined || compareBallots(record.ballot, best.ballot) > 0) this.#reported.set(record.slot, record);
    }
  }
}

import { assert } from '../common/assert.js';
import { BatchWriter } from '../db/batch.js';
import type { Provenance } from '../db/batch.js';
import { FaultTolerantDb } from '../db/fault-tolerant-db.js';
import type { AppliedHeader } from '../db/fault-tolerant-db.js';
import type { MultiOp, Operation } from '../db/multi-op.js';
import { PendingView } from '../db/pending-view.js';
import type { Change } from './changes.js';
import { Draft } from './draft.js';
import { decodeCounter, encodeCounter } from './records/counter.js';
import { REVISION_KEY } from './records/keys.js';
import { StableView } from './stable-view.js';

export type { Provenance } from '../db/batch.js';
export type { ReadView } from '../db/read-view.js';

/** What one proposal did to nodes, its number, and the global revision after it. */
export interface Changed {
  readonly proposal: number;
  readonly revision: number;
  readonly changes: readonly Change[];
}

/** One draft that became a MultiOp of the log. */
interface Proposal extends Changed {
  readonly provenance: Provenance;
  readonly multiOp: MultiOp;
  /** At least what it takes in a batch. */
  readonly sizeBytes: number;
  /** Whether it changed nodes, and so the global revision. */
  readonly usesRevision: boolean;
}

/** Proposals that went into one value. */
interface HandedOver {
  readonly entries: readonly { readonly multiOp: MultiOp }[];
  readonly body: Uint8Array;
  readonly proposals: number;
  readonly sizeBytes: number;
  readonly changed: readonly Changed[];
}

/** What the master itself does, for nobody's session. */
const BY_THE_MASTER: Provenance = { sessionId: '', principal: '', call: 0 };

const NO_OPERATIONS: readonly [] = [];

/** More than an operation takes in a batch beside its key and value. */
const OPERATION_OVERHEAD_BYTES = 24;
/** More than a MultiOp takes beside its operations and its principal. */
const PROPOSAL_OVERHEAD_BYTES = 64;

/**
 * The state of the cell: what is applied, and, at the master, what is proposed on top of it. The master computes on the
 * proposed state and shows the applied one. (DESIGN 3.7)
 *
 * Proposals are counted through the reign. The global revision is one counter of the database, written once per value
 * with the last revision that the value's MultiOps use.
 */
export class Cell {
  readonly applied: FaultTolerantDb;
  /** With everything proposed. */
  readonly pending: PendingView;
  readonly #writer = new BatchWriter();
  #queue: Proposal[] = [];
  #handedOver: HandedOver[] = [];
  #revision = 0;
  #proposed = 0;
  #settled = 0;
  #pendingBytes = 0;

  constructor(applied = new FaultTolerantDb()) {
    this.applied = applied;
    this.pending = new PendingView(applied);
  }

  /** The number of the newest proposal; 0 before the first. */
  get proposed(): number {
    return this.#proposed;
  }

  /** Every proposal up to this number is applied. */
  get settled(): number {
    return this.#settled;
  }

  /** The global revision of the applied state. */
  get appliedRevision(): number {
    const stored = this.applied.get(REVISION_KEY);
    return stored === undefined ? 0 : decodeCounter(stored);
  }

  /** Of the proposals not yet applied. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** A reign begins or ends: whatever was proposed and is not applied is forgotten, and counting begins anew. */
  reset(): void {
    this.pending.clear();
    this.#queue = [];
    this.#handedOver = [];
    this.#proposed = 0;
    this.#settled = 0;
    this.#pendingBytes = 0;
    this.#revision = this.appliedRevision;
  }

  /** A later state takes the place of the applied one, at a replica that is not master. */
  become(state: FaultTolerantDb): void {
    assert(this.#proposed === 0, 'nothing is proposed on a state that is replaced');
    this.applied.become(state);
    this.reset();
  }

  /** The applied state, for an answer that may be cached. */
  stableView(): StableView {
    return new StableView(this.applied, this.pending);
  }

  /** The next request's changes. */
  draft(): Draft {
    return new Draft(this.pending, this.#revision + 1);
  }

  /** @returns the proposal's number */
  propose(draft: Draft, provenance: Provenance): number {
    const multiOp = { guard: NO_OPERATIONS, tOps: draft.operations(), fOps: NO_OPERATIONS };
    const sizeBytes = sizeOf(multiOp.tOps) + provenance.principal.length * 3;
    if (draft.usesRevision) this.#revision = draft.revision();
    this.pending.apply(multiOp);
    const { usesRevision, changes } = draft;
    const proposal = ++this.#proposed;
    this.#queue.push({ proposal, provenance, multiOp, sizeBytes, usesRevision, revision: this.#revision, changes });
    this.#pendingBytes += sizeBytes;
    return proposal;
  }

  /**
   * The body of the next value: the oldest proposals, as many as fit, but one at least.
   *
   * @param wallMs for people to see
   */
  nextBatch(maxBytes: number, wallMs: number): Uint8Array | undefined {
    if (this.#queue.length === 0) return undefined;
    let count = 0;
    let sizeBytes = 0;
    let revision: number | undefined;
    const changed: Changed[] = [];
    for (const proposal of this.#queue) {
      if (count > 0 && sizeBytes + proposal.sizeBytes + PROPOSAL_OVERHEAD_BYTES > maxBytes) break;
      this.#writer.add(proposal.provenance, proposal.multiOp);
      if (proposal.usesRevision) revision = proposal.revision;
      sizeBytes += proposal.sizeBytes;
      if (proposal.changes.length > 0) changed.push(proposal);
      count++;
    }
    const entries: { readonly multiOp: MultiOp }[] = this.#queue.slice(0, count);
    this.#queue = count === this.#queue.length ? [] : this.#queue.slice(count);
    if (revision !== undefined) entries.push(this.#writeRevision(revision));
    const body = this.#writer.take(wallMs);
    this.#handedOver.push({ entries, body, proposals: count, sizeBytes, changed });
    return body;
  }

  /**
   * Applies a value that this master handed over in this reign: they come back in their order.
   *
   * @returns what its proposals did to nodes
   */
  applyOwn(slot: number, header: AppliedHeader, body: Uint8Array): readonly Changed[] {
    const own = this.#handedOver.shift();
    assert(own !== undefined && own.body.length === body.length, 'values come back in the order they were handed over');
    this.applied.applyBatch(slot, header, own.entries);
    this.pending.settle(own.proposals);
    this.#settled += own.proposals;
    this.#pendingBytes -= own.sizeBytes;
    return own.changed;
  }

  #writeRevision(revision: number): { readonly multiOp: MultiOp } {
    const value = encodeCounter(revision);
    const multiOp: MultiOp = {
      guard: NO_OPERATIONS,
      tOps: [{ op: 'insert', key: REVISION_KEY, value }],
      fOps: NO_OPERATIONS,
    };
    this.#writer.add(BY_THE_MASTER, multiOp);
    return { multiOp };
  }
}

function sizeOf(operations: readonly Operation[]): number {
  let sizeBytes = PROPOSAL_OVERHEAD_BYTES;
  for (const operation of operations) {
    sizeBytes += operation.key.length + OPERATION_OVERHEAD_BYTES;
    if (operation.op === 'insert') sizeBytes += operation.value.length;
  }
  return sizeBytes;
}

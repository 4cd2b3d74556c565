import type { Cell } from '../chubby/cell.js';
import { RequestWindow } from '../chubby/exactly-once.js';
import type { StoredResult } from '../chubby/exactly-once.js';
import { HandleTable } from '../chubby/handle-table.js';
import type { Held } from '../chubby/handle-table.js';
import { decodeEphemeralHolding, decodeLockHolding } from '../chubby/records/holding.js';
import { showSessionId } from '../chubby/records/ids.js';
import type { SessionId } from '../chubby/records/ids.js';
import {
  ephemeralHoldingsOf,
  handleIdOfHoldingKey,
  lockHoldingsOf,
  numberOfResultKey,
  resultsOf,
} from '../chubby/records/keys.js';
import type { SessionRecord } from '../chubby/records/session.js';
import type { NodePath } from '../chubby/records/node-path.js';
import { refusal } from '../wire/errors.js';
import type { Limits } from '../wire/limits.js';
import type { EventBudget } from './event-budget.js';
import { countedFrom, EventOutbox } from './event-outbox.js';
import type { CallName, Respond } from './call.js';
import type { Epoch } from './options.js';

/** What a session's calls are told once its end is proposed. */
export const SESSION_ENDED = refusal('SESSION_EXPIRED', 'the session ended');

/** A request that changes something, and is not answered yet. */
export interface WriteUnderWay {
  readonly call: CallName;
  join(respond: Respond): void;
  follow(run: () => void): void;
}

/** A request that waits until its changes may be proposed: nothing of it was done. */
export interface DeferredUnderWay extends WriteUnderWay {
  readonly number: number;
  /** The nodes that it is about; absent where that may be any. */
  readonly paths: readonly NodePath[] | undefined;
  /** It is not to be executed. @returns those who wait for its answer, and for what comes behind it */
  drop(): Respond[];
}

/** A session in the memory of its master, for the length of the reign. */
export class SessionState {
  readonly id: SessionId;
  /** As people and provenance write the id. */
  readonly shownId: string;
  /** As it will be when everything proposed is applied. */
  record: SessionRecord;
  readonly outbox: EventOutbox;
  readonly writes = new Map<number, WriteUnderWay>();
  /** The newest of them: a read of the session goes behind it. */
  lastWrite: WriteUnderWay | undefined;
  /** Where its last KeepAlive under this master came from; empty before the first. */
  address = '';
  /** Those of them that wait until their changes may be proposed, in the order in which they came. */
  readonly deferred = new Set<DeferredUnderWay>();
  /** Of its last Invalidation: above those of every earlier reign. */
  invalidationNumber: number;
  /** Reads that wait behind a write. */
  waitingReads = 0;
  /** Whether this master knows all that it has open: what it has from earlier reigns, it has shown. */
  hasShownAll = true;
  /** Whether it made a call since its KeepAlive was looked at. */
  hasCalled = true;
  /** When that was seen last. */
  idleSinceMs: number | undefined;
  /** The lease that it was given last. */
  leaseMs: number;
  /** What its calls are told once it is ending. */
  endedBecause = SESSION_ENDED;
  /** Its end is proposed, or half done: it serves nobody. */
  ending: boolean;
  readonly #cell: Cell;
  readonly #epoch: Epoch;
  readonly #limits: Limits;
  #window: RequestWindow | undefined;
  #handles: HandleTable | undefined;

  constructor(id: SessionId, record: SessionRecord, cell: Cell, epoch: Epoch, limits: Limits, budget: EventBudget) {
    this.id = id;
    this.shownId = showSessionId(id);
    this.record = record;
    this.leaseMs = record.leaseMs;
    this.ending = record.ending !== undefined;
    this.outbox = new EventOutbox(countedFrom(epoch), limits, budget);
    this.invalidationNumber = countedFrom(epoch);
    this.#cell = cell;
    this.#epoch = epoch;
    this.#limits = limits;
  }

  // Both are read from the database when they are first needed: a fail-over must not wait for every session's.

  get window(): RequestWindow {
    return (this.#window ??= new RequestWindow(
      this.id,
      this.record.watermark,
      this.#storedResults(),
      this.#limits.requestWindow,
    ));
  }

  get handles(): HandleTable {
    return (this.#handles ??= new HandleTable(this.#epoch, this.#heldByHandles(), this.#limits.handlesPerSession));
  }

  /** How many handles are open, as far as this master knows. */
  get openHandles(): number {
    return this.#handles?.size ?? new Set(Array.from(this.#heldByHandles(), ({ handleId }) => handleId)).size;
  }

  *#storedResults(): Generator<StoredResult> {
    const { from, to } = resultsOf(this.id);
    for (const { key, value } of this.#cell.applied.range(from, to)) {
      yield { number: numberOfResultKey(key), sizeBytes: value.length };
    }
  }

  *#heldByHandles(): Generator<Held> {
    const locks = lockHoldingsOf(this.id);
    for (const { key, value } of this.#cell.applied.range(locks.from, locks.to)) {
      yield { handleId: handleIdOfHoldingKey(key), path: decodeLockHolding(value).path };
    }
    const ephemerals = ephemeralHoldingsOf(this.id);
    for (const { key, value } of this.#cell.applied.range(ephemerals.from, ephemerals.to)) {
      yield { handleId: handleIdOfHoldingKey(key), path: decodeEphemeralHolding(value).path };
    }
  }
}

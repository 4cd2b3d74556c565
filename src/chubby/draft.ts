import type { Key } from '../db/key.js';
import type { Operation } from '../db/multi-op.js';
import type { KeyValue, ReadView } from '../db/read-view.js';
import type { Change } from './changes.js';
import type { Handle } from './handle.js';
import type { KeyRange } from './records/keys.js';
import type { NodePath } from './records/node-path.js';

/** What a call needs of a state to look single entries up. */
export type Lookup = Pick<ReadView, 'get'>;

/** Where a session's end leaves a lock held back. */
export interface HeldBack {
  readonly path: NodePath;
  readonly delayMs: number;
}

/**
 * The changes of one request while it is computed: it reads through them, and they become one MultiOp. Beside them it
 * notes what the master's memory must learn of: waiters and held-back locks are no database entries.
 */
export class Draft implements Lookup {
  readonly #base: ReadView;
  readonly #changes = new Map<Key, Uint8Array | undefined>();
  readonly #nextRevision: number;
  #usesRevision = false;

  /** What it does to nodes, in order. */
  readonly changes: Change[] = [];
  /** Locks that somebody let go: a waiter may be next. */
  readonly releasedLocks: NodePath[] = [];
  /** Nodes that are gone: nobody waits for their locks any more. */
  readonly removedNodes: NodePath[] = [];
  readonly heldBackLocks: HeldBack[] = [];
  /** The handle that the request closed: nobody waits for a lock through it any more. */
  closedHandle: Handle | undefined;
  #effects: (() => void)[] | undefined;

  /** @param nextRevision the global revision of this request, should it change a node */
  constructor(base: ReadView, nextRevision: number) {
    this.#base = base;
    this.#nextRevision = nextRevision;
  }

  get(key: Key): Uint8Array | undefined {
    if (this.#changes.size === 0) return this.#base.get(key);
    const changed = this.#changes.get(key);
    return changed === undefined && !this.#changes.has(key) ? this.#base.get(key) : changed;
  }

  /** The range as it was before this request. */
  rangeBefore(range: KeyRange): IterableIterator<KeyValue> {
    return this.#base.range(range.from, range.to);
  }

  /** @param value owns its memory, and stays as it is from here on */
  put(key: Key, value: Uint8Array): void {
    this.#changes.set(key, value);
  }

  remove(key: Key): void {
    this.#changes.set(key, undefined);
  }

  /** The global revision of this request; to ask for it is to use it. */
  revision(): number {
    this.#usesRevision = true;
    return this.#nextRevision;
  }

  /**
   * Notes what the master's memory must learn when this is proposed. A draft may be thrown away, and its request be
   * computed again in a later state: so computing changes nothing but the draft.
   */
  whenProposed(effect: () => void): void {
    (this.#effects ??= []).push(effect);
  }

  /** Does what was noted: it is proposed, or answered without changing the database. */
  takeEffect(): void {
    if (this.#effects !== undefined) for (const effect of this.#effects) effect();
  }

  get usesRevision(): boolean {
    return this.#usesRevision;
  }

  /** Of the keys and values that it changes. */
  sizeBytes(): number {
    let sizeBytes = 0;
    for (const [key, value] of this.#changes) sizeBytes += key.length + (value?.length ?? 0);
    return sizeBytes;
  }

  get isEmpty(): boolean {
    return this.#changes.size === 0;
  }

  /** Each entry's last change, in the order of the first ones. */
  operations(): Operation[] {
    const operations: Operation[] = [];
    for (const [key, value] of this.#changes) {
      operations.push(value === undefined ? { op: 'delete', key } : { op: 'insert', key, value });
    }
    return operations;
  }
}

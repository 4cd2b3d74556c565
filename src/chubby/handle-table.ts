import { sameReign } from './handle.js';
import type { Handle, IssuingEpoch } from './handle.js';
import type { NodePath } from './records/node-path.js';

interface OpenHandle {
  readonly handle: Handle;
  readonly bytes: string;
}

/** What a handle holds, as the database says it: a lock or an ephemeral node. */
export interface Held {
  readonly handleId: number;
  readonly path: NodePath;
}

/**
 * The open handles of one session, in the master's memory. One of an earlier reign is taken in when it is first used
 * again; one of this reign that is not here was closed. (DESIGN 5, [CH] 2.9 step 8)
 *
 * What a handle holds is stored under its id alone. So an id is never that of two nodes at a time, whatever requests a
 * client sends under one number: here, or in what is held since earlier reigns.
 */
export class HandleTable {
  readonly #reign: IssuingEpoch;
  readonly #limit: number;
  readonly #byBytes = new Map<string, Handle>();
  readonly #byId = new Map<number, OpenHandle>();
  /** Handles of earlier reigns that hold a lock or an ephemeral node, and were not used in this one yet. */
  readonly #unused = new Map<number, NodePath>();
  /** Handles of earlier reigns that were closed in this one. */
  readonly #closed = new Set<number>();
  /** Of those in `#byId`. */
  readonly #poisoned = new Set<number>();

  /**
   * @param held by handles at the beginning of the reign: they count as open
   * @param limit open handles at the most, and as many closed ones remembered
   */
  constructor(reign: IssuingEpoch, held: Iterable<Held>, limit: number) {
    this.#reign = reign;
    for (const { handleId, path } of held) this.#unused.set(handleId, path);
    this.#limit = limit;
  }

  get size(): number {
    return this.#byId.size + this.#unused.size;
  }

  /** Whether a handle of this id would be one too many. */
  isFullFor(handleId: number): boolean {
    return this.size >= this.#limit && !this.#byId.has(handleId) && !this.#unused.has(handleId);
  }

  /** The open handle of these bytes (as a latin1 string); what was verified once is not verified again. */
  find(bytes: string): Handle | undefined {
    return this.#byBytes.get(bytes);
  }

  /** Whether a verified handle that is not open here was closed, as far as that is remembered. */
  wasClosed(handle: Handle): boolean {
    return sameReign(handle.epoch, this.#reign) || this.#closed.has(handle.handleId);
  }

  /** Whether the handle holds something since an earlier reign, and was not used in this one. */
  isUnused(handleId: number): boolean {
    return this.#unused.has(handleId);
  }

  /** A handle that {@link isUnused} holds nothing any more. */
  forget(handleId: number): void {
    this.#unused.delete(handleId);
  }

  /** Whether a verified handle of an earlier reign may be taken in again. */
  mayReturn(handle: Handle): boolean {
    return !this.isFullFor(handle.handleId) && this.#closed.size < this.#limit;
  }

  /** Whether the handle's id stands for another node, or for a newer one of the same name. */
  clashes(handle: Handle): boolean {
    const open = this.#byId.get(handle.handleId)?.handle;
    if (open !== undefined) return open.path !== handle.path || open.instanceNumber > handle.instanceNumber;
    const heldPath = this.#unused.get(handle.handleId);
    return heldPath !== undefined && heldPath !== handle.path;
  }

  /** @param handle that does not {@link clashes | clash} */
  add(handle: Handle, bytes: string): void {
    const replaced = this.#byId.get(handle.handleId);
    if (replaced !== undefined) this.#byBytes.delete(replaced.bytes);
    this.#byId.set(handle.handleId, { handle, bytes });
    this.#byBytes.set(bytes, handle);
    this.#unused.delete(handle.handleId);
  }

  /** @param handle that is open here: until it is closed nothing else may be done with it */
  poison(handle: Handle): void {
    this.#poisoned.add(handle.handleId);
  }

  isPoisoned(handle: Handle): boolean {
    return this.#poisoned.size > 0 && this.#poisoned.has(handle.handleId);
  }

  /** Closes a verified handle, open here or not. */
  close(handle: Handle): void {
    const { handleId } = handle;
    if (this.clashes(handle)) return;
    const open = this.#byId.get(handleId);
    if (open !== undefined) this.#byBytes.delete(open.bytes);
    this.#byId.delete(handleId);
    this.#poisoned.delete(handleId);
    this.#unused.delete(handleId);
    if (!sameReign(handle.epoch, this.#reign) && this.#closed.size < this.#limit) this.#closed.add(handleId);
  }
}

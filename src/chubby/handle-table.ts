import { sameReign } from './handle.js';
import type { Handle, IssuingEpoch } from './handle.js';

interface OpenHandle {
  readonly handle: Handle;
  readonly bytes: string;
}

/**
 * The open handles of one session, in the master's memory. One of an earlier reign is taken in when it is first used
 * again; one of this reign that is not here was closed. (DESIGN 5, [CH] 2.9 step 8)
 */
export class HandleTable {
  readonly #reign: IssuingEpoch;
  readonly #limit: number;
  readonly #byBytes = new Map<string, Handle>();
  readonly #byId = new Map<number, OpenHandle>();
  /** Handles of earlier reigns that hold a lock or an ephemeral node, and were not used in this one yet. */
  readonly #unused: Set<number>;
  /** Handles of earlier reigns that were closed in this one. */
  readonly #closed = new Set<number>();

  /**
   * @param holding the handles that hold something at the beginning of the reign: they count as open
   * @param limit open handles at the most, and as many closed ones remembered
   */
  constructor(reign: IssuingEpoch, holding: Iterable<number>, limit: number) {
    this.#reign = reign;
    this.#unused = new Set(holding);
    this.#limit = limit;
  }

  get size(): number {
    return this.#byId.size + this.#unused.size;
  }

  get isFull(): boolean {
    return this.size >= this.#limit;
  }

  /** The open handle of these bytes (as a latin1 string); what was verified once is not verified again. */
  find(bytes: string): Handle | undefined {
    return this.#byBytes.get(bytes);
  }

  /** Whether a verified handle that is not open here was closed, as far as that is remembered. */
  wasClosed(handle: Handle): boolean {
    return sameReign(handle.epoch, this.#reign) || this.#closed.has(handle.handleId);
  }

  /** Whether a verified handle of an earlier reign may be taken in again. */
  mayReturn(handle: Handle): boolean {
    return (this.#unused.has(handle.handleId) || !this.isFull) && this.#closed.size < this.#limit;
  }

  add(handle: Handle, bytes: string): void {
    const replaced = this.#byId.get(handle.handleId);
    if (replaced !== undefined) this.#byBytes.delete(replaced.bytes);
    this.#byId.set(handle.handleId, { handle, bytes });
    this.#byBytes.set(bytes, handle);
    this.#unused.delete(handle.handleId);
  }

  /** Closes a verified handle, open here or not. */
  close(handle: Handle): void {
    const open = this.#byId.get(handle.handleId);
    if (open !== undefined) this.#byBytes.delete(open.bytes);
    this.#byId.delete(handle.handleId);
    this.#unused.delete(handle.handleId);
    if (!sameReign(handle.epoch, this.#reign) && this.#closed.size < this.#limit) this.#closed.add(handle.handleId);
  }

  /** Another open handle on the same instance. */
  sibling(handle: Handle): number | undefined {
    for (const { handle: other } of this.#byId.values()) {
      const sameInstance = other.instanceNumber === handle.instanceNumber && other.path === handle.path;
      if (sameInstance && other.handleId !== handle.handleId) return other.handleId;
    }
    return undefined;
  }
}

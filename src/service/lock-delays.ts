import type { Cell } from '../chubby/cell.js';
import { Deadlines } from '../chubby/deadlines.js';
import { decodeCounter } from '../chubby/records/counter.js';
import { ALL_HELD_BACK, heldBackKey, pathOfHeldBackKey } from '../chubby/records/keys.js';
import type { NodePath } from '../chubby/records/node-path.js';

/**
 * How long locks are held back for sessions that expired. The database says that a lock is held back; how much of the
 * delay is over only a master's clock knows, so a new master counts the full delay anew. ([CH] 2.4, DESIGN 5)
 */
export class LockDelays {
  readonly #ends = new Deadlines<NodePath>();

  constructor(cell: Cell, nowMs: number) {
    for (const { key, value } of cell.applied.range(ALL_HELD_BACK.from, ALL_HELD_BACK.to)) {
      this.#ends.set(pathOfHeldBackKey(key), nowMs + decodeCounter(value));
    }
  }

  /** The value that holds the lock back is applied. A lock shared by several is held back for the longest. */
  begin(path: NodePath, untilMs: number): void {
    const heldBackUntilMs = this.#ends.of(path);
    if (heldBackUntilMs === undefined || untilMs > heldBackUntilMs) this.#ends.set(path, untilMs);
  }

  /** The node is deleted, and its lock with it: the next one of its name has a delay of its own. */
  forget(path: NodePath): void {
    this.#ends.clear(path);
  }

  leftMs(path: NodePath, nowMs: number): number {
    const untilMs = this.#ends.of(path);
    return untilMs === undefined ? 0 : Math.max(0, Math.ceil(untilMs - nowMs));
  }

  next(): number {
    return this.#ends.next();
  }

  /** Takes out one lock whose delay is over, and that is still held back in this state. */
  takeOver(cell: Cell, nowMs: number): NodePath | undefined {
    for (let path = this.#ends.takeDue(nowMs); path !== undefined; path = this.#ends.takeDue(nowMs)) {
      // The node may have been deleted meanwhile.
      if (cell.pending.has(heldBackKey(path))) return path;
    }
    return undefined;
  }
}

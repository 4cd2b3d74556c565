import type { Clock, Timer } from '../common/clock.js';
import { CreateMode } from '../wire/types.js';
import type { OpenRequest } from '../wire/types.js';
import { CLIENT_LIMITS } from './client-limits.js';
import { OpenHandle } from './events/open-handle.js';
import type { Stat } from './stat.js';

/** Long enough for a program that opens the same name again and again. */
const KEPT_MS = 10_000;

interface Kept {
  readonly handle: OpenHandle;
  readonly stat: Stat;
  readonly timer: Timer;
}

/**
 * Handles that were closed by their users and not yet given back to the cell. Whoever opens the same node to read is
 * given one without a word to the cell, while the cache knows that it is the same node, under the same access lists.
 * ([CH] 2.7) One that anything else hangs on, a lock, events, an ephemeral node, is closed when its user says so.
 */
export class KeptHandles {
  /** By the node's key in the cache; the one kept first is the first. */
  readonly #kept = new Map<string, Kept>();

  /** @param giveBack tells the cell that the handle is closed */
  constructor(
    private readonly clock: Clock,
    private readonly giveBack: (handle: Buffer) => void,
  ) {}

  /** Whether a handle of this Open is as good as any other on the same node. */
  static serves({ read, write, changeAcl, create, events, lockDelayMs }: OpenRequest): boolean {
    return (
      read &&
      !write &&
      !changeAcl &&
      create === CreateMode.CREATE_MODE_NEVER &&
      events.length === 0 &&
      lockDelayMs === 0
    );
  }

  /** @param stat of the node when the handle was opened */
  keep(key: string, handle: OpenHandle, stat: Stat): void {
    this.#giveBack(key);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= CLIENT_LIMITS.handlesKept && oldest.done !== true) this.#giveBack(oldest.value);
    this.#kept.set(key, { handle, stat, timer: this.clock.after(KEPT_MS, () => this.#giveBack(key)) });
  }

  /** @param stat of the node as the cache knows it now */
  take(key: string, stat: Stat): OpenHandle | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    if (kept.stat.instanceNumber !== stat.instanceNumber || kept.stat.aclGeneration !== stat.aclGeneration) {
      return undefined;
    }
    this.#kept.delete(key);
    kept.timer.cancel();
    const { id, bytes, name } = kept.handle;
    return new OpenHandle(id, bytes, name, [], stat.revision);
  }

  /** The session is over, and its handles with it. */
  end(): void {
    for (const { timer } of this.#kept.values()) timer.cancel();
    this.#kept.clear();
  }

  #giveBack(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    kept.timer.cancel();
    this.giveBack(kept.handle.bytes);
  }
}

import { creatorLeft } from '../chubby/ephemeral.js';
import { decodeEphemeralHolding } from '../chubby/records/holding.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import type { SessionId } from '../chubby/records/ids.js';
import {
  ALL_EPHEMERAL_HOLDINGS,
  handleIdOfHoldingKey,
  lockHoldingKey,
  sessionIdOfHolding,
} from '../chubby/records/keys.js';
import { levelsOf } from '../chubby/records/node-path.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { Draft } from '../chubby/draft.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';
import type { SessionState } from './session-state.js';

/** Handles given up by one value: keeps it well below the log's bound with the longest names. */
const HANDLES_PER_VALUE = 64;
/** When to go on where the master has too much to do. */
const GO_ON_AFTER_MS = 1_000;

/** A handle that keeps an ephemeral node, and that nobody has shown. */
interface Orphan {
  readonly sessionId: SessionId;
  readonly handleId: number;
  readonly path: NodePath;
}

/**
 * A minute after the last session that was alive at the fail-over has acknowledged it, or is gone, those handles are given
 * up that keep an ephemeral node and were neither shown nor used under this master: their client has forgotten them,
 * and nobody else could ever close them. ([CH] 2.9 step 9)
 */
export class Orphans {
  readonly #reign: Reign;
  readonly #proposals: Proposals;
  readonly #silent = new Set<SessionState>();
  #dueMs = Infinity;

  constructor(reign: Reign, proposals: Proposals) {
    this.#reign = reign;
    this.#proposals = proposals;
  }

  /** These sessions lived under an earlier master. */
  tookOver(sessions: Iterable<SessionState>): void {
    for (const session of sessions) this.#silent.add(session);
    if (this.#silent.size === 0) this.#arm();
  }

  /** The session has acknowledged the fail-over, or is gone. */
  heardOf(session: SessionState): void {
    if (this.#silent.delete(session) && this.#silent.size === 0) this.#arm();
  }

  next(): number {
    return this.#dueMs;
  }

  timePassed(nowMs: number): void {
    if (nowMs < this.#dueMs) return;
    this.#dueMs = Infinity;
    const orphans = this.#find();
    // Children before their directories, so that these are empty when their turn comes.
    orphans.sort((a, b) => levelsOf(b.path) - levelsOf(a.path));
    for (let from = 0; from < orphans.length; from += HANDLES_PER_VALUE) {
      if (this.#reign.overload() !== undefined) {
        this.#dueMs = nowMs + GO_ON_AFTER_MS;
        return;
      }
      this.#giveUp(orphans.slice(from, from + HANDLES_PER_VALUE));
    }
  }

  #arm(): void {
    const { clock, limits } = this.#reign.around;
    this.#dueMs = clock.monotonicMs() + limits.unshownHandleMs;
  }

  #find(): Orphan[] {
    const found: Orphan[] = [];
    const { from, to } = ALL_EPHEMERAL_HOLDINGS;
    for (const { key, value } of this.#reign.around.cell.applied.range(from, to)) {
      const orphan = {
        sessionId: sessionIdOfHolding(key),
        handleId: handleIdOfHoldingKey(key),
        path: decodeEphemeralHolding(value).path,
      };
      if (this.#isOrphan(orphan)) found.push(orphan);
    }
    return found;
  }

  #isOrphan({ sessionId, handleId }: Orphan): boolean {
    const session = this.#reign.sessions.get(sessionId);
    return session !== undefined && !session.ending && session.handles.isUnused(handleId);
  }

  #giveUp(orphans: readonly Orphan[]): void {
    let left: readonly Orphan[] = [];
    const compute = (): Draft | undefined => {
      // Others may cache what is deleted, and meanwhile a handle may be shown after all.
      left = orphans.filter((orphan) => this.#isOrphan(orphan));
      const draft = this.#reign.around.cell.draft();
      for (const { sessionId, handleId, path } of left) creatorLeft(draft, path, sessionId, handleId);
      return draft.isEmpty ? undefined : draft;
    };
    this.#proposals.whenUncached(compute, (draft) => {
      for (const orphan of left) this.#forget(orphan);
      this.#proposals.proposeAlone(draft, CALL_CODES.giveUpHandles, () => undefined);
    });
  }

  /** The handle keeps nothing any more, unless a lock. */
  #forget({ sessionId, handleId }: Orphan): void {
    if (this.#reign.around.cell.pending.has(lockHoldingKey(sessionId, handleId))) return;
    this.#reign.sessions.get(sessionId)?.handles.forget(handleId);
  }
}

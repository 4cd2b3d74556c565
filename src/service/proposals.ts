import type { Provenance } from '../chubby/cell.js';
import type { Change } from '../chubby/changes.js';
import type { Draft, Lookup } from '../chubby/draft.js';
import { admits, readLock } from '../chubby/locks.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import type { CallCode } from '../chubby/records/call-code.js';
import { showPath } from '../chubby/records/node-path.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { RequestResult } from '../chubby/records/request-result.js';
import { assert } from '../common/assert.js';
import { refusal } from '../wire/errors.js';
import type { Caching } from './caching.js';
import type { CallName, Respond } from './call.js';
import type { HeldAnswer } from './held-answers.js';
import { NotedAnswer } from './held-answers.js';
import { isLockResult } from './lock-grants.js';
import type { LockGrants } from './lock-grants.js';
import type { LockDelays } from './lock-delays.js';
import { pathsOf } from './lock-waits.js';
import type { LockWaits, Waiter } from './lock-waits.js';
import { PendingGrant, PendingWrite } from './pending-write.js';
import type { Reign } from './reign.js';
import { replyOf } from './replies.js';
import type { SessionState } from './session-state.js';

/** The provenance of what the master does of itself. */
export const byTheMaster = (call: CallCode): Provenance => ({ sessionId: '', principal: '', call });

/** A numbered request, and who waits for its answer. */
export interface Asked {
  readonly session: SessionState;
  readonly number: number;
  readonly responds: Respond[];
  /** When its caller stops waiting for any answer; infinite for never. */
  readonly callerUntilMs: number;
}

/** Puts drafts on the log, and lets follow what must follow: locks handed on, waiters sent home, delays begun. */
export class Proposals {
  readonly #reign: Reign;
  readonly #waits: LockWaits;
  readonly #delays: LockDelays;
  readonly #grants: LockGrants;
  readonly #caching: Caching;
  /** Who gets his locks as soon as nobody caches their generations. */
  readonly #awaitingCaches = new Set<Waiter>();

  constructor(reign: Reign, waits: LockWaits, delays: LockDelays, grants: LockGrants, caching: Caching) {
    this.#reign = reign;
    this.#waits = waits;
    this.#delays = delays;
    this.#grants = grants;
    this.#caching = caching;
  }

  /** The number that the next proposal will have: what its answer waits for. */
  get next(): number {
    return this.#reign.around.cell.proposed + 1;
  }

  /**
   * Puts what a request came to under its number into the draft.
   *
   * @returns the answer, to be proposed with the draft
   */
  answer(draft: Draft, name: CallName, asked: Asked, result: RequestResult): PendingWrite {
    const { session, number, responds, callerUntilMs } = asked;
    session.window.record(draft, number, result);
    const reply = replyOf(result);
    const isGrant = name !== 'tryAcquire' && isLockResult(result) && result.granted;
    if (!isGrant || callerUntilMs === Infinity) {
      return new PendingWrite(this.next, reply, responds, session, name, number);
    }
    const { grants } = this.#waits;
    return new PendingGrant(grants, callerUntilMs, this.next, reply, responds, session, name, number);
  }

  /**
   * @param draft whose changes nobody can have in a cache any more
   * @param answers leave when the proposal, which is the next one, is applied
   */
  propose(draft: Draft, by: Provenance, ...answers: HeldAnswer[]): void {
    assert(this.#caching.mayPropose(draft.changes), 'what is changed is in no cache any more');
    const proposal = this.#reign.around.cell.propose(draft, by);
    draft.takeEffect();
    for (const answer of answers) {
      assert(answer.after === proposal, 'an answer waits for its own proposal');
      this.#reign.answers.hold(answer);
    }
    this.#reign.around.log.workArrived();
    for (const path of draft.removedNodes) {
      this.#delays.forget(path);
      this.#sendHome(path);
    }
    if (draft.releasedLocks.length > 0) this.handOn(draft.releasedLocks);
  }

  /** As {@link propose}, for what nobody waits for. */
  proposeAlone(draft: Draft, call: CallCode, onApplied: () => void): void {
    this.propose(draft, byTheMaster(call), new NotedAnswer(this.next, NO_REPLY, [], onApplied));
  }

  /**
   * Proposes what the master does to nodes of itself, as soon as nobody can have it in a cache.
   *
   * @param compute makes the draft on the state as it is then; nothing when there is nothing to do any more
   */
  whenUncached(compute: () => Draft | undefined, propose: (draft: Draft) => void): void {
    const draft = compute();
    if (draft === undefined) return;
    if (!this.#caching.blocks(draft.changes)) return propose(draft);
    this.#caching.defer(draft.changes, () => this.whenUncached(compute, propose));
  }

  /** Notes when the locks that the draft holds back are free again, counted from now: its proposal is applied. */
  beginDelays(draft: Draft): void {
    const nowMs = this.#reign.around.clock.monotonicMs();
    for (const { path, delayMs } of draft.heldBackLocks) this.#delays.begin(path, nowMs + delayMs);
  }

  /**
   * Whoever is next gets the locks, and all who can share them with him: one value, however many they are. To be called
   * whenever somebody lets locks go, and whenever somebody stops waiting, who may have stood in the way of others.
   */
  handOn(paths: Iterable<NodePath>): void {
    const { cell } = this.#reign.around;
    const left = new Set<NodePath>();
    for (const path of paths) if (this.#waits.sizeOf(path) > 0) left.add(path);
    while (left.size > 0) {
      const draft = cell.draft();
      const context = this.#reign.context(draft);
      const served = this.#waits.serve(left, (waiter) =>
        this.#mustAwaitCaches(draft, waiter) ? undefined : this.#grants.turn(context, waiter),
      );
      if (served.length === 0) return;
      const answers = served.map(({ waiter, outcome }) => this.answer(draft, waiter.call, waiter, outcome));
      this.propose(draft, byTheMaster(CALL_CODES.grant), ...answers);
    }
  }

  /** A lock that goes from free to held changes its node's metadata: it is not to be had while that is cached. */
  #mustAwaitCaches(view: Lookup, waiter: Waiter): boolean {
    if (this.#awaitingCaches.has(waiter)) return true;
    const { sharersPerLock } = this.#reign.around.limits;
    const changes: Change[] = [];
    for (const { handle, mode } of waiter.locks) {
      const lock = readLock(view, handle.path);
      if (!admits(lock, mode, sharersPerLock)) return false;
      if (lock.holders.length === 0) changes.push({ kind: 'locked', path: handle.path });
    }
    if (!this.#caching.blocks(changes)) return false;
    this.#awaitingCaches.add(waiter);
    this.#caching.defer(changes, () => {
      this.#awaitingCaches.delete(waiter);
      // He may have left: then whoever is next is served.
      this.handOn(pathsOf(waiter));
    });
    return true;
  }

  /** The node is gone: nobody can wait for its lock, nor ever get it. */
  #sendHome(path: NodePath): void {
    const failure = refusal('INSTANCE_GONE', `${showPath(path)} was deleted`);
    for (const waiter of this.#waits.withdrawAllFor(path)) {
      this.#reign.answer({ failure }, waiter.responds);
      this.handOn(pathsOf(waiter));
    }
  }
}

const NO_REPLY = { response: {} };

import type { Provenance } from '../chubby/cell.js';
import type { Draft } from '../chubby/draft.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import type { CallCode } from '../chubby/records/call-code.js';
import { showPath } from '../chubby/records/node-path.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { AcquireResult } from '../chubby/records/request-result.js';
import { Refusal } from '../chubby/refusal.js';
import { assert } from '../common/assert.js';
import { refusal } from '../wire/errors.js';
import type { HeldAnswer } from './held-answers.js';
import { NotedAnswer } from './held-answers.js';
import type { LockDelays } from './lock-delays.js';
import type { LockWaits, Waiter } from './lock-waits.js';
import { PendingWrite } from './pending-write.js';
import type { Reign } from './reign.js';
import { refused, replyOf } from './replies.js';

/** The provenance of what the master does of itself. */
export const byTheMaster = (call: CallCode): Provenance => ({ sessionId: '', principal: '', call });

/** Puts drafts on the log, and lets follow what must follow: locks handed on, waiters sent home, delays begun. */
export class Proposals {
  readonly #reign: Reign;
  readonly #waits: LockWaits;
  readonly #delays: LockDelays;

  constructor(reign: Reign, waits: LockWaits, delays: LockDelays) {
    this.#reign = reign;
    this.#waits = waits;
    this.#delays = delays;
  }

  /** The number that the next proposal will have: what its answer waits for. */
  get next(): number {
    return this.#reign.around.cell.proposed + 1;
  }

  /** @param answers leave when the proposal, which is the next one, is applied */
  propose(draft: Draft, by: Provenance, ...answers: HeldAnswer[]): void {
    const proposal = this.#reign.around.cell.propose(draft, by);
    for (const answer of answers) {
      assert(answer.after === proposal, 'an answer waits for its own proposal');
      this.#reign.answers.hold(answer);
    }
    this.#reign.around.log.workArrived();
    for (const path of draft.removedNodes) this.#sendHome(path);
    for (const path of draft.releasedLocks) this.#handOn(path);
  }

  /** As {@link propose}, for what nobody waits for. */
  proposeAlone(draft: Draft, call: CallCode, onApplied: () => void): void {
    this.propose(draft, byTheMaster(call), new NotedAnswer(this.next, NO_REPLY, [], onApplied));
  }

  /** Notes when the locks that the draft holds back are free again, counted from now: its proposal is applied. */
  beginDelays(draft: Draft): void {
    const nowMs = this.#reign.around.clock.monotonicMs();
    for (const { path, delayMs } of draft.heldBackLocks) this.#delays.begin(path, nowMs + delayMs);
  }

  /** The node is gone: nobody can wait for its lock. */
  #sendHome(path: NodePath): void {
    const failure = refusal('INSTANCE_GONE', `${showPath(path)} was deleted`);
    for (const { responds } of this.#waits.withdrawAllFor(path)) this.#reign.answer({ failure }, responds);
  }

  /** Whoever is next gets the lock, and all who can share it with him: one value, however many they are. */
  #handOn(path: NodePath): void {
    const { cell } = this.#reign.around;
    while (this.#waits.sizeOf(path) > 0) {
      const draft = cell.draft();
      const served = this.#waits.serve(this.#reign.context(draft), path);
      if (served.length === 0) return;
      const grants: HeldAnswer[] = [];
      for (const { waiter, outcome } of served) {
        if (outcome instanceof Refusal) this.#reign.answer(refused(outcome), waiter.responds);
        else grants.push(this.#grant(draft, waiter, outcome));
      }
      if (grants.length > 0) this.propose(draft, byTheMaster(CALL_CODES.grant), ...grants);
    }
  }

  #grant(draft: Draft, { session, number, responds }: Waiter, result: AcquireResult): PendingWrite {
    // A waiter's number may be acknowledged past: then the lock itself, which names it, answers a retry.
    if (!session.window.isForgotten(number)) session.window.record(draft, number, result);
    return new PendingWrite(this.next, replyOf(result), responds, session, 'acquire', number);
  }
}

const NO_REPLY = { response: {} };

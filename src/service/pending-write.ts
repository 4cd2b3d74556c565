import type { Deadlines } from '../chubby/deadlines.js';
import type { CallName, Reply, Respond } from './call.js';
import { HeldAnswer } from './held-answers.js';
import type { SessionState, WriteUnderWay } from './session-state.js';

/** The answer to a numbered request that changes something: found by its number until it leaves. */
export class PendingWrite extends HeldAnswer implements WriteUnderWay {
  readonly session: SessionState;
  readonly number: number;
  readonly call: CallName;

  constructor(after: number, reply: Reply, responds: Respond[], session: SessionState, call: CallName, number: number) {
    super(after, reply, responds);
    this.session = session;
    this.number = number;
    this.call = call;
    session.writes.set(number, this);
    session.lastWrite = this;
  }

  override settle(): void {
    const { session, number } = this;
    // A grant that came too late has been replaced by the answer that says so.
    if (session.writes.get(number) === this) session.writes.delete(number);
    if (session.lastWrite === this) session.lastWrite = undefined;
    super.settle();
  }
}

/** The answer to an Acquire that was granted, as long as its caller may stop waiting for it. */
export class PendingGrant extends PendingWrite {
  readonly #deadlines: Deadlines<PendingGrant>;

  /** @param deadlines where this grant has the end of its caller's time, until it leaves */
  constructor(
    deadlines: Deadlines<PendingGrant>,
    untilMs: number,
    ...answer: ConstructorParameters<typeof PendingWrite>
  ) {
    super(...answer);
    this.#deadlines = deadlines;
    deadlines.set(this, untilMs);
  }

  override settle(): void {
    this.#deadlines.clear(this);
    super.settle();
  }
}

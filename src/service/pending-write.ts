import type { CallName, Reply, Respond } from './call.js';
import { HeldAnswer } from './held-answers.js';
import type { SessionState, WriteUnderWay } from './session-state.js';

/** The answer to a numbered request that changes something: found by its number until it leaves. */
export class PendingWrite extends HeldAnswer implements WriteUnderWay {
  readonly #session: SessionState;
  readonly #number: number;
  readonly call: CallName;

  constructor(after: number, reply: Reply, responds: Respond[], session: SessionState, call: CallName, number: number) {
    super(after, reply, responds);
    this.#session = session;
    this.#number = number;
    this.call = call;
    session.writes.set(number, this);
    session.lastWrite = this;
  }

  override settle(): void {
    this.#session.writes.delete(this.#number);
    if (this.#session.lastWrite === this) this.#session.lastWrite = undefined;
    super.settle();
  }
}

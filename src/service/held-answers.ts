import { refusal } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import type { Reply, Respond } from './call.js';
import { joinCallers } from './callers.js';

/** An answer that is known, and does not leave before everything is applied that it may rest on. (DESIGN 3.7) */
export class HeldAnswer {
  /** The newest proposal that it could have seen. */
  readonly after: number;
  readonly #reply: Reply;
  readonly #responds: Respond[];
  #followers: (() => void)[] | undefined;

  /** @param responds everybody who waits for it; more may {@link join} */
  constructor(after: number, reply: Reply, responds: Respond[]) {
    this.after = after;
    this.#reply = reply;
    this.#responds = responds;
  }

  /** The same request came again: one execution, one answer to both. */
  join(respond: Respond): void {
    joinCallers(this.#responds, respond);
  }

  /** Another answer than this one becomes right: those who wait are handed over to it. */
  handOver(): Respond[] {
    return this.#responds.splice(0);
  }

  /** Runs right behind the answer, whatever it is. */
  follow(run: () => void): void {
    (this.#followers ??= []).push(run);
  }

  /** What it rests on is applied. */
  settle(): void {
    this.#leave(this.#reply);
  }

  /** The reign is over before that. */
  lose(failure: Failure): void {
    this.#leave({ failure });
  }

  #leave(reply: Reply): void {
    for (const respond of this.#responds) respond(reply);
    if (this.#followers !== undefined) for (const run of this.#followers) run();
  }
}

/** The answer to something rare that the master's memory must follow when it is applied. */
export class NotedAnswer extends HeldAnswer {
  readonly #onApplied: () => void;

  /** @param onApplied runs before the answer leaves; never, when the outcome stays unknown */
  constructor(after: number, reply: Reply, responds: Respond[], onApplied: () => void) {
    super(after, reply, responds);
    this.#onApplied = onApplied;
  }

  override settle(): void {
    this.#onApplied();
    super.settle();
  }
}

const MAX_LEFT_IN_QUEUE = 1024;

/** Held answers in the order in which they were made, which is the order in which they may leave. */
export class HeldAnswers {
  #queue: (HeldAnswer | undefined)[] = [];
  #oldest = 0;

  get size(): number {
    return this.#queue.length - this.#oldest;
  }

  hold(answer: HeldAnswer): void {
    this.#queue.push(answer);
  }

  /** Every proposal up to this one is applied. */
  settleUpTo(proposal: number): void {
    for (let first = this.#queue[this.#oldest]; first !== undefined; first = this.#queue[this.#oldest]) {
      if (first.after > proposal) return;
      this.#take().settle();
    }
  }

  /** The reign is over: what was executed of the rest is unknown. */
  loseAll(cause: string): void {
    const failure = refusal('UNKNOWN_OUTCOME', `the master's reign ended before it could answer: ${cause}`);
    while (this.size > 0) this.#take().lose(failure);
  }

  #take(): HeldAnswer {
    const first = this.#queue[this.#oldest]!;
    this.#queue[this.#oldest++] = undefined;
    if (this.#oldest === this.#queue.length) {
      this.#queue.length = 0;
      this.#oldest = 0;
    } else if (this.#oldest >= MAX_LEFT_IN_QUEUE && this.#oldest * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#oldest);
      this.#oldest = 0;
    }
    return first;
  }
}

import { ChubbyError } from './chubby-error.js';
import { CLIENT_LIMITS } from './client-limits.js';
import type { OpenCall } from './pending-call.js';

/** Calls that wait for their turn, in the order in which they were made; bounded. */
export class CallQueue {
  #calls: (OpenCall | undefined)[] = [];
  #first = 0;
  #sizeBytes = 0;
  /** Whether some of them may have been given up since they were looked through. */
  #mayHaveSettled = false;

  /** Those included that were given up meanwhile. */
  get size(): number {
    return this.#calls.length - this.#first;
  }

  /** Whether the call was taken. */
  push(call: OpenCall): boolean {
    if (this.#isFull(call)) {
      if (this.#mayHaveSettled) this.#dropSettled();
      if (this.#isFull(call)) return false;
    }
    this.pushBeyondBound(call);
    return true;
  }

  /** For what must not be refused; whoever uses it answers for its number. */
  pushBeyondBound(call: OpenCall): void {
    this.#calls.push(call);
    this.#sizeBytes += call.terms.sizeBytes;
  }

  /** Calls in it may have been given up: they need no room. */
  mayHaveSettled(): void {
    this.#mayHaveSettled = true;
  }

  /** What to tell whom it has no room for. */
  get refusal(): ChubbyError {
    return new ChubbyError('TOO_MANY_CALLS', `${this.size} calls wait for their turn already`);
  }

  /** The next call that somebody still waits for. */
  peek(): OpenCall | undefined {
    for (let call = this.#calls[this.#first]; call !== undefined; call = this.#calls[this.#first]) {
      if (!call.settled) return call;
      this.shift();
    }
    return undefined;
  }

  /** Takes out the first call. */
  shift(): OpenCall | undefined {
    const call = this.#calls[this.#first];
    if (call === undefined) return undefined;
    this.#calls[this.#first++] = undefined;
    this.#sizeBytes -= call.terms.sizeBytes;
    if (this.#first === this.#calls.length) {
      this.#calls.length = 0;
      this.#first = 0;
    } else if (this.#first >= CLIENT_LIMITS.queuedCalls) {
      this.#calls = this.#calls.slice(this.#first);
      this.#first = 0;
    }
    return call;
  }

  forEach(visit: (call: OpenCall) => void): void {
    for (let i = this.#first; i < this.#calls.length; i++) visit(this.#calls[i]!);
  }

  #isFull(call: OpenCall): boolean {
    if (this.size === 0) return false;
    return this.size >= CLIENT_LIMITS.queuedCalls || this.#sizeBytes + call.terms.sizeBytes > CLIENT_LIMITS.queuedBytes;
  }

  #dropSettled(): void {
    this.#mayHaveSettled = false;
    const left: OpenCall[] = [];
    this.forEach((call) => {
      if (!call.settled) left.push(call);
    });
    this.#calls = left;
    this.#first = 0;
    this.#sizeBytes = left.reduce((sum, call) => sum + call.terms.sizeBytes, 0);
  }
}

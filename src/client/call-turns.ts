import { CallQueue } from './call-queue.js';
import type { ChubbyError } from './chubby-error.js';
import { CLIENT_LIMITS } from './client-limits.js';
import type { OpenCall } from './pending-call.js';
import { RequestWindow } from './request-window.js';

const { window: WINDOW, reservedCalls: RESERVED } = CLIENT_LIMITS;

/**
 * Which of a session's calls goes out next, and which are open. Calls go in the order in which they were made, within
 * bounds of number and bytes, with two exceptions. Those that would wait for a lock stand aside while too many wait: the
 * Release that they wait for is behind them. And what keeps the session going, or takes back what was asked for, goes
 * before all others and has room of its own: behind a full window it would come too late, or never.
 */
export class CallTurns {
  readonly #window = new RequestWindow<OpenCall>(WINDOW);
  readonly #urgent = new CallQueue();
  readonly #queue = new CallQueue();
  readonly #aside = new CallQueue();
  #bytesInFlight = 0;
  /** Open calls that wait for locks. */
  #waits = 0;
  /** Calls that wait for locks at the cell, although nobody here does: their withdrawal is not answered yet. */
  #withdrawn = 0;

  /** All requests up to this number are done with, waiting Acquires left out. */
  get acknowledged(): number {
    return this.#window.acknowledged;
  }

  /** Nothing is open that should be answered soon. */
  get isQuiet(): boolean {
    return this.#window.openCount === this.#window.waitingCount;
  }

  /** Calls that are not open yet. */
  get queued(): number {
    return this.#urgent.size + this.#queue.size + this.#aside.size;
  }

  /** Queues a call behind the others. @returns whether there was room */
  push(call: OpenCall): boolean {
    return this.#queue.push(call);
  }

  /** What to tell whom there was no room for. */
  get refusal(): ChubbyError {
    return this.#queue.refusal;
  }

  /** For what must not be refused; whoever uses it answers for its number. */
  pushBeyondBound(call: OpenCall): void {
    this.#queue.pushBeyondBound(call);
  }

  /** Queues a call before the others; likewise beyond the bound. */
  pushUrgent(call: OpenCall): void {
    this.#urgent.pushBeyondBound(call);
  }

  /** Opens the next call that may go out, and gives it its number. */
  next(): OpenCall | undefined {
    if (this.#urgent.peek() !== undefined) return this.#hasRoom(0) ? this.#open(this.#urgent.shift()!) : undefined;
    const queue = this.#nextQueue();
    const call = queue.peek();
    if (call === undefined || !this.#hasRoom(RESERVED)) return undefined;
    const bytesInFlight = this.#bytesInFlight + call.terms.sizeBytes;
    if (bytesInFlight > CLIENT_LIMITS.bytesInFlight && this.#bytesInFlight > 0) return undefined;
    return this.#open(queue.shift()!);
  }

  /** Opens a call that was never queued. @returns whether there was room */
  openAtOnce(call: OpenCall): boolean {
    if (!this.#hasRoom(0)) return false;
    this.#open(call);
    return true;
  }

  /** The open call of this number. */
  find(number: number): OpenCall | undefined {
    return this.#window.find(number);
  }

  isOpen(call: OpenCall): boolean {
    return this.#window.find(call.number) === call;
  }

  /** Open calls by number, smallest first. */
  inOrder(): OpenCall[] {
    return this.#window.inOrder();
  }

  forEachOpen(visit: (call: OpenCall) => void): void {
    this.#window.forEach(visit);
  }

  /** Visits all that is not answered, open or not; `visit` may close the one it is given. */
  forEach(visit: (call: OpenCall) => void): void {
    this.#window.forEach(visit);
    for (const queue of [this.#urgent, this.#queue, this.#aside]) queue.forEach(visit);
  }

  /** Takes out all that is not open. */
  takeQueued(): OpenCall[] {
    const taken: OpenCall[] = [];
    for (const queue of [this.#urgent, this.#queue, this.#aside]) {
      for (let call = queue.shift(); call !== undefined; call = queue.shift()) taken.push(call);
    }
    return taken;
  }

  /** The cell has this call, which waits for locks: it holds the acknowledgement back no longer. */
  leaveWaiting(call: OpenCall): void {
    this.#window.leaveWaiting(call);
  }

  /** The call is answered, or nobody wants to know any more. */
  close(call: OpenCall): void {
    this.#window.close(call);
    this.#bytesInFlight -= call.terms.sizeBytes;
    if (call.waits) this.#waits--;
  }

  /** A queued call was given up. */
  gaveUpQueued(): void {
    for (const queue of [this.#queue, this.#aside]) queue.mayHaveSettled();
  }

  /** The cell is asked not to wait for locks any more by a request of this session. */
  withdraws(): void {
    this.#withdrawn++;
  }

  /** It does not. */
  withdrew(): void {
    this.#withdrawn--;
  }

  #hasRoom(reserved: number): boolean {
    return this.#window.hasRoom(reserved) && this.#window.openCount + this.#withdrawn < WINDOW - reserved;
  }

  #open(call: OpenCall): OpenCall {
    this.#window.open(call);
    this.#bytesInFlight += call.terms.sizeBytes;
    if (call.waits) this.#waits++;
    return call;
  }

  #nextQueue(): CallQueue {
    if (this.#waits + this.#withdrawn < CLIENT_LIMITS.waitingCalls) {
      return this.#aside.peek() === undefined ? this.#queue : this.#aside;
    }
    for (let next = this.#queue.peek(); next?.waits === true; next = this.#queue.peek()) {
      this.#queue.shift();
      if (!this.#aside.push(next)) next.fail(this.#aside.refusal);
    }
    return this.#queue;
  }
}

import type { Clock } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import { retryAdvice } from '../wire/errors.js';
import type { Failure, PipeCall, PipeReply } from '../wire/types.js';
import { abortedError, timeOutError } from './call-limit.js';
import { CallQueue } from './call-queue.js';
import type { PipeConnection } from './channel.js';
import { callInWords } from './call-words.js';
import { ChubbyError, retryAfterOf } from './chubby-error.js';
import { CLIENT_LIMITS } from './client-limits.js';
import { DeadlineWatch } from './deadline-watch.js';
import { isUnknown, PendingCall, saysHeld } from './pending-call.js';
import type { OpenCall, RequestOf } from './pending-call.js';
import { Repeats } from './repeats.js';
import { RequestWindow } from './request-window.js';
import { REQUEST_BYTES } from './requests.js';

/** What the calls of a session need of it. */
export interface CallsSurroundings {
  /** Whether calls may go out now; in jeopardy they wait. */
  maySend(): boolean;
  /** Whether what the session holds is held for certain; compares the clocks now. */
  isSafe(): boolean;
  /** The replica at the other end is not master. */
  redirected(failure: Failure): void;
  /** The cell says that the session is gone. */
  refused(failure: Failure): void;
  /** Why there is no connection, for messages; empty when nothing is known to hinder it. */
  obstacle(): string;
}

/**
 * The calls of a session through its Pipe, each executed once: numbered, sent in the batches in which they come, and
 * repeated with the same number until the cell has answered or the caller gives up. (DESIGN 4, 6)
 */
export class SessionCalls {
  readonly #queue = new CallQueue();
  /** Calls that would wait for locks, and for which there is no room: those behind them go first. */
  readonly #aside = new CallQueue();
  readonly #window = new RequestWindow<OpenCall>(CLIENT_LIMITS.window);
  #bytesInFlight = 0;
  /** Open calls that wait for locks. */
  #openWaits = 0;
  readonly #deadlines: DeadlineWatch;
  readonly #repeats: Repeats<OpenCall>;
  #connection: PipeConnection | undefined;
  /** What is open has yet to be sent again, over a connection that is new. */
  #mustRepeat = false;
  /** The last answer, or, if that is later, when the first call after a silence went out. */
  #heardAtMs = 0;
  /** Calls that wait for locks, handed to the connection, which may not have sent them yet. */
  #handedWaits: OpenCall[] = [];
  /** Answers that say "held", and came when nobody could know whether that was still so. */
  readonly #heldBack = new Map<OpenCall, PipeReply>();
  /** Opens that were given up and are being cancelled: not asked for again before that is answered. */
  readonly #cancelled = new Set<OpenCall>();
  #flushScheduled = false;
  /** Set once all calls fail. */
  #end: ChubbyError | undefined;
  readonly #flushNow = (): void => {
    this.#flushScheduled = false;
    this.#flush();
  };

  constructor(
    private readonly clock: Clock,
    rng: Rng,
    private readonly session: CallsSurroundings,
  ) {
    this.#deadlines = new DeadlineWatch(clock, (nowMs) => this.#expire(nowMs));
    this.#repeats = new Repeats(clock, rng, (calls) => this.#repeat(calls));
  }

  /** How long calls that do not wait for locks are under way without any answer; 0 when none is. */
  get silentMs(): number {
    return this.#connection === undefined || this.#isQuiet ? 0 : this.clock.monotonicMs() - this.#heardAtMs;
  }

  submit(call: OpenCall): void {
    const { signal, deadlineMs } = call.terms;
    if (this.#end !== undefined) return call.fail(this.#end);
    if (signal?.aborted === true) return call.fail(abortedError(call.name, false, signal));
    if (!this.#queue.push(call)) return call.fail(tooMany(this.#queue));
    if (deadlineMs !== Infinity) this.#deadlines.watch(deadlineMs);
    if (signal !== undefined) this.#giveUpOnAbort(call, signal);
    this.#scheduleFlush();
  }

  /** There is a connection to the master: what is open is sent again, then what waits. */
  connect(connection: PipeConnection): void {
    this.#connection = connection;
    this.#mustRepeat = true;
    this.#flush();
  }

  /** The connection is gone: of what is under way nobody knows what became. */
  disconnect(): void {
    this.#connection = undefined;
    this.#handedWaits = [];
    this.#repeats.clear();
    this.#window.forEach((call) => {
      call.tainted ||= call.underWay;
      call.underWay = false;
    });
  }

  /** The session is safe again: calls may go out, and what it holds is held. */
  resume(): void {
    for (const [call, reply] of this.#heldBack) this.#succeeded(call, reply);
    this.#heldBack.clear();
    this.#flush();
  }

  /** Whether the request of this number is not answered yet. */
  isOpen(number: number): boolean {
    return this.#window.find(number)?.settled === false;
  }

  /** Gives up what is under way through a handle that nobody may use any more. */
  giveUpThrough(handle: Buffer, error: ChubbyError): void {
    const giveUp = (call: OpenCall): void => {
      if (call.uses(handle)) this.#giveUp(call, (unknown) => (unknown ? butUnknown(call, error) : error));
    };
    this.#forEach(giveUp);
  }

  replies(replies: readonly PipeReply[]): void {
    this.#heardAtMs = this.clock.monotonicMs();
    for (const reply of replies) {
      const call = this.#window.find(reply.number);
      // Answers also come to calls that were given up, and twice to calls that were repeated.
      if (call === undefined) continue;
      if (reply.failure !== null && reply.failure !== undefined) this.#refused(call, reply.failure);
      else if (saysHeld(call) && !this.session.isSafe()) this.#heldBack.set(call, reply);
      else this.#succeeded(call, reply);
      // The rest is void where the connection or the session was given up over it.
      if (this.#connection === undefined) return;
    }
    if (this.#queue.size + this.#aside.size > 0) this.#scheduleFlush();
  }

  /**
   * Fails all calls, now and from now on.
   *
   * @param mayHaveRun of an open call whether the cell may have executed it
   */
  end(error: ChubbyError, mayHaveRun: (call: OpenCall) => boolean = isUnknown): void {
    this.#end = error;
    this.#connection = undefined;
    this.#repeats.clear();
    this.#heldBack.clear();
    this.#deadlines.close();
    for (const call of this.#window.inOrder()) call.fail(mayHaveRun(call) ? butUnknown(call, error) : error);
    for (const queue of [this.#queue, this.#aside]) {
      for (let call = queue.shift(); call !== undefined; call = queue.shift()) call.fail(error);
    }
  }

  /** Visits all that is not answered, sent or not; `visit` may give up the one it is given. */
  #forEach(visit: (call: OpenCall) => void): void {
    this.#window.forEach(visit);
    this.#queue.forEach(visit);
    this.#aside.forEach(visit);
  }

  #succeeded(call: OpenCall, reply: PipeReply): void {
    this.#close(call);
    if (call.settled) this.#closeUnwanted(reply);
    else call.answer(reply);
    this.#repeats.succeeded();
  }

  /** Nothing is under way that should be answered soon. */
  get #isQuiet(): boolean {
    return this.#window.openCount === this.#window.waitingCount;
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(this.#flushNow);
  }

  #flush(): void {
    const connection = this.#connection;
    if (connection === undefined || !this.session.maySend()) return;
    const nowMs = this.clock.monotonicMs();
    if (this.#isQuiet || this.#mustRepeat) this.#heardAtMs = nowMs;
    if (connection.queuedBytes === 0) this.#leaveWaiting();
    const messages: PipeCall[] = [];
    if (this.#mustRepeat) {
      for (const call of this.#window.inOrder()) if (this.#isWanted(call)) messages.push(this.#send(call, nowMs));
    }
    this.#mustRepeat = false;
    for (let call = this.#nextInTurn(); call !== undefined; call = this.#nextInTurn()) {
      this.#window.open(call);
      this.#bytesInFlight += call.terms.sizeBytes;
      if (call.waits) this.#openWaits++;
      messages.push(this.#send(call, nowMs));
    }
    if (messages.length > 0) connection.send(messages, this.#window.acknowledged);
  }

  #nextInTurn(): OpenCall | undefined {
    const hasRoomToWait = this.#openWaits < CLIENT_LIMITS.waitingCalls;
    if (!hasRoomToWait) this.#setAside();
    const queue = hasRoomToWait && this.#aside.peek() !== undefined ? this.#aside : this.#queue;
    const next = queue.peek();
    if (next === undefined || !this.#window.hasRoom || this.#window.openCount >= CLIENT_LIMITS.window) return undefined;
    const bytesInFlight = this.#bytesInFlight + next.terms.sizeBytes;
    if (bytesInFlight > CLIENT_LIMITS.bytesInFlight && this.#bytesInFlight > 0) return undefined;
    return queue.shift();
  }

  #setAside(): void {
    for (let next = this.#queue.peek(); next?.waits === true; next = this.#queue.peek()) {
      this.#queue.shift();
      if (!this.#aside.push(next)) next.fail(tooMany(this.#aside));
    }
  }

  #send(call: OpenCall, nowMs: number): PipeCall {
    call.underWay = true;
    if (call.waits) this.#handedWaits.push(call);
    return call.toMessage(nowMs);
  }

  /**
   * A call that waits for locks holds the acknowledgement back until a message has taken it along: in one that
   * acknowledges its number the cell would not look at it.
   */
  #leaveWaiting(): void {
    for (const call of this.#handedWaits) this.#window.leaveWaiting(call);
    this.#handedWaits = [];
  }

  #close(call: OpenCall): void {
    this.#window.close(call);
    this.#bytesInFlight -= call.terms.sizeBytes;
    if (call.waits) this.#openWaits--;
  }

  #refused(call: OpenCall, failure: Failure): void {
    switch (retryAdvice(failure)) {
      case 'other-replica':
        call.underWay = false;
        return this.session.redirected(failure);
      case 'new-session':
        call.underWay = failure.reason !== 'SESSION_IDLE';
        return this.session.refused(failure);
      case 'same-number':
        call.tainted = true;
        return this.#repeatLater(call, failure);
      case 'later':
        call.underWay = false;
        return this.#repeatLater(call, failure);
      case 'new-number':
        this.#close(call);
        // A master knows who waits only since its reign began, and below the acknowledgement it takes nobody's word.
        if (call.waits && failure.reason === 'REQUEST_FORGOTTEN') return this.#askAnew(call);
        return call.refuse(failure);
      case 'new-handle':
      case 'never':
        this.#close(call);
        return call.refuse(failure);
    }
  }

  #askAnew(call: OpenCall): void {
    call.underWay = false;
    call.tainted = false;
    this.#queue.pushBeyondBound(call);
    this.#scheduleFlush();
  }

  #repeatLater(call: OpenCall, failure: Failure): void {
    call.refusal = failure;
    this.#repeats.add(call, retryAfterOf(failure) ?? 0);
  }

  #repeat(calls: readonly OpenCall[]): void {
    if (this.#connection === undefined) return;
    if (!this.session.maySend()) {
      this.#mustRepeat = true;
      return;
    }
    const nowMs = this.clock.monotonicMs();
    const messages = calls.filter((call) => this.#isWanted(call)).map((call) => this.#send(call, nowMs));
    if (messages.length > 0) this.#connection.send(messages, this.#window.acknowledged);
  }

  /** Whether its answer is to be asked for. */
  #isWanted(call: OpenCall): boolean {
    return this.#window.find(call.number) === call && !this.#cancelled.has(call);
  }

  #giveUpOnAbort(call: OpenCall, signal: AbortSignal): void {
    const giveUp = (): void => this.#giveUp(call, (unknown) => abortedError(call.name, unknown, signal));
    signal.addEventListener('abort', giveUp, { once: true });
    call.onSettled = () => signal.removeEventListener('abort', giveUp);
  }

  #expire(nowMs: number): number {
    let nextMs = Infinity;
    const look = (call: OpenCall): void => {
      const { deadlineMs } = call.terms;
      if (deadlineMs <= nowMs) this.#giveUp(call, (unknown) => this.#timeOut(call, unknown));
      else if (deadlineMs < nextMs) nextMs = deadlineMs;
    };
    this.#forEach(look);
    return nextMs;
  }

  #timeOut(call: OpenCall, unknown: boolean): ChubbyError {
    if (!unknown && call.refusal !== undefined) return ChubbyError.of(call.refusal);
    const obstacle = this.#connection === undefined ? this.session.obstacle() : '';
    return timeOutError(call.name, call.terms.timeoutMs, unknown, obstacle);
  }

  #giveUp(call: OpenCall, error: (outcomeUnknown: boolean) => ChubbyError): void {
    if (call.settled) return;
    const unknown = isUnknown(call);
    const withdrawn = call.waits && unknown;
    if (withdrawn) this.#cancel(call.number);
    call.fail(error(unknown && !withdrawn));
    this.#heldBack.delete(call);
    if (this.#window.find(call.number) !== call) return;
    if (unknown && call.givesHandle) this.#askOn(call);
    else this.#close(call);
  }

  /**
   * The handle that the call may have opened would stay open, and keep an ephemeral node, for as long as the session: so
   * the call stays open until its answer says which handle to close. What could still make a node is cancelled first.
   */
  #askOn(call: OpenCall): void {
    if (!call.creates) return;
    this.#cancelled.add(call);
    this.#cancel(call.number, () => {
      this.#cancelled.delete(call);
      this.#repeat([call]);
    });
  }

  /** Whatever became of the call: after this the session neither waits for the locks nor has them by that request. */
  #cancel(requestNumber: number, then?: () => void): void {
    this.#callUnseen('cancel', { session: null, requestNumber }, then);
  }

  /** Closes a handle that nobody has any more. */
  closeUnseen(handle: Buffer): void {
    this.#callUnseen('close', { context: null, handle });
  }

  #closeUnwanted({ open, setSequencer }: PipeReply): void {
    const handle = (open ?? setSequencer)?.handle;
    if (handle !== undefined) this.closeUnseen(Buffer.from(handle));
  }

  /** A call that nobody waits for, and that is repeated until it is answered. */
  #callUnseen<Name extends 'cancel' | 'close'>(
    name: Name,
    request: RequestOf<Name>,
    then = (): void => undefined,
  ): void {
    const terms = { sizeBytes: REQUEST_BYTES, deadlineMs: Infinity, timeoutMs: Infinity, signal: undefined };
    const ignore = (): void => undefined;
    this.#queue.pushBeyondBound(new PendingCall(name, request, terms, ignore, then, then));
    this.#scheduleFlush();
  }
}

const tooMany = ({ size }: CallQueue): ChubbyError =>
  new ChubbyError('TOO_MANY_CALLS', `${size} calls wait for their turn already`);

/** The session is over, and the cell may have executed this call of it. */
const butUnknown = (call: OpenCall, { reason, message, remedy }: ChubbyError): ChubbyError =>
  new ChubbyError(reason, `${message}; whether ${callInWords(call.name)} was done is unknown`, {
    remedy,
    outcomeUnknown: true,
  });

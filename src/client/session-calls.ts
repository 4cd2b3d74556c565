import type { Clock } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import { retryAdvice } from '../wire/errors.js';
import type { Failure, PipeCall, PipeReply } from '../wire/types.js';
import { abortedError, timeOutError } from './call-limit.js';
import { CallTurns } from './call-turns.js';
import { callInWords } from './call-words.js';
import type { PipeConnection } from './channel.js';
import { ChubbyError, retryAfterOf } from './chubby-error.js';
import { DeadlineWatch } from './deadline-watch.js';
import { onAbort } from './on-abort.js';
import { isUnknown, PendingCall, saysHeld } from './pending-call.js';
import type { OpenCall, PipeCallName, RequestOf } from './pending-call.js';
import { Repeats } from './repeats.js';
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
  readonly #turns = new CallTurns();
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
    return this.#connection === undefined || this.#turns.isQuiet ? 0 : this.clock.monotonicMs() - this.#heardAtMs;
  }

  submit(call: OpenCall): void {
    const { signal, deadlineMs } = call.terms;
    if (this.#end !== undefined) return call.fail(this.#end);
    if (signal?.aborted === true) return call.fail(abortedError(call.name, false, signal));
    if (!this.#enqueue(call)) return call.fail(this.#turns.refusal);
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
    this.#turns.forEachOpen((call) => {
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
    return this.#turns.find(number)?.settled === false;
  }

  /** Gives up what is under way through a handle that nobody may use any more. */
  giveUpThrough(handle: Buffer, error: ChubbyError): void {
    const giveUp = (call: OpenCall): void => {
      if (call.uses(handle)) this.#giveUp(call, (unknown) => (unknown ? butUnknown(call, error) : error));
    };
    this.#turns.forEach(giveUp);
  }

  replies(replies: readonly PipeReply[]): void {
    this.#take(replies);
    // After a pause this may be the first code to run: those who rely on the lease are told before callers go on.
    this.session.isSafe();
  }

  #take(replies: readonly PipeReply[]): void {
    this.#heardAtMs = this.clock.monotonicMs();
    for (const reply of replies) {
      const call = this.#turns.find(reply.number);
      // Answers also come to calls that were given up, and twice to calls that were repeated.
      if (call === undefined) continue;
      if (reply.failure !== null && reply.failure !== undefined) this.#refused(call, reply.failure);
      else if (saysHeld(call) && !this.session.isSafe()) this.#heldBack.set(call, reply);
      else this.#succeeded(call, reply);
      // The rest is void where the connection or the session was given up over it.
      if (this.#connection === undefined) return;
    }
    if (this.#turns.queued > 0) this.#scheduleFlush();
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
    for (const call of this.#turns.inOrder()) call.fail(mayHaveRun(call) ? butUnknown(call, error) : error);
    for (const call of this.#turns.takeQueued()) call.fail(error);
  }

  /** Whether there is room for it. */
  #enqueue(call: OpenCall): boolean {
    if (URGENT.has(call.name)) this.#turns.pushUrgent(call);
    else if (ONCE_PER_HANDLE.has(call.name)) this.#turns.pushBeyondBound(call);
    else return this.#turns.push(call);
    return true;
  }

  #succeeded(call: OpenCall, reply: PipeReply): void {
    this.#turns.close(call);
    if (call.settled) this.#closeUnwanted(reply);
    else call.answer(reply);
    this.#repeats.succeeded();
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
    if (this.#turns.isQuiet || this.#mustRepeat) this.#heardAtMs = nowMs;
    if (connection.queuedBytes === 0) this.#leaveWaiting();
    const messages: PipeCall[] = [];
    if (this.#mustRepeat) {
      for (const call of this.#turns.inOrder()) if (this.#isWanted(call)) messages.push(this.#send(call, nowMs));
    }
    this.#mustRepeat = false;
    for (let call = this.#turns.next(); call !== undefined; call = this.#turns.next()) {
      messages.push(this.#send(call, nowMs));
    }
    if (messages.length > 0) connection.send(messages, this.#turns.acknowledged);
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
    for (const call of this.#handedWaits) this.#turns.leaveWaiting(call);
    this.#handedWaits = [];
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
      case 'caller':
        call.underWay = false;
        return this.#giveUp(call, (outcomeUnknown) => ChubbyError.of(failure, outcomeUnknown));
      case 'new-number':
        this.#turns.close(call);
        // A master knows who waits only since its reign began, and below the acknowledgement it takes nobody's word.
        if (call.waits && failure.reason === 'REQUEST_FORGOTTEN') return this.#askAnew(call);
        return call.refuse(failure);
      case 'new-handle':
      case 'never':
        this.#turns.close(call);
        return call.refuse(failure);
    }
  }

  #askAnew(call: OpenCall): void {
    call.underWay = false;
    call.tainted = false;
    this.#turns.pushBeyondBound(call);
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
    if (messages.length > 0) this.#connection.send(messages, this.#turns.acknowledged);
  }

  /** Whether its answer is to be asked for. */
  #isWanted(call: OpenCall): boolean {
    return this.#turns.isOpen(call) && !this.#cancelled.has(call);
  }

  #giveUpOnAbort(call: OpenCall, signal: AbortSignal): void {
    call.onSettled = onAbort(signal, () => this.#giveUp(call, (unknown) => abortedError(call.name, unknown, signal)));
  }

  #expire(nowMs: number): number {
    let nextMs = Infinity;
    const look = (call: OpenCall): void => {
      const { deadlineMs } = call.terms;
      if (deadlineMs <= nowMs) this.#giveUp(call, (unknown) => this.#timeOut(call, unknown));
      else if (deadlineMs < nextMs) nextMs = deadlineMs;
    };
    this.#turns.forEach(look);
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
    if (withdrawn) this.#withdraw(call.number);
    call.fail(error(unknown && !withdrawn));
    this.#heldBack.delete(call);
    const { handleToClose } = call;
    if (!this.#turns.isOpen(call)) {
      this.#turns.gaveUpQueued();
      if (handleToClose !== undefined) this.closeUnseen(handleToClose);
    } else if (unknown && call.givesHandle) this.#askOn(call);
    else if (handleToClose === undefined) this.#turns.close(call);
  }

  /** Whatever became of the call: after this the session neither waits for the locks nor has them by that request. */
  #withdraw(requestNumber: number): void {
    this.#turns.withdraws();
    this.#turns.pushUrgent(unseen('cancel', { session: null, requestNumber }, () => this.#turns.withdrew()));
    this.#scheduleFlush();
  }

  /**
   * The handle that the call may have opened would stay open, and keep an ephemeral node, for as long as the session: so
   * the call stays open until its answer says which handle to close. What could still make a node is cancelled first,
   * where there is room for that: it must not need a number that only its own end would set free.
   */
  #askOn(call: OpenCall): void {
    if (!call.creates) return;
    const cancel = unseen('cancel', { session: null, requestNumber: call.number }, () => {
      this.#cancelled.delete(call);
      this.#repeat([call]);
    });
    if (!this.#turns.openAtOnce(cancel)) return;
    this.#cancelled.add(call);
    this.#repeat([cancel]);
  }

  /** Closes a handle that nobody has any more. */
  closeUnseen(handle: Buffer): void {
    this.#turns.pushBeyondBound(unseen('close', { context: null, handle }));
    this.#scheduleFlush();
  }

  #closeUnwanted({ open, setSequencer }: PipeReply): void {
    const handle = (open ?? setSequencer)?.handle;
    if (handle !== undefined) this.closeUnseen(Buffer.from(handle));
  }
}

/** What a new master must be shown before it takes the session's belongings for lost. */
const URGENT: ReadonlySet<PipeCallName> = new Set(['reattach']);
/** Whoever lets go of something must not be kept from it by those who want more; nor can he come again. */
const ONCE_PER_HANDLE: ReadonlySet<PipeCallName> = new Set(['close', 'poison']);

/** A call that nobody waits for, and that is repeated until it is answered. */
function unseen<Name extends 'cancel' | 'close'>(
  name: Name,
  request: RequestOf<Name>,
  then = (): void => undefined,
): OpenCall {
  const terms = { sizeBytes: REQUEST_BYTES, deadlineMs: Infinity, timeoutMs: Infinity, signal: undefined };
  return new PendingCall(name, request, terms, () => undefined, then, then);
}

/** The session is over, and the cell may have executed this call of it. */
const butUnknown = (call: OpenCall, { reason, message, remedy }: ChubbyError): ChubbyError =>
  new ChubbyError(reason, `${message}; whether ${callInWords(call.name)} was done is unknown`, {
    remedy,
    outcomeUnknown: true,
  });

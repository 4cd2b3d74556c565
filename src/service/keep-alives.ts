import { Deadlines } from '../chubby/deadlines.js';
import { sessionIdBytes } from '../chubby/records/ids.js';
import type { SessionLeases } from '../chubby/session-lease.js';
import type { Failure, KeepAliveRequest, KeepAliveResponse } from '../wire/types.js';
import type { Caller, HeldKeepAlive, RespondKeepAlive } from './call.js';
import type { Reign } from './reign.js';
import type { SessionState } from './session-state.js';
import { isFailure } from './targets.js';

/** The part of a lease that is left when its KeepAlive is answered: time for the answer and the next request. */
const ANSWER_WITH_LEFT = 0.4;
/** When to repeat what a client should have acknowledged with this KeepAlive: a lost answer costs no more than that. */
const REPEAT_AFTER_MS = 100;
/** Answers with news in one turn of the event loop: a millisecond or two of it, in which a master hears nobody. */
const TOLD_AT_ONCE = 64;
/** When to look again whether this replica is still master, with an answer due. */
const LOOK_AGAIN_MS = 50;

/** A KeepAlive that waits for its session's lease to be nearly over, or for something to tell. */
class Held implements HeldKeepAlive {
  readonly session: SessionState;
  readonly number: number;
  readonly receivedAtMs: number;
  readonly respond: RespondKeepAlive;
  /** Whether it left unacknowledged what others wait for. */
  readonly owes: boolean;
  readonly #withdraw: (held: Held) => void;

  constructor(
    session: SessionState,
    number: number,
    receivedAtMs: number,
    respond: RespondKeepAlive,
    withdraw: (held: Held) => void,
  ) {
    this.session = session;
    this.number = number;
    this.receivedAtMs = receivedAtMs;
    this.respond = respond;
    this.owes = session.outbox.owesAcknowledgement;
    this.#withdraw = withdraw;
  }

  withdraw(): void {
    this.#withdraw(this);
  }
}

/** What was answered at once. */
export const NOT_HELD: HeldKeepAlive = { withdraw: () => undefined };

/**
 * Holds KeepAlives and answers them. An answer extends the lease by a full length from now, but says so as a length from
 * the receipt of the KeepAlive that it answers, which the client counts from its sending: whatever the answer's way
 * takes, the client's lease ends before the master's. ([CH] 2.8, DESIGN 5)
 */
export class KeepAlives {
  readonly #reign: Reign;
  readonly #leases: SessionLeases;
  readonly #lengthOf: (session: SessionState, nowMs: number) => number;
  readonly #beforeDue: (session: SessionState, nowMs: number) => void;
  readonly #came: (nowMs: number) => void;
  readonly #held = new Map<SessionState, Held>();
  readonly #answerAt = new Deadlines<Held>();
  /** Those that wait for their turn to tell their session's news, in the order in which these came. */
  readonly #news = new Set<Held>();

  /**
   * @param lengthOf the lease that a session is promised at a time
   * @param beforeDue runs before a KeepAlive is answered because its lease is nearly over
   * @param came runs at a session's first KeepAlive under this master
   */
  constructor(
    reign: Reign,
    leases: SessionLeases,
    lengthOf: (session: SessionState, nowMs: number) => number,
    beforeDue: (session: SessionState, nowMs: number) => void,
    came: (nowMs: number) => void,
  ) {
    this.#reign = reign;
    this.#leases = leases;
    this.#lengthOf = lengthOf;
    this.#beforeDue = beforeDue;
    this.#came = came;
  }

  /** To be called while the reign is in force. */
  hold(caller: Caller, request: KeepAliveRequest, respond: RespondKeepAlive): HeldKeepAlive {
    const session = this.#reign.sessions.authenticate(request.session ?? undefined);
    if (isFailure(session)) {
      respond({ response: notAlive(request.session?.id ?? NO_BYTES, request.number, session) });
      return NOT_HELD;
    }
    const earlier = this.#held.get(session);
    if (earlier !== undefined) this.#reply(earlier);
    const nowMs = this.#reign.around.clock.monotonicMs();
    if (session.address === '') this.#came(nowMs);
    session.address = caller.address;
    session.outbox.acknowledge(request.acknowledgedReply);
    const held = new Held(session, request.number, nowMs, respond, this.#withdraw);
    this.#held.set(session, held);
    if (session.ending) this.#reply(held);
    else this.#answerAt.set(held, this.#answerAtMs(held, nowMs));
    this.answerDue(nowMs);
    return held;
  }

  /** Whether a KeepAlive of the session waits for its answer. */
  holdsOneOf(session: SessionState): boolean {
    return this.#held.has(session);
  }

  /** When the next answer is due. */
  next(): number {
    return this.#news.size > 0 ? -Infinity : this.#answerAt.next();
  }

  /** Tells more of the news that were left. To be called in another turn of the event loop, when {@link next} is due. */
  goOn(): void {
    let left = TOLD_AT_ONCE;
    for (const held of this.#news) {
      if (left-- === 0) return;
      this.#news.delete(held);
      this.#answer(held);
    }
  }

  answerDue(nowMs: number): void {
    for (let held = this.#answerAt.takeDue(nowMs); held !== undefined; held = this.#answerAt.takeDue(nowMs)) {
      this.#beforeDue(held.session, nowMs);
      // What ended the session has answered it.
      if (this.#held.get(held.session) === held) this.#answer(held);
    }
  }

  /**
   * The sessions' outboxes have something to tell: the KeepAlives that wait for it need wait no longer. Where that is
   * news to very many, the rest waits for {@link goOn}.
   */
  tellNews(sessions: Iterable<SessionState>): void {
    for (const session of sessions) {
      const held = this.#held.get(session);
      if (held !== undefined && !session.ending && session.outbox.hasNews) this.#news.add(held);
    }
    this.goOn();
  }

  /** The session's end is proposed, or begun: whoever keeps it alive is told when that is applied. */
  sessionEnds(session: SessionState): void {
    const held = this.#held.get(session);
    if (held !== undefined) this.#reply(held);
  }

  /** The reign is over: another master will keep the sessions. */
  endAll(failure: Failure): void {
    this.#answerAt.clearAll();
    this.#news.clear();
    for (const held of this.#held.values()) held.respond({ failure });
    this.#held.clear();
  }

  #answerAtMs({ session, owes }: Held, nowMs: number): number {
    const untilMs = this.#leases.untilMs(session.id);
    if (untilMs === undefined || session.outbox.hasNews) return nowMs;
    if (owes) return nowMs + REPEAT_AFTER_MS;
    return Math.max(nowMs, untilMs - session.leaseMs * ANSWER_WITH_LEFT);
  }

  #answer(held: Held): void {
    // A session's lease is promised only under the master's own. (DESIGN 5)
    if (this.#reign.inForce) return this.#reply(held);
    this.#answerAt.set(held, this.#reign.around.clock.monotonicMs() + LOOK_AGAIN_MS);
  }

  #reply(held: Held): void {
    const { session, number } = held;
    this.#forget(held);
    if (session.ending) return this.#replyWhenEnded(held);
    const sessionId = sessionIdBytes(session.id);
    const leaseMs = this.#extend(held);
    const reply = session.outbox.nextReply();
    held.respond({
      response: { sessionId, answers: number, replyNumber: reply.number, leaseMs, events: reply.events },
    });
  }

  /** @returns the session's lease, counted from the KeepAlive's receipt; no longer than before while it {@link Held.owes} */
  #extend({ session, receivedAtMs, owes }: Held): number {
    const promisedMs = this.#leases.untilMs(session.id);
    if (owes && promisedMs !== undefined) return Math.max(0, Math.floor(promisedMs - receivedAtMs));
    const nowMs = this.#reign.around.clock.monotonicMs();
    session.leaseMs = this.#lengthOf(session, nowMs);
    const leaseMs = Math.floor(nowMs - receivedAtMs + session.leaseMs);
    this.#leases.promise(session.id, receivedAtMs + leaseMs);
    return leaseMs;
  }

  /** The session's end is proposed: only once that is applied is it gone. */
  #replyWhenEnded({ session, number, respond }: Held): void {
    const failure = session.endedBecause;
    this.#reign.answer({ failure }, [
      (reply) =>
        'failure' in reply && reply.failure === failure
          ? respond({ response: notAlive(sessionIdBytes(session.id), number, failure) })
          : respond({ failure: this.#reign.around.redirect.notMaster() }),
    ]);
  }

  #forget(held: Held): void {
    if (this.#held.get(held.session) === held) this.#held.delete(held.session);
    this.#answerAt.clear(held);
    this.#news.delete(held);
  }

  readonly #withdraw = (held: Held): void => this.#forget(held);
}

const NO_BYTES = Buffer.alloc(0);

const notAlive = (sessionId: Buffer, answers: number, failure: Failure): KeepAliveResponse => ({
  sessionId,
  answers,
  replyNumber: 0,
  leaseMs: 0,
  events: [],
  failure,
});

import { ChubbyError } from './chubby-error.js';
import { Listeners } from './listeners.js';
import type { CallTerms } from './pending-call.js';
import type { Session, SessionEvents, SessionSurroundings } from './session.js';
import type { SessionStarter } from './session-starter.js';

/**
 * The sessions of a client, of which it has one at a time: begun with the first call that needs it, and, when the cell
 * ended it because nothing was open and nothing was called, begun anew with the next. One that expired is not replaced:
 * its user has lost what it held and has to know. Only who reads by name, or watches, rests on nothing that was lost,
 * and goes on in a session beside it.
 */
export class Sessions {
  #current: Session | undefined;
  /** Once the current one has expired. */
  #beside: Session | undefined;
  #closed: ChubbyError | undefined;

  constructor(
    private readonly around: SessionSurroundings,
    private readonly starter: SessionStarter,
  ) {}

  /** Nothing before it is needed. */
  get current(): Session | undefined {
    if (this.#current?.wasIdle === true) this.#current = undefined;
    return this.#current;
  }

  /** @throws ChubbyError when the client is closed */
  assertOpen(): void {
    if (this.#closed !== undefined) throw this.#closed;
  }

  /** @returns rejects with ChubbyError */
  async need(terms: CallTerms): Promise<Session> {
    return this.current ?? this.#start(this.around, terms, (session) => (this.#current = session));
  }

  /** The session that reads by name go through; nothing where none lives. */
  get reading(): Session | undefined {
    const { current } = this;
    if (current?.state !== 'expired') return current;
    return this.#beside?.state === 'expired' ? undefined : this.#beside;
  }

  /** As {@link need}, of a session that reads by name may go through. */
  async needToRead(terms: CallTerms): Promise<Session> {
    if (this.current?.state !== 'expired') return this.need(terms);
    const unheard = { ...this.around, listeners: new Listeners<SessionEvents>() };
    return this.reading ?? this.#start(unheard, terms, (session) => (this.#beside = session));
  }

  /** Makes a call in the session; again in a new one, when it came to one that had ended for want of calls. */
  async within<Result>(terms: CallTerms, call: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#through((own) => this.need(own), terms, call);
  }

  /** As {@link within}, of a read by name. */
  async readWithin<Result>(terms: CallTerms, call: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#through((own) => this.needToRead(own), terms, call);
  }

  async #through<Result>(
    need: (terms: CallTerms) => Promise<Session>,
    terms: CallTerms,
    call: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    for (;;) {
      const session = await need(terms);
      try {
        return await call(session);
      } catch (error) {
        const isIdle = error instanceof ChubbyError && error.reason === 'SESSION_IDLE' && !error.outcomeUnknown;
        if (!isIdle || !session.wasIdle) throw error;
      }
    }
  }

  /** @returns the session that the cell is to be told of */
  close(error: ChubbyError): Session | undefined {
    this.#closed = error;
    const alive = this.reading;
    this.#current?.end(error);
    this.#beside?.end(error);
    return alive;
  }

  /** @param keep called as soon as there is a session, also when who asked for it has given up: it is one to be ended */
  async #start(around: SessionSurroundings, terms: CallTerms, keep: (session: Session) => void): Promise<Session> {
    this.assertOpen();
    return this.starter.start(around, terms, (session) => {
      keep(session);
      if (this.#closed !== undefined) session.end(this.#closed);
    });
  }
}

import { ChubbyError } from './chubby-error.js';
import { Listeners } from './listeners.js';
import type { CallTerms } from './pending-call.js';
import type { Session, SessionSurroundings } from './session.js';
import type { SessionStarter } from './session-starter.js';

/**
 * The sessions of a client, of which it has one at a time: begun with the first call that needs it, and, when the cell
 * ended it because nothing was open and nothing was called, begun anew with the next. One that expired is not replaced:
 * its user has lost what it held and has to know. Only who watches goes on, in a session of his own.
 */
export class Sessions {
  #current: Session | undefined;
  #watching: Session | undefined;
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
    return this.current ?? (this.#current = await this.#start(this.around, terms));
  }

  /** As {@link need}, and where that session has expired, another one whose end nobody is told of. */
  async needToWatch(terms: CallTerms): Promise<Session> {
    if (this.current?.state !== 'expired') return this.need(terms);
    if (this.#watching === undefined || this.#watching.state === 'expired') {
      const unheard = { ...this.around, listeners: new Listeners() as SessionSurroundings['listeners'] };
      this.#watching = await this.#start(unheard, terms);
    }
    return this.#watching;
  }

  /** Makes a call in the session; again in a new one, when it came to one that had ended for want of calls. */
  async within<Result>(terms: CallTerms, call: (session: Session) => Promise<Result>): Promise<Result> {
    for (;;) {
      const session = await this.need(terms);
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
    const session = this.current;
    const isAlive = session !== undefined && session.state !== 'expired';
    session?.end(error);
    this.#watching?.end(error);
    return isAlive ? session : undefined;
  }

  async #start(around: SessionSurroundings, terms: CallTerms): Promise<Session> {
    this.assertOpen();
    const session = await this.starter.start(around, terms);
    if (this.#closed !== undefined) session.end(this.#closed);
    return session;
  }
}

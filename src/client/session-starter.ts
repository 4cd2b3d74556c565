import type { CreateSessionRequest, Failure } from '../wire/types.js';
import { CallLimit } from './call-limit.js';
import { ChubbyError } from './chubby-error.js';
import type { CallTerms } from './pending-call.js';
import { Session } from './session.js';
import type { SessionSurroundings } from './session.js';
import { SessionLease } from './session-lease.js';
import type { LeaseRules } from './session-lease.js';
import { refusalOrTimeOut } from './unary-caller.js';
import type { UnaryCaller } from './unary-caller.js';

const NONCE_BYTES = 16;

/** Creates a session when one is needed; whoever needs one meanwhile waits for the same one. */
export class SessionStarter {
  #started: Promise<Session> | undefined;
  /** The last one, after which the session is asked for again. */
  #refusal: Failure | undefined;

  /** @param leaseMs the lease asked for; 0 for the cell's default */
  constructor(
    private readonly caller: UnaryCaller,
    private readonly rules: LeaseRules,
    private readonly leaseMs: number,
  ) {}

  /**
   * @param begun called with the session before anybody else has a turn, whether or not anybody still waits for it
   * @returns rejects with ChubbyError: the cell's refusal, TIME_LIMIT, CANCELLED
   */
  async start(
    around: SessionSurroundings,
    { timeoutMs, signal }: CallTerms,
    begun: (session: Session) => void,
  ): Promise<Session> {
    const { clock, locator } = around;
    const timeOut = (): ChubbyError => refusalOrTimeOut(this.#refusal, 'createSession', timeoutMs, locator);
    const limit = new CallLimit(clock, 'createSession', signal, timeoutMs, timeOut);
    try {
      return await limit.within((this.#started ??= this.#create(around, begun)));
    } finally {
      limit.end();
    }
  }

  async #create(around: SessionSurroundings, begun: (session: Session) => void): Promise<Session> {
    const { clock, rng, caches } = around;
    const request: CreateSessionRequest = {
      nonce: Buffer.from(rng.bytes(NONCE_BYTES)),
      cachesNothing: !caches,
      leaseMs: this.leaseMs,
    };
    // A repeated request finds the session that the first one made, and that one's lease.
    let sentAtMs: number | undefined;
    const attempting = (): void => {
      sentAtMs ??= clock.monotonicMs();
    };
    try {
      const refused = (failure: Failure): void => {
        this.#refusal = failure;
      };
      const terms = { timeoutMs: Infinity, attempting, refused };
      const { session, leaseMs } = await this.caller.call('createSession', request, terms);
      if (session === null) throw new ChubbyError('PROTOCOL', 'a session was created and not named');
      const lease = new SessionLease(clock, this.rules, sentAtMs ?? clock.monotonicMs(), leaseMs);
      const created = new Session(around, session, lease);
      begun(created);
      return created;
    } finally {
      // Whoever needs another one, after a refusal say, asks anew.
      this.#started = undefined;
    }
  }
}

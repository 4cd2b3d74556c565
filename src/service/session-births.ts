import { createSession } from '../chubby/calls/create-session.js';
import type { NewSession } from '../chubby/calls/create-session.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import { SESSION_ID_BYTES, sessionIdOf } from '../chubby/records/ids.js';
import type { SessionId } from '../chubby/records/ids.js';
import { sessionKey } from '../chubby/records/keys.js';
import { NONCE_BYTES, SECRET_BYTES } from '../chubby/records/session.js';
import { Refusal } from '../chubby/refusal.js';
import type { SessionLeases } from '../chubby/session-lease.js';
import { ownedCopy } from '../common/bytes.js';
import type { Rng } from '../common/rng.js';
import { METADATA, refusal } from '../wire/errors.js';
import type { CreateSessionRequest } from '../wire/types.js';
import type { Caller, Respond } from './call.js';
import { NotedAnswer } from './held-answers.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';
import { refused, sessionMessage } from './replies.js';
import { SESSION_ENDED } from './session-state.js';

const FULL_RETRY_AFTER_MS = 5_000;

/** Makes sessions. Their ids and secrets are drawn here, by the master, and reach the replicas as values. (DESIGN 5) */
export class SessionBirths {
  readonly #reign: Reign;
  readonly #proposals: Proposals;
  readonly #leases: SessionLeases;
  readonly #rng: Rng;
  readonly #defaultLeaseMs: number;
  /** Proposed and not yet applied. */
  #unborn = 0;

  /** @param defaultLeaseMs for clients that ask for no lease in particular */
  constructor(reign: Reign, proposals: Proposals, leases: SessionLeases, rng: Rng, defaultLeaseMs: number) {
    this.#reign = reign;
    this.#proposals = proposals;
    this.#leases = leases;
    this.#rng = rng;
    this.#defaultLeaseMs = defaultLeaseMs;
  }

  create(caller: Caller, request: CreateSessionRequest, respond: Respond): void {
    if (request.nonce.length !== NONCE_BYTES) {
      const sentence = `nonce: ${NONCE_BYTES} random bytes are needed, not ${request.nonce.length}`;
      return respond({ failure: refusal('MISSING_FIELD', sentence) });
    }
    const draft = this.#reign.around.cell.draft();
    const wanted = this.#draw(caller, request);
    const session = createSession(this.#reign.context(draft), wanted);
    if (session instanceof Refusal) return this.#reign.answer(refused(session), [respond]);
    if (session !== wanted) return this.#found(session, respond);
    const full = this.#reign.diskProblem();
    if (full !== undefined) return respond({ failure: full });
    const { limits } = this.#reign.around;
    if (this.#reign.sessions.size + this.#unborn >= limits.sessions) {
      const failure = refusal('LIMIT_SESSIONS', `the cell has ${limits.sessions} sessions`, {
        [METADATA.retryAfterMs]: String(FULL_RETRY_AFTER_MS),
      });
      return respond({ failure });
    }
    this.#unborn++;
    const by = { sessionId: '', principal: caller.principal, call: CALL_CODES.createSession };
    const answer = new NotedAnswer(this.#proposals.next, { response: sessionMessage(session) }, [respond], () => {
      this.#unborn--;
      this.#reign.sessions.add(session.id, session.record);
      this.#promise(session);
    });
    this.#proposals.propose(draft, by, answer);
  }

  /**
   * The nonce is known: the first request for it made this session, or is about to. Its lease is the one that it was
   * promised then, which the client counts from the first request: more would be a way to keep a session alive, and all
   * who wait for its cache waiting, without ever acknowledging anything.
   */
  #found(session: NewSession, respond: Respond): void {
    const { ending } = session.record;
    this.#reign.answer(ending === undefined ? { response: sessionMessage(session) } : { failure: SESSION_ENDED }, [
      respond,
    ]);
  }

  /** The client counts its lease from when it sent the request; here it begins no earlier than the answer. */
  #promise({ id, record }: NewSession): void {
    const session = this.#reign.sessions.get(id);
    if (session === undefined || session.ending) return;
    this.#leases.promise(id, this.#reign.around.clock.monotonicMs() + record.leaseMs);
  }

  /** An id that no session has, proposed ones included. */
  #drawId(): SessionId {
    for (;;) {
      const id = sessionIdOf(this.#rng.bytes(SESSION_ID_BYTES));
      if (!this.#reign.around.cell.pending.has(sessionKey(id))) return id;
    }
  }

  #draw(caller: Caller, request: CreateSessionRequest): NewSession {
    const { clock, limits } = this.#reign.around;
    const wantedMs = request.leaseMs === 0 ? this.#defaultLeaseMs : request.leaseMs;
    return {
      id: this.#drawId(),
      record: {
        secret: this.#rng.bytes(SECRET_BYTES),
        nonce: ownedCopy(request.nonce),
        leaseMs: Math.min(Math.max(wantedMs, limits.sessionLeaseMinMs), limits.sessionLeaseMaxMs),
        cachesNothing: request.cachesNothing,
        watermark: 0,
        principal: caller.principal,
        createdWallMs: clock.wallMs(),
        ending: undefined,
      },
    };
  }
}

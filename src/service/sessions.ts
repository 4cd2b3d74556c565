import type { Cell } from '../chubby/cell.js';
import { SESSION_ID_BYTES, sessionIdOf } from '../chubby/records/ids.js';
import type { SessionId } from '../chubby/records/ids.js';
import { ALL_SESSIONS, sessionIdOfKey } from '../chubby/records/keys.js';
import { decodeSession } from '../chubby/records/session.js';
import type { SessionRecord } from '../chubby/records/session.js';
import { sameSecret } from '../common/crypto.js';
import { refusal } from '../wire/errors.js';
import type { Limits } from '../wire/limits.js';
import type { Failure, SessionCredential } from '../wire/types.js';
import { EventBudget } from './event-budget.js';
import type { Epoch } from './options.js';
import { SessionState } from './session-state.js';

/** The sessions of the cell as their master knows them: those of the database, each once it is applied. */
export class Sessions {
  readonly #cell: Cell;
  readonly #epoch: Epoch;
  readonly #limits: Limits;
  readonly #budget: EventBudget;
  readonly #byId = new Map<SessionId, SessionState>();

  constructor(cell: Cell, epoch: Epoch, limits: Limits) {
    this.#cell = cell;
    this.#epoch = epoch;
    this.#limits = limits;
    this.#budget = new EventBudget(limits.nodeEventBytes);
    for (const { key, value } of cell.applied.range(ALL_SESSIONS.from, ALL_SESSIONS.to)) {
      this.add(sessionIdOfKey(key), decodeSession(value));
    }
  }

  /** What the events that wait for acknowledgements take. */
  get eventBytes(): number {
    return this.#budget.bytes;
  }

  get size(): number {
    return this.#byId.size;
  }

  [Symbol.iterator](): IterableIterator<SessionState> {
    return this.#byId.values();
  }

  get(id: SessionId): SessionState | undefined {
    return this.#byId.get(id);
  }

  add(id: SessionId, record: SessionRecord): void {
    this.#byId.set(id, new SessionState(id, record, this.#cell, this.#epoch, this.#limits, this.#budget));
  }

  remove(id: SessionId): void {
    this.#byId.get(id)?.outbox.clear();
    this.#byId.delete(id);
  }

  /** The session that the caller proves to own. Whether it is ending is the caller's to ask. */
  authenticate(credential: SessionCredential | undefined): SessionState | Failure {
    if (credential === undefined) return refusal('MISSING_FIELD', 'session: the request names none');
    if (credential.id.length !== SESSION_ID_BYTES) {
      return refusal('BAD_CREDENTIAL', `a session id has ${SESSION_ID_BYTES} bytes, not ${credential.id.length}`);
    }
    const session = this.#byId.get(sessionIdOf(credential.id));
    if (session === undefined) return refusal('UNKNOWN_SESSION', 'this cell has no such session');
    if (sameSecret(session.record.secret, credential.secret)) return session;
    return refusal('BAD_CREDENTIAL', "the secret is not this session's");
  }
}

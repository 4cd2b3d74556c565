import { CALL_CODES } from '../../chubby/records/call-code.js';
import { SESSION_ID_BYTES, sessionIdOf } from '../../chubby/records/ids.js';
import { assertNever } from '../../common/assert.js';
import { refusal } from '../../wire/errors.js';
import type { EndSessionRequest } from '../../wire/types.js';
import type { AdminCall, Caller, Respond } from '../call.js';
import type { KeyRotation } from '../key-rotation.js';
import type { LockDelays } from '../lock-delays.js';
import type { SessionEnds } from '../session-ends.js';
import { explain } from './explain.js';
import { listLocks } from './list-locks.js';
import { listSessions } from './list-sessions.js';
import type { AdminSources } from './session-descriptions.js';

/**
 * The calls of service Admin that the master answers. What they show is applied state and the master's memory beside
 * it; what they do goes through the log. (DESIGN 6)
 */
export class Admin {
  readonly #sources: AdminSources;
  readonly #delays: LockDelays;
  readonly #ends: SessionEnds;
  readonly #rotation: KeyRotation;

  constructor(sources: AdminSources, delays: LockDelays, ends: SessionEnds, rotation: KeyRotation) {
    this.#sources = sources;
    this.#delays = delays;
    this.#ends = ends;
    this.#rotation = rotation;
  }

  /** To be called while the reign is in force. */
  call(caller: Caller, call: AdminCall, respond: Respond): void {
    switch (call.name) {
      case 'listSessions':
        return respond(listSessions(this.#sources, call.request));
      case 'listLocks':
        return respond(listLocks(this.#sources, this.#delays, call.request));
      case 'explain':
        return respond(explain(this.#sources, this.#delays, call.request));
      case 'endSession':
        return this.#endSession(caller, call.request, respond);
      case 'rotateKeys':
        return this.#rotation.rotate(caller, call.request, respond);
      default:
        return assertNever(call, 'Admin');
    }
  }

  /** As if the session's lease had run out. */
  #endSession(caller: Caller, { id }: EndSessionRequest, respond: Respond): void {
    const { reign } = this.#sources;
    if (id.length !== SESSION_ID_BYTES) {
      const sentence = `id: a session id has ${SESSION_ID_BYTES} bytes, not ${id.length}`;
      return reign.answer({ failure: refusal('MALFORMED_REQUEST', sentence) }, [respond]);
    }
    const session = reign.sessions.get(sessionIdOf(id));
    if (session === undefined) return reign.answer({ response: { ended: false } }, [respond]);
    // What ends it is proposed already.
    if (session.ending) return reign.answer({ response: { ended: true } }, [respond]);
    const by = { sessionId: session.shownId, principal: caller.principal, call: CALL_CODES.endSession };
    this.#ends.end(session, 'expired', by, { response: { ended: true } }, [respond]);
  }
}

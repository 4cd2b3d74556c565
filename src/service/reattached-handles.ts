import { refusal } from '../wire/errors.js';
import type { Failure, ReattachedHandle } from '../wire/types.js';
import type { EventDelivery } from './event-delivery.js';
import { presentHandle } from './handle-check.js';
import type { Reign } from './reign.js';
import { failureOf } from './replies.js';
import type { SessionState } from './session-state.js';
import { isFailure } from './targets.js';

/**
 * Takes in the handles that a session has from earlier reigns, and goes on with what they want to be told, from where
 * the session stood: whatever happened meanwhile, under the last master or this one, it hears of now. ([CH] 2.9 step 8)
 */
export class ReattachedHandles {
  readonly #reign: Reign;
  readonly #events: EventDelivery;

  constructor(reign: Reign, events: EventDelivery) {
    this.#reign = reign;
    this.#events = events;
  }

  /** @returns why handles cannot be used any more, by their index; or why none was looked at */
  takeIn(session: SessionState, handles: readonly ReattachedHandle[]): Record<number, Failure> | Failure {
    const { handlesPerSession } = this.#reign.around.limits;
    if (handles.length > handlesPerSession) {
      return refusal('TOO_LARGE', `handles: ${handles.length} are more than a session can have open`);
    }
    const looks = this.#events.looks();
    const lost: Record<number, Failure> = {};
    handles.forEach(({ handle: bytes, seenRevision }, index) => {
      const handle = presentHandle(this.#reign, session, bytes);
      if (isFailure(handle)) {
        lost[index] = handle;
        return;
      }
      const gone = this.#events.resume(session, handle, seenRevision, looks);
      if (gone !== undefined) lost[index] = failureOf(gone);
    });
    return lost;
  }
}

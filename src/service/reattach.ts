import { refusal } from '../wire/errors.js';
import type { CallOf, Respond } from './call.js';
import type { Caching } from './caching.js';
import type { EventDelivery } from './event-delivery.js';
import { ReattachedHandles } from './reattached-handles.js';
import type { Reign } from './reign.js';
import { Revalidation } from './revalidation.js';
import type { SessionState } from './session-state.js';
import { isFailure } from './targets.js';

/** After a change of master: what a session shows of what it has from an earlier one. It changes no state. */
export class Reattach {
  readonly #reign: Reign;
  readonly #handles: ReattachedHandles;
  readonly #revalidation: Revalidation;

  constructor(reign: Reign, caching: Caching, events: EventDelivery) {
    this.#reign = reign;
    this.#handles = new ReattachedHandles(reign, events);
    this.#revalidation = new Revalidation(reign, caching);
  }

  reattach({ request, acknowledged }: CallOf<'reattach'>, session: SessionState, respond: Respond): void {
    if (!Number.isSafeInteger(acknowledged)) {
      const failure = refusal('MALFORMED_REQUEST', 'acknowledged: a request number is below 2^53');
      return this.#reign.answer({ failure }, [respond]);
    }
    session.window.acknowledge(acknowledged);
    session.outbox.acknowledge(request.acknowledgedReply);
    const lostHandles = this.#handles.takeIn(session, request.handles);
    if (isFailure(lostHandles)) return this.#reign.answer({ failure: lostHandles }, [respond]);
    if (request.complete) session.hasShownAll = true;
    const stillTrue = this.#revalidation.stillTrue(session, request.cached);
    respond({ response: { lostHandles, stillTrue, cacheNumber: session.invalidationNumber } });
  }
}

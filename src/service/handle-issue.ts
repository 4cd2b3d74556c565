import type { Draft } from '../chubby/draft.js';
import type { Handle } from '../chubby/handle.js';
import type { Opener } from '../chubby/calls/open.js';
import { assert } from '../common/assert.js';
import { toLatin1 } from '../common/bytes.js';
import { refusal } from '../wire/errors.js';
import { sealHandle } from '../wire/handle.js';
import type { Failure } from '../wire/types.js';
import { takeIn, tooManySubscriptions } from './handle-check.js';
import type { Reign } from './reign.js';
import { reused } from './request-numbers.js';
import type { SessionState } from './session-state.js';

/** Who makes a handle by this request, unless it would be one too many. */
export function openerOf({ epoch }: Reign, session: SessionState, number: number): Opener | Failure {
  if (session.handles.isFullFor(number)) {
    return refusal('LIMIT_HANDLES', `the session has ${session.handles.size} handles open`);
  }
  return { sessionId: session.id, number, epoch: { round: epoch.round, replicaId: epoch.replicaId } };
}

/** The bytes of a new handle, which is open once the draft has taken effect. */
export function issueHandle(reign: Reign, session: SessionState, draft: Draft, handle: Handle): Uint8Array | Failure {
  const { cell, limits, secrets } = reign.around;
  if (session.handles.clashes(handle)) return reused(handle.handleId);
  const secret = secrets.handleSecret(cell.applied);
  assert(secret !== undefined, 'a serving cell has its secrets');
  const bytes = sealHandle(handle, secret);
  if (bytes.length > limits.handleBytes) {
    const sentence = `a handle that rests on ${handle.claims.length} locks of such names would be ${bytes.length} bytes`;
    return refusal('TOO_LARGE', `${sentence}, over ${limits.handleBytes}`);
  }
  if (handle.events !== 0 && reign.subscriptions.isFullFor(handle)) return tooManySubscriptions(reign, session);
  // Its Open, or whatever made it, saw all that is proposed by now.
  const { proposed } = cell;
  draft.whenProposed(() => takeIn(reign, session, handle, toLatin1(bytes), proposed));
  return bytes;
}

import type { LockRequest } from '../chubby/calls/acquire.js';
import { refusal } from '../wire/errors.js';
import type { Failure, LockWanted } from '../wire/types.js';
import type { CallOf } from './call.js';
import { openHandle } from './handle-check.js';
import type { Reign } from './reign.js';
import { lockModeOf } from './requests.js';
import type { SessionState } from './session-state.js';
import { isFailure } from './targets.js';

export type LockCall = CallOf<'acquire'> | CallOf<'tryAcquire'> | CallOf<'acquireAll'>;

/** The locks that a request asks for, in its order. */
export function locksWanted(
  reign: Reign,
  session: SessionState,
  call: LockCall,
): readonly [LockRequest, ...LockRequest[]] | Failure {
  if (call.name !== 'acquireAll') {
    const request = lockRequest(reign, session, call.number, call.request);
    return isFailure(request) ? request : [request];
  }
  const { locks } = call.request;
  const { locksTogether } = reign.around.limits;
  if (locks.length > locksTogether) {
    return refusal('TOO_LARGE', `locks: ${locks.length} locks are more than ${locksTogether}`);
  }
  const requests: LockRequest[] = [];
  for (const wanted of locks) {
    const request = lockRequest(reign, session, call.number, wanted);
    if (isFailure(request)) return request;
    requests.push(request);
  }
  const [first, ...others] = requests;
  return first === undefined ? refusal('MISSING_FIELD', 'locks: the request names none') : [first, ...others];
}

function lockRequest(
  reign: Reign,
  session: SessionState,
  number: number,
  wanted: Pick<LockWanted, 'handle' | 'mode'>,
): LockRequest | Failure {
  const handle = openHandle(reign, session, wanted.handle);
  if (isFailure(handle)) return handle;
  const mode = lockModeOf(wanted.mode);
  return isFailure(mode) ? mode : { handle, number, mode };
}

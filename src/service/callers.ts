import { refusal } from '../wire/errors.js';
import type { Respond } from './call.js';

/** Who waits for one request at the most: its caller, and that of an earlier copy by a connection that is gone. */
const CALLERS = 2;

const DISPLACED = refusal('UNKNOWN_OUTCOME', 'later copies of the request came, and wait for its answer');

/**
 * One more waits for the same request. A caller cannot be told from one that is gone, and keeps its connection's memory
 * alive: so with each copy beyond the bound the oldest is sent away, to ask again if it is still there.
 */
export function joinCallers(callers: Respond[], caller: Respond): void {
  callers.push(caller);
  if (callers.length > CALLERS) callers.shift()!({ failure: DISPLACED });
}

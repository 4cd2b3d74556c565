import type { RefusedResult } from '../chubby/records/request-result.js';
import { METADATA } from '../wire/errors.js';
import type { Reason } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';

/**
 * Refusals that rest on the state: in a later one the same request might act, after its client was told that it did
 * not. So they are stored under the request's number, for every copy of it.
 *
 * The others are what they are in every state, or tell the client to ask again under the same number (`later`): that is
 * no answer to the request, and a client that asks no more cancels it.
 */
const MAY_TURN: ReadonlySet<string> = new Set<Reason>([
  'ACCESS_DENIED',
  'ALREADY_EXISTS',
  // A later master does not know what was closed under this one.
  'HANDLE_CLOSED',
  // Nor what was poisoned.
  'HANDLE_POISONED',
  'IS_A_DIRECTORY',
  'LIMIT_CHILDREN',
  'LIMIT_DATABASE',
  'LIMIT_HANDLES',
  'LIMIT_OPERATIONS',
  'LIMIT_SUBSCRIPTIONS',
  'LOCK_HELD_ALREADY',
  'LOCK_NOT_HELD',
  'NOT_A_DIRECTORY',
  'NOT_EMPTY',
  'NOT_FOUND',
  'PROTECTED_NODE',
  'STALE_GENERATION',
  // One more may come to share a lock that was only held back.
  'STALE_SEQUENCER',
]);

/** The result that the refusal must leave under the request's number; nothing where it needs none. */
export function lastingRefusal({ reason, message, metadata }: Failure): RefusedResult | undefined {
  const operation = metadata[METADATA.operation];
  // In another state the guards of a MultiOp may choose the other list.
  if (operation !== undefined) return { ...refusedResult(reason as Reason, message), operation: Number(operation) };
  return MAY_TURN.has(reason) ? refusedResult(reason as Reason, message) : undefined;
}

export const refusedResult = (reason: Reason, sentence: string): RefusedResult => ({
  call: 'refused',
  reason,
  sentence,
});

/** The result of a request for locks whose caller waited no longer. */
export const timeLimit = (number: number): RefusedResult =>
  refusedResult('TIME_LIMIT', `the time limit of request ${number} passed before it had the lock`);

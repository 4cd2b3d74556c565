import type { RequestResult } from '../chubby/records/request-result.js';
import { refusal } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import type { CallName, Envelope } from './call.js';

// What can be wrong with the number of a request that may change something.

export function numberProblem({ number, acknowledged }: Envelope): Failure | undefined {
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(acknowledged)) {
    return refusal('MALFORMED_REQUEST', 'number: a request number is below 2^53');
  }
  return number < 1
    ? refusal('MISSING_FIELD', 'number: requests that may change something count from 1 on')
    : undefined;
}

export const reused = (number: number): Failure =>
  refusal('MALFORMED_REQUEST', `number: request ${number} of this session is another call`);

export const forgotten = (number: number): Failure =>
  refusal('REQUEST_FORGOTTEN', `the session acknowledged the answer of request ${number}`);

/** Whether the result is one that a request of this name leaves; a TryAcquire leaves the same kind as an Acquire. */
export const isResultOf = (name: CallName, { call }: RequestResult): boolean =>
  call === 'refused' || call === (name === 'tryAcquire' ? 'acquire' : name);

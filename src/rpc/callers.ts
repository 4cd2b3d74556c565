import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '../service/call.js';
import { refusal } from '../wire/errors.js';
import { LIMITS } from '../wire/limits.js';
import { ANYBODY, isPrincipal, PRINCIPAL_HEADER } from '../wire/principal.js';
import type { Failure } from '../wire/types.js';
import type { IncomingCall } from './incoming-call.js';

const MALFORMED = refusal(
  'MALFORMED_REQUEST',
  `${PRINCIPAL_HEADER}: one principal of at most ${LIMITS.principalBytes} printable ASCII characters without blanks`,
);

/** Who is at the other end: whom he says he is, as long as connections prove nothing. An open cell believes it. */
export function callerOf(metadata: Metadata, { peer }: IncomingCall): Caller | Failure {
  const principal = principalIn(metadata);
  return typeof principal === 'string' ? { principal, address: peer } : principal;
}

/** As whom a call or a stream is made. */
export function principalIn(metadata: Metadata): string | Failure {
  const said = metadata.get(PRINCIPAL_HEADER);
  if (said.length === 0) return ANYBODY;
  const [principal] = said;
  return said.length === 1 && typeof principal === 'string' && isPrincipal(principal) ? principal : MALFORMED;
}

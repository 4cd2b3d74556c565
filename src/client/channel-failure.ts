import { METADATA } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import { CLIENT_REASONS } from './client-reasons.js';
import type { ClientReason } from './client-reasons.js';

/**
 * A failure that no cell gives: whether the call was executed is unknown.
 *
 * @param code gRPC status code, where there is one of its own
 */
export function channelFailure(
  reason: ClientReason,
  message: string,
  code: number = CLIENT_REASONS[reason].grpc,
): Failure {
  const { remedy } = CLIENT_REASONS[reason];
  return { code, reason, message, metadata: { [METADATA.remedy]: remedy, [METADATA.retry]: 'same-number' } };
}

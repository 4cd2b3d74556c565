import { status } from '@grpc/grpc-js';
import type { StatusObject } from '@grpc/grpc-js';
import { METADATA, refusal } from '../../wire/errors.js';
import type { Failure } from '../../wire/types.js';
import { MalformedMessage } from '../../wire/well-formed.js';
import { CLIENT_REASONS } from '../client-reasons.js';
import type { ClientReason } from '../client-reasons.js';
import { codecOf } from './proto.js';

interface Status {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly type_url: string; readonly value: Buffer }[];
}

interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Record<string, string>;
}

const statuses = codecOf<Status>('google.rpc.Status');
const errorInfos = codecOf<ErrorInfo>('google.rpc.ErrorInfo');

const DOMAIN = 'chubby';
const ERROR_INFO_URL = 'type.googleapis.com/google.rpc.ErrorInfo';

/** The codes that say no more than that there is no answer. */
const UNREACHABLE = new Set<number>([status.OK, status.CANCELLED, status.DEADLINE_EXCEEDED, status.UNAVAILABLE]);

/**
 * Why a call ended: the refusal of the cell out of `grpc-status-details-bin`, else what the status code lets one
 * conclude. The text is for people; nothing is read out of it. (DESIGN 6)
 */
export function failureOf(ended: StatusObject): Failure {
  const { code, details: message } = ended;
  const info = errorInfoOf(ended);
  if (info !== undefined) return { code, reason: info.reason, message, metadata: info.metadata };
  // grpc-js itself, on either side, refuses a message over its bound.
  if (code === status.RESOURCE_EXHAUSTED) return refusal('TOO_LARGE', message);
  if (UNREACHABLE.has(code)) return channelFailure('UNREACHABLE', message || 'the replica ended the connection', code);
  return channelFailure('PROTOCOL', message, code);
}

/** A failure that no cell gives: whether the call was executed is unknown. */
export function channelFailure(reason: ClientReason, message: string, code: number = status.OK): Failure {
  const { grpc, remedy } = CLIENT_REASONS[reason];
  return {
    code: code === status.OK ? grpc : code,
    reason,
    message,
    metadata: { [METADATA.remedy]: remedy, [METADATA.retry]: 'same-number' },
  };
}

/** What the cell says of itself in the status; nothing when something else stands between, or the bytes are damaged. */
function errorInfoOf({ metadata }: StatusObject): ErrorInfo | undefined {
  const bytes = metadata.get('grpc-status-details-bin')[0];
  if (!Buffer.isBuffer(bytes)) return undefined;
  try {
    for (const detail of statuses.decode(bytes).details) {
      if (detail.type_url !== ERROR_INFO_URL) continue;
      const info = errorInfos.decode(detail.value);
      if (info.domain === DOMAIN) return info;
    }
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
  }
  return undefined;
}

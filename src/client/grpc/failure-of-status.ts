import { status } from '@grpc/grpc-js';
import type { StatusObject } from '@grpc/grpc-js';
import { refusal } from '../../wire/errors.js';
import type { Failure } from '../../wire/types.js';
import { MalformedMessage } from '../../wire/well-formed.js';
import { channelFailure } from '../channel-failure.js';
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

/** The codes that say no more than that there is no answer, and what a person is told for them. */
const UNREACHABLE = new Map<number, (address: string, cause: string) => string>([
  [status.OK, (address) => `the connection to ${address} was ended`],
  [status.CANCELLED, (address) => `the connection to ${address} was ended`],
  [status.DEADLINE_EXCEEDED, (address) => `no answer from ${address} in time`],
  [status.UNAVAILABLE, (address, cause) => `no connection to ${address}${cause}`],
]);

/** What a person is told for the error codes of connecting; others are shown as they are. */
const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'no such host',
  ETIMEDOUT: 'timed out',
};
/** As Node names the errors of the system, wherever it stands in a text of grpc-js. */
const SYSTEM_ERROR = /\bE[A-Z_]{3,}\b/;

/**
 * Why a call ended: the refusal of the cell out of `grpc-status-details-bin`, else what the status code lets one
 * conclude. The text is for people; nothing but a system error is read out of it. (DESIGN 6)
 *
 * @param address of the replica
 */
export function failureOf(ended: StatusObject, address: string): Failure {
  const { code, details: message } = ended;
  const info = errorInfoOf(ended);
  if (info !== undefined) return { code, reason: info.reason, message, metadata: info.metadata };
  // grpc-js itself, on this side, refuses a message over its bound.
  if (code === status.RESOURCE_EXHAUSTED) return refusal('TOO_LARGE', message);
  if (code === status.UNIMPLEMENTED) return refusal('UNKNOWN_METHOD', `${address}: ${message}`);
  const sentence = UNREACHABLE.get(code);
  if (sentence === undefined) return channelFailure('PROTOCOL', message, code);
  return channelFailure('UNREACHABLE', sentence(address, causeIn(message)), code === status.OK ? undefined : code);
}

function causeIn(text: string): string {
  const name = SYSTEM_ERROR.exec(text)?.[0];
  return name === undefined ? '' : `: ${SYSTEM_ERRORS[name] ?? name}`;
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

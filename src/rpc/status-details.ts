import { Metadata } from '@grpc/grpc-js';
import type { StatusObject } from '@grpc/grpc-js';
import { METADATA } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import { codecOf } from './proto.js';

interface Status {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly type_url: string; readonly value: Uint8Array }[];
}

interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const status = codecOf<Status, Status>('google.rpc.Status');
const errorInfo = codecOf<ErrorInfo, ErrorInfo>('google.rpc.ErrorInfo');

const DOMAIN = 'chubby';
const ERROR_INFO_URL = 'type.googleapis.com/google.rpc.ErrorInfo';
/** HTTP/2 peers refuse headers beyond some 8 KB, and a text of hostile length is in the status twice. */
const TEXT_MAX = 500;

/**
 * A failure as the status that ends a call: the text for people, `google.rpc.Status` with one `ErrorInfo` in
 * `grpc-status-details-bin`, and the master's address in `chubby-master` where the failure knows it. (DESIGN 6)
 */
export function statusOf(failure: Failure): StatusObject {
  const text = failure.message.slice(0, TEXT_MAX);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeDetails(failure, text));
  const master = failure.metadata[METADATA.master];
  if (master !== undefined) metadata.set(METADATA.master, master);
  return { code: failure.code, details: text, metadata };
}

function encodeDetails({ code, reason, metadata }: Failure, message: string): Buffer {
  const value = errorInfo.encode({ reason, domain: DOMAIN, metadata });
  return status.encode({ code, message, details: [{ type_url: ERROR_INFO_URL, value }] });
}

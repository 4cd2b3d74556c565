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
/** All that gRPC allows in metadata that is text. */
const METADATA_TEXT = /^[\x20-\x7e]+$/;

/**
 * A failure as the status that ends a call: the text for people, `google.rpc.Status` with one `ErrorInfo` in
 * `grpc-status-details-bin`, and the master's address in `chubby-master` where the failure knows it. (DESIGN 6)
 *
 * Whatever texts the failure has, gRPC can send this.
 */
export function statusOf(failure: Failure): StatusObject {
  const { code, message, metadata: facts } = sendable(failure);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeDetails({ ...failure, message, metadata: facts }));
  const master = facts[METADATA.master];
  if (master !== undefined && METADATA_TEXT.test(master)) metadata.set(METADATA.master, master);
  return { code, details: message, metadata };
}

/** The failure with texts of bearable length that are UTF-8, as whoever receives them will insist. */
export function sendable(failure: Failure): Failure {
  const facts = Object.entries(failure.metadata).map(([key, fact]) => [key, textOf(fact)]);
  return { ...failure, message: textOf(failure.message), metadata: Object.fromEntries(facts) };
}

/**
 * A text cut anywhere may end in half of a pair of surrogates, which grpc-js cannot encode. What stands for it is not
 * U+FFFD: our decoders take that for damage.
 */
const textOf = (text: string): string => Buffer.from(text.slice(0, TEXT_MAX)).toString().replaceAll('\uFFFD', '?');

function encodeDetails({ code, reason, message, metadata }: Failure): Buffer {
  const value = errorInfo.encode({ reason, domain: DOMAIN, metadata });
  return status.encode({ code, message, details: [{ type_url: ERROR_INFO_URL, value }] });
}

import { ByteReader, ByteWriter } from '../common/bytes.js';
import { hmacSha256, sameSecret } from '../common/crypto.js';
import type { IssuingEpoch } from './handle.js';

/** Where a listing goes on, and which state of the directory it is of. */
export interface PageToken {
  readonly epoch: IssuingEpoch;
  /** Under this number the issuing master knows the state that the listing began with. */
  readonly serial: number;
  /** The last component of the page before, in UTF-8 as a latin1 string. */
  readonly after: string;
}

/** Unlike the first byte of every handle: both are sealed under the same secret. */
const KIND = 0x70;
const FORMAT_VERSION = 1;
const CHECK_DIGIT_BYTES = 8;

/** @param directory the directory's internal path: its tokens are of no use with another */
export function sealPageToken({ epoch, serial, after }: PageToken, directory: string, secret: Uint8Array): Uint8Array {
  const out = new ByteWriter(64 + after.length).u8(KIND).u8(FORMAT_VERSION);
  out.uint(epoch.round).uint(epoch.replicaId).uint(serial).latin1(after);
  return out.raw(checkDigits(out.view(), directory, secret)).take();
}

/** What the bytes say, or nothing for bytes that {@link sealPageToken} did not make for this directory. */
export function unsealPageToken(bytes: Uint8Array, directory: string, secret: Uint8Array): PageToken | undefined {
  const fieldBytes = bytes.length - CHECK_DIGIT_BYTES;
  if (fieldBytes <= 0) return undefined;
  const fields = bytes.subarray(0, fieldBytes);
  if (!sameSecret(bytes.subarray(fieldBytes), checkDigits(fields, directory, secret))) return undefined;
  const from = new ByteReader(fields);
  // Ours, but of another version of this program.
  if (from.u8() !== KIND || from.u8() !== FORMAT_VERSION) return undefined;
  const token = { epoch: { round: from.uint(), replicaId: from.uint() }, serial: from.uint(), after: from.latin1() };
  from.end();
  return token;
}

const checkDigits = (fields: Uint8Array, directory: string, secret: Uint8Array): Uint8Array =>
  hmacSha256(
    secret,
    new ByteWriter(fields.length + directory.length + 16).bytes(fields).latin1(directory).view(),
  ).subarray(0, CHECK_DIGIT_BYTES);

import { ByteReader, ByteWriter, MalformedBytes } from '../common/bytes.js';
import { hmacSha256, sameSecret } from '../common/crypto.js';

/** The reign that issued a handle, as far as a handle needs it: the epoch's round and replica. */
export interface IssuingEpoch {
  readonly round: number;
  readonly replicaId: number;
}

/** What a handle may be used for, as asked at Open. */
export interface HandleMode {
  readonly read: boolean;
  readonly write: boolean;
  readonly changeAcl: boolean;
}

/**
 * What the bytes of a handle say. With them a later master verifies and recreates it. ([CH] 2.2: check digits, mode,
 * and whether this master or an earlier one made it)
 */
export interface HandleFields {
  /** Eight bytes as a latin1 string. */
  readonly sessionId: string;
  /** Within the session: the number of the request that made it. */
  readonly handleId: number;
  /** The node: its internal path, and which of the nodes that ever had this path. */
  readonly path: string;
  readonly instanceNumber: number;
  readonly mode: HandleMode;
  readonly lockDelayMs: number;
  /** The kinds of events that the session wants of it, as bits of the cell's own; 0 for none. */
  readonly events: number;
  /** Events of children come from all nodes below. */
  readonly recursive: boolean;
  readonly epoch: IssuingEpoch;
  /** By SetSequencer: the handle is good only as long as each of these locks is held as it says. */
  readonly claims: readonly HandleClaim[];
}

/** A lock that a handle rests on. */
export interface HandleClaim {
  /** Internal, as the handle's own. */
  readonly path: string;
  readonly instanceNumber: number;
  readonly lockGeneration: number;
  readonly mode: 'exclusive' | 'shared';
}

const FORMAT_VERSION = 2;
const SESSION_ID_BYTES = 8;
const CHECK_DIGIT_BYTES = 16;
const LOCK_MODES = ['exclusive', 'shared'] as const;

const RECURSIVE = 8;

const modeBits = ({ read, write, changeAcl }: HandleMode): number =>
  (read ? 1 : 0) | (write ? 2 : 0) | (changeAcl ? 4 : 0);

const modeOf = (bits: number): HandleMode => ({
  read: (bits & 1) !== 0,
  write: (bits & 2) !== 0,
  changeAcl: (bits & 4) !== 0,
});

const checkDigits = (fields: Uint8Array, secret: Uint8Array): Uint8Array =>
  hmacSha256(secret, fields).subarray(0, CHECK_DIGIT_BYTES);

/** The handle's bytes: the fields, then check digits (HMAC-SHA-256 under the cell's secret, cut to 16 bytes). */
export function sealHandle(handle: HandleFields, secret: Uint8Array): Uint8Array {
  const out = new ByteWriter(64 + handle.path.length);
  out.u8(FORMAT_VERSION).raw(Buffer.from(handle.sessionId, 'latin1')).uint(handle.handleId);
  out.latin1(handle.path).uint(handle.instanceNumber);
  out.u8(modeBits(handle.mode) | (handle.recursive ? RECURSIVE : 0));
  out.uint(handle.lockDelayMs).uint(handle.events);
  out.uint(handle.epoch.round).uint(handle.epoch.replicaId).uint(handle.claims.length);
  for (const { path, instanceNumber, lockGeneration, mode } of handle.claims) {
    out.latin1(path).uint(instanceNumber).uint(lockGeneration).u8(LOCK_MODES.indexOf(mode));
  }
  return out.raw(checkDigits(out.view(), secret)).take();
}

/** What the bytes say, or nothing for bytes that {@link sealHandle} did not make under this secret. */
export function unsealHandle(bytes: Uint8Array, secret: Uint8Array): HandleFields | undefined {
  const fieldBytes = bytes.length - CHECK_DIGIT_BYTES;
  if (fieldBytes <= 0) return undefined;
  const fields = bytes.subarray(0, fieldBytes);
  if (!sameSecret(bytes.subarray(fieldBytes), checkDigits(fields, secret))) return undefined;
  const from = new ByteReader(fields);
  // Ours, but of another version of this program.
  if (from.u8() !== FORMAT_VERSION) return undefined;
  return readFields(from);
}

function readFields(from: ByteReader): HandleFields {
  const sessionId = Buffer.from(from.raw(SESSION_ID_BYTES)).toString('latin1');
  const handleId = from.uint();
  const path = from.latin1();
  const instanceNumber = from.uint();
  const bits = from.u8();
  if (bits > 15) throw new MalformedBytes(`handle mode ${bits} is not known here`);
  const lockDelayMs = from.uint();
  const events = from.uint();
  const epoch = { round: from.uint(), replicaId: from.uint() };
  const claims: HandleClaim[] = [];
  for (let count = from.uint(); count > 0; count--) claims.push(readClaim(from));
  from.end();
  const [mode, recursive] = [modeOf(bits), (bits & RECURSIVE) !== 0];
  return { sessionId, handleId, path, instanceNumber, mode, lockDelayMs, events, recursive, epoch, claims };
}

function readClaim(from: ByteReader): HandleClaim {
  const path = from.latin1();
  const instanceNumber = from.uint();
  const lockGeneration = from.uint();
  const mode = LOCK_MODES[from.u8()];
  if (mode === undefined) throw new MalformedBytes('handle: the lock mode is not known here');
  return { path, instanceNumber, lockGeneration, mode };
}

import { ByteWriter } from '../../common/bytes.js';
import { openRecord } from './format.js';

export const NONCE_BYTES = 16;
export const SECRET_BYTES = 16;

export interface SessionRecord {
  /** Proves that a caller owns the session. */
  readonly secret: Uint8Array;
  /** Drawn by the client: a repeated CreateSession finds the session by it. */
  readonly nonce: Uint8Array;
  readonly leaseMs: number;
  readonly cachesNothing: boolean;
  /**
   * Results up to here are deleted and their numbers never executed again. Follows what the client acknowledges with
   * some delay, so that not every request rewrites the session.
   */
  readonly watermark: number;
  readonly principal: string;
  /** The master's wall clock, to show people. */
  readonly createdWallMs: number;
  /** Its end has begun and takes several values: it serves nobody any more. */
  readonly ending: boolean;
}

const FORMAT_VERSION = 1;

export function encodeSession(session: SessionRecord): Uint8Array {
  const out = new ByteWriter().u8(FORMAT_VERSION).raw(session.secret).raw(session.nonce).uint(session.leaseMs);
  out.bool(session.cachesNothing).uint(session.watermark).text(session.principal);
  return out.f64(session.createdWallMs).bool(session.ending).take();
}

/** @throws MalformedBytes for anything that {@link encodeSession} does not produce */
export function decodeSession(bytes: Uint8Array): SessionRecord {
  const from = openRecord('session', bytes, FORMAT_VERSION);
  const secret = from.raw(SECRET_BYTES);
  const nonce = from.raw(NONCE_BYTES);
  const leaseMs = from.uint();
  const cachesNothing = from.bool();
  const watermark = from.uint();
  const principal = from.text();
  const createdWallMs = from.f64();
  const ending = from.bool();
  from.end();
  return { secret, nonce, leaseMs, cachesNothing, watermark, principal, createdWallMs, ending };
}

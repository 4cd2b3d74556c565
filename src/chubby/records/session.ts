import { ByteWriter, MalformedBytes } from '../../common/bytes.js';
import { openRecord } from './format.js';

export const NONCE_BYTES = 16;
export const SECRET_BYTES = 16;

/** `closed`: the client said so, and its locks are free at once. `expired`: they are held back for their lock-delay. */
export type SessionEnd = 'closed' | 'expired';

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
  /** Its end has begun, and takes several values: it serves nobody any more, and whoever is master ends it this way. */
  readonly ending: SessionEnd | undefined;
}

const FORMAT_VERSION = 1;
/** As they are stored. */
const ENDINGS = [undefined, 'closed', 'expired'] as const satisfies readonly (SessionEnd | undefined)[];

export function encodeSession(session: SessionRecord): Uint8Array {
  const out = new ByteWriter().u8(FORMAT_VERSION).raw(session.secret).raw(session.nonce).uint(session.leaseMs);
  out.bool(session.cachesNothing).uint(session.watermark).text(session.principal);
  return out.f64(session.createdWallMs).u8(ENDINGS.indexOf(session.ending)).take();
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
  const endingCode = from.u8();
  if (endingCode >= ENDINGS.length) throw new MalformedBytes(`session: end ${endingCode} is not known here`);
  const ending = ENDINGS[endingCode];
  from.end();
  return { secret, nonce, leaseMs, cachesNothing, watermark, principal, createdWallMs, ending };
}

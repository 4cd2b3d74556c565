import { ByteWriter, MalformedBytes } from '../../common/bytes.js';
import { SESSION_ID_BYTES, sessionIdOf } from './ids.js';
import type { SessionId } from './ids.js';
import { openRecord } from './format.js';

export type LockMode = 'exclusive' | 'shared';

/** A handle that holds the lock, or, where its session expired, the time for which nobody else may have it. */
export interface LockHolder {
  readonly sessionId: SessionId;
  readonly handleId: number;
  /** The number of the Acquire: asked again under it, the answer is "granted". */
  readonly acquireNumber: number;
  readonly lockDelayMs: number;
  /** The master's wall clock at the grant, to show people. */
  readonly acquiredWallMs: number;
  /** The session expired; the lock stays unclaimable for lockDelayMs from there, or from a master's beginning. */
  readonly heldBack: boolean;
}

/** Kept as long as the node, free or held, so that the generation never repeats for an instance. */
export interface LockRecord {
  /** Grows each time the lock goes from free to held. */
  readonly generation: number;
  /** Of the holders; without meaning while there are none. */
  readonly mode: LockMode;
  /** None, one, or several sharing. */
  readonly holders: readonly LockHolder[];
}

export const NEVER_LOCKED: LockRecord = { generation: 0, mode: 'exclusive', holders: [] };

const FORMAT_VERSION = 1;
const MODES = ['exclusive', 'shared'] as const satisfies readonly LockMode[];

export const modeToByte = (mode: LockMode): number => MODES.indexOf(mode);

/** @throws MalformedBytes for a byte that {@link modeToByte} does not produce */
export function modeOfByte(byte: number): LockMode {
  const mode = MODES[byte];
  if (mode === undefined) throw new MalformedBytes(`lock mode ${byte} is not known here`);
  return mode;
}

const scratch = new ByteWriter();

export function encodeLock(lock: LockRecord): Uint8Array {
  const out = scratch.reset().u8(FORMAT_VERSION).uint(lock.generation).u8(modeToByte(lock.mode));
  out.uint(lock.holders.length);
  for (const holder of lock.holders) {
    out.raw(Buffer.from(holder.sessionId, 'latin1')).uint(holder.handleId).uint(holder.acquireNumber);
    out.uint(holder.lockDelayMs).f64(holder.acquiredWallMs).bool(holder.heldBack);
  }
  return out.take();
}

/** @throws MalformedBytes for anything that {@link encodeLock} does not produce */
export function decodeLock(bytes: Uint8Array): LockRecord {
  const from = openRecord('lock', bytes, FORMAT_VERSION);
  const generation = from.uint();
  const mode = modeOfByte(from.u8());
  const holders: LockHolder[] = [];
  for (let count = from.uint(); count > 0; count--) {
    holders.push({
      sessionId: sessionIdOf(from.raw(SESSION_ID_BYTES)),
      handleId: from.uint(),
      acquireNumber: from.uint(),
      lockDelayMs: from.uint(),
      acquiredWallMs: from.f64(),
      heldBack: from.bool(),
    });
  }
  from.end();
  return { generation, mode, holders };
}

import { ByteWriter } from '../../common/bytes.js';
import { openRecord } from './format.js';
import type { NodePath } from './node-path.js';

// What a handle holds, listed under its session and number, so that a session's end finds everything.

/** The lock of the handle's node. */
export interface LockHolding {
  readonly path: NodePath;
  /** The request that got it: asked again, or cancelled, it is found by this. */
  readonly acquireNumber: number;
}

/** The ephemeral node that goes with the handle. */
export interface EphemeralHolding {
  readonly path: NodePath;
}

const FORMAT_VERSION = 1;

export const encodeLockHolding = (holding: LockHolding): Uint8Array =>
  new ByteWriter(holding.path.length + 16).u8(FORMAT_VERSION).latin1(holding.path).uint(holding.acquireNumber).take();

/** @throws MalformedBytes for anything that {@link encodeLockHolding} does not produce */
export function decodeLockHolding(bytes: Uint8Array): LockHolding {
  const from = openRecord('lock holding', bytes, FORMAT_VERSION);
  const holding = { path: from.latin1() as NodePath, acquireNumber: from.uint() };
  from.end();
  return holding;
}

export const encodeEphemeralHolding = (holding: EphemeralHolding): Uint8Array =>
  new ByteWriter(holding.path.length + 8).u8(FORMAT_VERSION).latin1(holding.path).take();

/** @throws MalformedBytes for anything that {@link encodeEphemeralHolding} does not produce */
export function decodeEphemeralHolding(bytes: Uint8Array): EphemeralHolding {
  const from = openRecord('ephemeral holding', bytes, FORMAT_VERSION);
  const holding = { path: from.latin1() as NodePath };
  from.end();
  return holding;
}

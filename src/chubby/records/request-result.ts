import { ByteWriter, MalformedBytes } from '../../common/bytes.js';
import type { ByteReader } from '../../common/bytes.js';
import { assertNever } from '../../common/assert.js';
import { SESSION_ID_BYTES, sessionIdOf } from './ids.js';
import type { SessionId } from './ids.js';
import { openRecord } from './format.js';
import { readStat, writeStat } from './stat.js';
import type { Stat } from './stat.js';

/** The answer to an Acquire or TryAcquire. */
export interface AcquireResult {
  readonly call: 'acquire';
  readonly granted: boolean;
  /** Of the lock, when granted. */
  readonly lockGeneration: number;
  /** One of the sessions in the way, when not granted. */
  readonly holder: SessionId | undefined;
  /** How long the lock is still held back for an expired session. */
  readonly lockDelayLeftMs: number;
}

/** The request was refused, for a reason that a later state could turn: a copy of it that comes late must not act. */
export interface RefusedResult {
  readonly call: 'refused';
  readonly reason: string;
  readonly sentence: string;
}

/** The first answer of a request that may change something: what every retry of it is answered. (DESIGN 4) */
export type RequestResult =
  | RefusedResult
  | { readonly call: 'open'; readonly handle: Uint8Array; readonly created: boolean; readonly stat: Stat }
  | { readonly call: 'close' }
  | { readonly call: 'setContents'; readonly stat: Stat }
  | { readonly call: 'delete' }
  | AcquireResult
  | { readonly call: 'release'; readonly released: boolean };

const FORMAT_VERSION = 1;
const CALLS = [
  'open',
  'close',
  'setContents',
  'delete',
  'acquire',
  'release',
  'refused',
] as const satisfies readonly RequestResult['call'][];

const scratch = new ByteWriter();

export function encodeResult(result: RequestResult): Uint8Array {
  const out = scratch.reset().u8(FORMAT_VERSION).u8(CALLS.indexOf(result.call));
  switch (result.call) {
    case 'open':
      writeStat(out.bytes(result.handle).bool(result.created), result.stat);
      break;
    case 'setContents':
      writeStat(out, result.stat);
      break;
    case 'acquire':
      out.bool(result.granted).uint(result.lockGeneration).uint(result.lockDelayLeftMs);
      out.bool(result.holder !== undefined);
      if (result.holder !== undefined) out.raw(Buffer.from(result.holder, 'latin1'));
      break;
    case 'release':
      out.bool(result.released);
      break;
    case 'refused':
      out.text(result.reason).text(result.sentence);
      break;
    case 'close':
    case 'delete':
      break;
    default:
      assertNever(result, 'encodeResult');
  }
  return out.take();
}

/** @throws MalformedBytes for anything that {@link encodeResult} does not produce */
export function decodeResult(bytes: Uint8Array): RequestResult {
  const from = openRecord('request result', bytes, FORMAT_VERSION);
  const call = CALLS[from.u8()];
  if (call === undefined) throw new MalformedBytes('request result: the call is not known here');
  const result = readResult(from, call);
  from.end();
  return result;
}

function readResult(from: ByteReader, call: RequestResult['call']): RequestResult {
  switch (call) {
    case 'open':
      return { call, handle: from.bytes(), created: from.bool(), stat: readStat(from) };
    case 'setContents':
      return { call, stat: readStat(from) };
    case 'acquire': {
      const granted = from.bool();
      const lockGeneration = from.uint();
      const lockDelayLeftMs = from.uint();
      const holder = from.bool() ? sessionIdOf(from.raw(SESSION_ID_BYTES)) : undefined;
      return { call, granted, lockGeneration, holder, lockDelayLeftMs };
    }
    case 'release':
      return { call, released: from.bool() };
    case 'refused':
      return { call, reason: from.text(), sentence: from.text() };
    case 'close':
    case 'delete':
      return { call };
    default:
      return assertNever(call, 'readResult');
  }
}

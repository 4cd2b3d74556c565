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

/** The answer to an AcquireAll. */
export interface AcquireAllResult {
  readonly call: 'acquireAll';
  readonly granted: boolean;
  /** In the order of the request, when granted. */
  readonly lockGenerations: readonly number[];
  /** The whole name of a lock that is in the way, when not granted; and as in {@link AcquireResult}. */
  readonly busyName: string;
  readonly holder: SessionId | undefined;
  readonly lockDelayLeftMs: number;
}

/** The request was refused, for a reason that a later state could turn: a copy of it that comes late must not act. */
export interface RefusedResult {
  readonly call: 'refused';
  readonly reason: string;
  readonly sentence: string;
  /** Of a MultiOp: the index of the operation that could not be done. */
  readonly operation?: number;
}

/** What came of one operation of a MultiOp. */
export interface OperationResult {
  /** Absent where a read found no node, and for a deletion. */
  readonly stat: Stat | undefined;
  /** Of a file that was read. */
  readonly contents: Uint8Array | undefined;
}

/** The answer to a MultiOp. */
export interface MultiOpResult {
  readonly call: 'multiOp';
  /** Whether all guards held. */
  readonly held: boolean;
  readonly guards: readonly boolean[];
  readonly results: readonly OperationResult[];
  /** 0 where nothing was changed. */
  readonly revision: number;
}

/** The first answer of a request that may change something: what every retry of it is answered. (DESIGN 4) */
export type RequestResult =
  | RefusedResult
  | {
      readonly call: 'open';
      readonly handle: Uint8Array;
      readonly created: boolean;
      readonly stat: Stat;
      readonly name: string;
    }
  | { readonly call: 'close' }
  | { readonly call: 'setContents'; readonly stat: Stat }
  | { readonly call: 'delete' }
  | { readonly call: 'setAcl'; readonly stat: Stat }
  | MultiOpResult
  | AcquireResult
  | AcquireAllResult
  | { readonly call: 'release'; readonly released: boolean }
  | { readonly call: 'setSequencer'; readonly handle: Uint8Array };

const FORMAT_VERSION = 1;
const CALLS = [
  'open',
  'close',
  'setContents',
  'delete',
  'acquire',
  'release',
  'refused',
  'acquireAll',
  'setSequencer',
  'setAcl',
  'multiOp',
] as const satisfies readonly RequestResult['call'][];

const scratch = new ByteWriter();

export function encodeResult(result: RequestResult): Uint8Array {
  const out = scratch.reset().u8(FORMAT_VERSION).u8(CALLS.indexOf(result.call));
  switch (result.call) {
    case 'open':
      writeStat(out.bytes(result.handle).bool(result.created).text(result.name), result.stat);
      break;
    case 'setContents':
    case 'setAcl':
      writeStat(out, result.stat);
      break;
    case 'acquire':
      out.bool(result.granted).uint(result.lockGeneration).uint(result.lockDelayLeftMs);
      writeHolder(out, result.holder);
      break;
    case 'acquireAll':
      out.bool(result.granted).uint(result.lockGenerations.length);
      for (const generation of result.lockGenerations) out.uint(generation);
      writeHolder(out.text(result.busyName).uint(result.lockDelayLeftMs), result.holder);
      break;
    case 'release':
      out.bool(result.released);
      break;
    case 'setSequencer':
      out.bytes(result.handle);
      break;
    case 'refused':
      out.text(result.reason).text(result.sentence);
      out.uint(result.operation === undefined ? 0 : result.operation + 1);
      break;
    case 'multiOp':
      writeMultiOp(out, result);
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
      return { call, handle: from.bytes(), created: from.bool(), name: from.text(), stat: readStat(from) };
    case 'setContents':
    case 'setAcl':
      return { call, stat: readStat(from) };
    case 'acquire': {
      const granted = from.bool();
      const lockGeneration = from.uint();
      const lockDelayLeftMs = from.uint();
      return { call, granted, lockGeneration, lockDelayLeftMs, holder: readHolder(from) };
    }
    case 'acquireAll': {
      const granted = from.bool();
      const lockGenerations: number[] = [];
      for (let count = from.uint(); count > 0; count--) lockGenerations.push(from.uint());
      const busyName = from.text();
      return { call, granted, lockGenerations, busyName, lockDelayLeftMs: from.uint(), holder: readHolder(from) };
    }
    case 'release':
      return { call, released: from.bool() };
    case 'setSequencer':
      return { call, handle: from.bytes() };
    case 'refused': {
      const refused = { call, reason: from.text(), sentence: from.text() };
      const operation = from.uint();
      return operation === 0 ? refused : { ...refused, operation: operation - 1 };
    }
    case 'multiOp':
      return readMultiOp(from);
    case 'close':
    case 'delete':
      return { call };
    default:
      return assertNever(call, 'readResult');
  }
}

function writeHolder(out: ByteWriter, holder: SessionId | undefined): void {
  out.bool(holder !== undefined);
  if (holder !== undefined) out.raw(Buffer.from(holder, 'latin1'));
}

const readHolder = (from: ByteReader): SessionId | undefined =>
  from.bool() ? sessionIdOf(from.raw(SESSION_ID_BYTES)) : undefined;

const HAS_STAT = 1;
const HAS_CONTENTS = 2;

function writeMultiOp(out: ByteWriter, { held, guards, results, revision }: MultiOpResult): void {
  out.bool(held).uint(revision).uint(guards.length);
  for (const guard of guards) out.bool(guard);
  out.uint(results.length);
  for (const { stat, contents } of results) {
    out.u8((stat === undefined ? 0 : HAS_STAT) | (contents === undefined ? 0 : HAS_CONTENTS));
    if (stat !== undefined) writeStat(out, stat);
    if (contents !== undefined) out.bytes(contents);
  }
}

function readMultiOp(from: ByteReader): MultiOpResult {
  const held = from.bool();
  const revision = from.uint();
  const guards: boolean[] = [];
  for (let count = from.uint(); count > 0; count--) guards.push(from.bool());
  const results: OperationResult[] = [];
  for (let count = from.uint(); count > 0; count--) {
    const flags = from.u8();
    if (flags > (HAS_STAT | HAS_CONTENTS))
      throw new MalformedBytes(`request result: flags ${flags} are not known here`);
    const stat = (flags & HAS_STAT) === 0 ? undefined : readStat(from);
    const contents = (flags & HAS_CONTENTS) === 0 ? undefined : from.bytes();
    results.push({ stat, contents });
  }
  return { call: 'multiOp', held, guards, results, revision };
}

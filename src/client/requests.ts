import { ChubbyError } from './chubby-error.js';
import { CreateMode, LockMode, NodeKind } from '../wire/types.js';
import type {
  AcquireRequest,
  DeleteRequest,
  GetContentsAndStatRequest,
  GetStatRequest,
  OpenRequest,
  ReadDirRequest,
  SetContentsRequest,
  TryAcquireRequest,
} from '../wire/types.js';

// Requests as whole messages. What stands in RequestContext comes from the Pipe instead.

/** The node that a call is about: by an open handle, or by name. */
export type Target =
  { readonly target: 'handle'; readonly handle: Buffer } | { readonly target: 'name'; readonly name: string };

/** What a handle may be used for, and what to do where there is no node. */
export interface OpenOptions {
  /** True unless given. */
  readonly read?: boolean;
  /** Writing, deleting, and locking in either mode. */
  readonly write?: boolean;
  readonly changeAcl?: boolean;
  /** Whether the node may, or must, be created by this call; `never` unless given. */
  readonly create?: 'never' | 'may' | 'must';
  /** Of a node that is created; `file` unless given. */
  readonly kind?: 'file' | 'directory';
  /** A node that is created goes when no client has it open. */
  readonly ephemeral?: boolean;
  /** Of a file that is created. */
  readonly initialContents?: Uint8Array | string;
  /** How long a lock held through this handle stays unclaimable when the session expires; at most 60,000. */
  readonly lockDelayMs?: number;
}

export type Mode = 'exclusive' | 'shared';

export interface WriteOptions {
  /** Write only if the contents are at this generation, else the call is refused as STALE_GENERATION. */
  readonly ifContentGeneration?: number | undefined;
}

const NO_BYTES = Buffer.alloc(0);
/** The most that a uint32 of the wire holds. */
const UINT32_MAX = 2 ** 32 - 1;
/** What a request takes on the wire besides names and contents, generously. */
export const REQUEST_BYTES = 64;

const CREATE_MODES = {
  never: CreateMode.CREATE_MODE_NEVER,
  may: CreateMode.CREATE_MODE_MAY,
  must: CreateMode.CREATE_MODE_MUST,
} as const;

const KINDS = { file: NodeKind.NODE_KIND_FILE, directory: NodeKind.NODE_KIND_DIRECTORY } as const;

const LOCK_MODES = { exclusive: LockMode.LOCK_MODE_EXCLUSIVE, shared: LockMode.LOCK_MODE_SHARED } as const;

/** What UTF-8 cannot say, and what decoders put in its place: the cell takes a message with it for damaged. */
const NOT_UTF8 = /[\uD800-\uDFFF\uFFFD]/u;

/** @throws ChubbyError BAD_ARGUMENT for what is no text, MALFORMED_NAME for what is no UTF-8 */
export function byName(name: string): Target {
  if (typeof name !== 'string') throw badArgument(`a name is a text, not ${typeof name}`);
  if (NOT_UTF8.test(name)) throw new ChubbyError('MALFORMED_NAME', `${JSON.stringify(name)} is not UTF-8`);
  return { target: 'name', name };
}

export const byHandle = (handle: Buffer): Target => ({ target: 'handle', handle });

export function openRequest(name: string, options: OpenOptions): OpenRequest {
  byName(name);
  return {
    context: null,
    name,
    read: options.read ?? true,
    write: options.write ?? false,
    changeAcl: options.changeAcl ?? false,
    create: member(CREATE_MODES, options.create ?? 'never', 'create'),
    kind: member(KINDS, options.kind ?? 'file', 'kind'),
    ephemeral: options.ephemeral ?? false,
    initialContents: options.initialContents === undefined ? NO_BYTES : bytesOf(options.initialContents),
    lockDelayMs: whole(options.lockDelayMs ?? 0, 'lockDelayMs', UINT32_MAX),
    directory: NO_BYTES,
    sequential: false,
    events: [],
    recursive: false,
  };
}

export const readRequest = (target: Target): GetContentsAndStatRequest & GetStatRequest & DeleteRequest => ({
  context: null,
  ...target,
});

export const readDirRequest = (target: Target, pageToken: Buffer): ReadDirRequest => ({
  context: null,
  ...target,
  pageToken,
  limit: 0,
});

export function setContentsRequest(
  target: Target,
  contents: Uint8Array | string,
  { ifContentGeneration }: WriteOptions,
  create: boolean,
): SetContentsRequest {
  const request = { context: null, ...target, contents: bytesOf(contents), create };
  if (ifContentGeneration === undefined) return request;
  return { ...request, ifContentGeneration: whole(ifContentGeneration, 'ifContentGeneration') };
}

/** @param waitMs 0 for as long as the session lives */
export const acquireRequest = (handle: Buffer, mode: Mode, waitMs: number): AcquireRequest => ({
  ...tryAcquireRequest(handle, mode),
  waitMs: whole(Math.ceil(waitMs), 'waitMs', UINT32_MAX),
});

export const tryAcquireRequest = (handle: Buffer, mode: Mode): TryAcquireRequest => ({
  context: null,
  handle,
  mode: member(LOCK_MODES, mode, 'mode'),
});

/** About what a call on this node takes on the wire besides its contents. */
export const sizeOfTarget = (target: Target): number =>
  REQUEST_BYTES + (target.target === 'name' ? target.name.length : target.handle.length);

/** Text as UTF-8; bytes as they are, and not copied. */
function bytesOf(contents: Uint8Array | string): Buffer {
  if (typeof contents === 'string') return Buffer.from(contents, 'utf8');
  if (Buffer.isBuffer(contents)) return contents;
  if (contents instanceof Uint8Array) return Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
  throw badArgument(`contents are a text or a Uint8Array, not ${typeof contents}`);
}

/** @param max what the wire holds */
function whole(value: number, what: string, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw badArgument(`${what} is a whole number from 0 to ${max}, not ${String(value)}`);
}

function member<Key extends string, Value>(table: Readonly<Record<Key, Value>>, key: Key, what: string): Value {
  if (Object.hasOwn(table, key)) return table[key];
  throw badArgument(`${what} is ${Object.keys(table).join(' or ')}, not ${String(key)}`);
}

export const badArgument = (message: string): ChubbyError => new ChubbyError('BAD_ARGUMENT', message);

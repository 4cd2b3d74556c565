import { LockMode } from '../wire/types.js';
import type {
  AcquireAllRequest,
  AcquireRequest,
  DeleteRequest,
  GetContentsAndStatRequest,
  GetSequencerRequest,
  GetStatRequest,
  LockWanted,
  ReadDirRequest,
  SetAclRequest,
  SetContentsRequest,
  TryAcquireRequest,
} from '../wire/types.js';
import { aclRequest } from './acl.js';
import type { AclNames } from './acl.js';
import {
  assertKnownOptions,
  bytesFrom,
  CALL_OPTIONS,
  memberFrom,
  nameFrom,
  UINT32_MAX,
  wholeFrom,
} from './arguments.js';

// Requests as whole messages. What stands in RequestContext comes from the Pipe instead.

/** The node that a call is about: by an open handle, or by name. */
export type Target =
  { readonly target: 'handle'; readonly handle: Buffer } | { readonly target: 'name'; readonly name: string };

export type Mode = 'exclusive' | 'shared';

export interface WriteOptions {
  /** Write only if the contents are at this generation, else the call is refused as STALE_GENERATION. */
  readonly ifContentGeneration?: number | undefined;
}

export interface AclOptions {
  /** Change only if the ACL generation is this, else the call is refused as STALE_GENERATION. */
  readonly ifAclGeneration?: number | undefined;
}

/** What a request takes on the wire besides names and contents, generously. */
export const REQUEST_BYTES = 64;

const LOCK_MODES = { exclusive: LockMode.LOCK_MODE_EXCLUSIVE, shared: LockMode.LOCK_MODE_SHARED } as const;

/** @throws ChubbyError BAD_ARGUMENT for what is no text, MALFORMED_NAME for what is no UTF-8 */
export const byName = (name: string): Target => ({ target: 'name', name: nameFrom(name) });

export const byHandle = (handle: Buffer): Target => ({ target: 'handle', handle });

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

const WRITE_OPTIONS = [...CALL_OPTIONS, 'ifContentGeneration', 'create'];
const ACL_OPTIONS = [...CALL_OPTIONS, 'ifAclGeneration'];

export function setContentsRequest(
  target: Target,
  contents: Uint8Array | string,
  options: WriteOptions,
  create: boolean,
): SetContentsRequest {
  assertKnownOptions(options, WRITE_OPTIONS);
  const { ifContentGeneration } = options;
  const request = { context: null, ...target, contents: bytesFrom(contents), create };
  if (ifContentGeneration === undefined) return request;
  return { ...request, ifContentGeneration: wholeFrom(ifContentGeneration, 'ifContentGeneration') };
}

export function setAclRequest(target: Target, acl: AclNames, options: AclOptions): SetAclRequest {
  assertKnownOptions(options, ACL_OPTIONS);
  const { ifAclGeneration } = options;
  const request = { context: null, ...target, acl: aclRequest(acl) };
  if (ifAclGeneration === undefined) return request;
  return { ...request, ifAclGeneration: wholeFrom(ifAclGeneration, 'ifAclGeneration') };
}

/** @param waitMs 0 for as long as the session lives */
export const acquireRequest = (handle: Buffer, mode: Mode, waitMs: number): AcquireRequest => ({
  ...tryAcquireRequest(handle, mode),
  waitMs: wholeFrom(Math.ceil(waitMs), 'waitMs', UINT32_MAX),
});

export const tryAcquireRequest = (handle: Buffer, mode: Mode): TryAcquireRequest => ({
  context: null,
  ...lockWanted(handle, mode),
});

/** @param waitMs 0 to wait for nothing; as long as the session lives unless given */
export const acquireAllRequest = (locks: LockWanted[], waitMs: number | undefined): AcquireAllRequest => ({
  context: null,
  locks,
  waitMs: wholeFrom(Math.ceil(waitMs ?? 0), 'waitMs', UINT32_MAX),
  atOnce: waitMs === 0,
});

export const lockWanted = (handle: Buffer, mode: Mode): LockWanted => ({
  handle,
  mode: memberFrom(LOCK_MODES, mode, 'mode'),
});

export const sequencerRequest = (handle: Buffer, furtherHandles: Buffer[]): GetSequencerRequest => ({
  context: null,
  handle,
  furtherHandles,
});

/** About what a call on this node takes on the wire besides its contents. */
export const sizeOfTarget = (target: Target): number =>
  REQUEST_BYTES + (target.target === 'name' ? target.name.length : target.handle.length);

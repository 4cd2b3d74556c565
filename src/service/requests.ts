import type { OpenRequest } from '../chubby/calls/open.js';
import type { AclNames } from '../chubby/records/acl-names.js';
import type { LockMode as ChubbyLockMode } from '../chubby/records/lock.js';
import type { NodeKind as ChubbyNodeKind } from '../chubby/records/node.js';
import type { NodePath } from '../chubby/records/node-path.js';
import { refusal } from '../wire/errors.js';
import { CreateMode, LockMode, NodeKind } from '../wire/types.js';
import type * as wire from '../wire/types.js';
import { eventMaskOf } from './event-messages.js';

// What the wire's requests mean, in Chubby's own terms.

const CREATE = {
  [CreateMode.CREATE_MODE_NEVER]: 'never',
  [CreateMode.CREATE_MODE_MAY]: 'may',
  [CreateMode.CREATE_MODE_MUST]: 'must',
} as const satisfies Record<wire.CreateMode, OpenRequest['create']>;

const KIND = {
  [NodeKind.NODE_KIND_UNSPECIFIED]: undefined,
  [NodeKind.NODE_KIND_FILE]: 'file',
  [NodeKind.NODE_KIND_DIRECTORY]: 'directory',
} as const satisfies Record<wire.NodeKind, ChubbyNodeKind | undefined>;

export function openRequestOf(request: wire.OpenRequest, path: NodePath): OpenRequest | wire.Failure {
  // A value of a later version arrives as its number.
  if (!Object.hasOwn(CREATE, request.create)) return refusal('MALFORMED_REQUEST', 'create: not known here');
  if (!Object.hasOwn(KIND, request.kind)) return refusal('MALFORMED_REQUEST', 'kind: not known here');
  if (request.sequential && request.create !== CreateMode.CREATE_MODE_MUST) {
    return refusal('MALFORMED_REQUEST', 'sequential: such a node is always created, so create is CREATE_MODE_MUST');
  }
  const events = eventMaskOf(request.events);
  if (typeof events === 'object') return events;
  return {
    path,
    mode: { read: request.read, write: request.write, changeAcl: request.changeAcl },
    create: CREATE[request.create],
    kind: KIND[request.kind],
    sequential: request.sequential,
    ephemeral: request.ephemeral,
    initialContents: request.initialContents,
    acl: aclNamesOf(request.acl),
    lockDelayMs: request.lockDelayMs,
    events,
    recursive: request.recursive,
  };
}

/** A file unless said otherwise. */
export function kindToMakeOf(kind: wire.NodeKind = NodeKind.NODE_KIND_UNSPECIFIED): ChubbyNodeKind | wire.Failure {
  return Object.hasOwn(KIND, kind) ? (KIND[kind] ?? 'file') : refusal('MALFORMED_REQUEST', 'kind: not known here');
}

export const aclNamesOf = (acl: wire.AclNames | null | undefined): AclNames | undefined =>
  acl === null || acl === undefined ? undefined : { read: acl.read, write: acl.write, changeAcl: acl.changeAcl };

export function lockModeOf(mode: wire.LockMode): ChubbyLockMode | wire.Failure {
  switch (mode) {
    case LockMode.LOCK_MODE_EXCLUSIVE:
      return 'exclusive';
    case LockMode.LOCK_MODE_SHARED:
      return 'shared';
    case LockMode.LOCK_MODE_UNSPECIFIED:
      return refusal('MISSING_FIELD', 'mode: a lock is exclusive or shared');
    default:
      return refusal('MALFORMED_REQUEST', 'mode: not known here');
  }
}

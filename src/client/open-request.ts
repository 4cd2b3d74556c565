import { WIRE_EVENT_KINDS } from '../wire/event-kinds.js';
import { CreateMode, NodeKind } from '../wire/types.js';
import type { OpenRequest } from '../wire/types.js';
import { aclRequest } from './acl.js';
import type { AclNames } from './acl.js';
import {
  assertKnownOptions,
  badArgument,
  bytesFrom,
  CALL_OPTIONS,
  memberFrom,
  nameFrom,
  UINT32_MAX,
  wholeFrom,
} from './arguments.js';
import type { NodeEventKind } from './events/node-event.js';
import type { CallOptions } from './options.js';

/** What a handle may be used for, and what to do where there is no node. ([CH] 2.4: Open) */
export interface OpenOptions {
  /** Reading contents, metadata and children. True unless given. */
  readonly read?: boolean;
  /** Writing, deleting, making children, and locking in either mode. False unless given. */
  readonly write?: boolean;
  /** Changing the names of the access lists. False unless given. */
  readonly changeAcl?: boolean;
  /** Whether the node may, or must, be created by this call; `never` unless given. */
  readonly create?: 'never' | 'may' | 'must';
  /** Of a node that is created; `file` unless given. */
  readonly kind?: 'file' | 'directory';
  /** A node that is created goes when the session has closed its last handle on it, or ends. */
  readonly ephemeral?: boolean;
  /**
   * Ten digits are put behind the name of the node that is created, higher than those of every earlier one of the
   * directory; {@link Handle.name} tells. Needs `create: 'must'`.
   */
  readonly sequential?: boolean;
  /** Of a file that is created; at most 262,144 bytes. */
  readonly initialContents?: Uint8Array | string;
  /** Of a node that is created; the directory's own names unless given. */
  readonly acl?: AclNames;
  /** How long a lock held through this handle stays unclaimable when the session expires, in ms; at most 60,000. */
  readonly lockDelayMs?: number;
  /** Which events to tell of the node; none unless given. */
  readonly events?: readonly NodeEventKind[];
  /** Events of children come from all nodes below the directory. */
  readonly recursive?: boolean;
}

const NO_BYTES = Buffer.alloc(0);

const CREATE_MODES = {
  never: CreateMode.CREATE_MODE_NEVER,
  may: CreateMode.CREATE_MODE_MAY,
  must: CreateMode.CREATE_MODE_MUST,
} as const;

export const KINDS = { file: NodeKind.NODE_KIND_FILE, directory: NodeKind.NODE_KIND_DIRECTORY } as const;

const OPEN_OPTIONS = [
  ...CALL_OPTIONS,
  ...(['read', 'write', 'changeAcl', 'create', 'kind', 'ephemeral', 'sequential', 'initialContents', 'acl'] as const),
  ...(['lockDelayMs', 'events', 'recursive'] as const),
] satisfies readonly (keyof (OpenOptions & CallOptions))[];

/**
 * @param directory the handle that `name` is relative to; without one `name` is absolute
 * @throws ChubbyError BAD_ARGUMENT or MALFORMED_NAME
 */
export function openRequest(name: string, options: OpenOptions, directory: Buffer = NO_BYTES): OpenRequest {
  assertKnownOptions(options, OPEN_OPTIONS);
  const { create = 'never', sequential = false, initialContents, events = [], acl } = options;
  if (sequential && create !== 'must') throw badArgument("sequential needs create: 'must'");
  const request: OpenRequest = {
    context: null,
    name: nameFrom(name),
    read: options.read ?? true,
    write: options.write ?? false,
    changeAcl: options.changeAcl ?? false,
    create: memberFrom(CREATE_MODES, create, 'create'),
    kind: memberFrom(KINDS, options.kind ?? 'file', 'kind'),
    ephemeral: options.ephemeral ?? false,
    initialContents: initialContents === undefined ? NO_BYTES : bytesFrom(initialContents),
    lockDelayMs: wholeFrom(options.lockDelayMs ?? 0, 'lockDelayMs', UINT32_MAX),
    directory,
    sequential,
    events: events.map((kind) => memberFrom(WIRE_EVENT_KINDS, kind, 'an event')),
    recursive: options.recursive ?? false,
  };
  return acl === undefined ? request : { ...request, acl: aclRequest(acl) };
}

import type { CallContext } from '../call-context.js';
import { denial } from '../access.js';
import type { Use } from '../access.js';
import { fullProblem } from '../database-bound.js';
import { SHOWS_TO_READERS } from '../event-kinds.js';
import type { EventMask } from '../event-kinds.js';
import { creatorCame, isKeptBy } from '../ephemeral.js';
import type { Handle, HandleMode, IssuingEpoch } from '../handle.js';
import { readLock } from '../locks.js';
import type { AclNames } from '../records/acl-names.js';
import type { SessionId } from '../records/ids.js';
import type { NodeKind, NodeRecord } from '../records/node.js';
import { showPath } from '../records/node-path.js';
import type { NodePath } from '../records/node-path.js';
import { statOf } from '../records/stat.js';
import type { Stat } from '../records/stat.js';
import { readNode } from '../read-node.js';
import { Refusal } from '../refusal.js';
import { nextInSequence } from '../sequential.js';
import { createNode } from '../tree.js';

export interface OpenRequest {
  /** Of a sequential node: with a place for its digits. */
  readonly path: NodePath;
  readonly mode: HandleMode;
  readonly create: 'never' | 'may' | 'must';
  /** Of a node that is made; where one is there already it must be of this kind, if any is named. */
  readonly kind: NodeKind | undefined;
  /** The node gets a number of its directory behind its name. It is made by this request, or not at all. */
  readonly sequential: boolean;
  readonly ephemeral: boolean;
  readonly initialContents: Uint8Array;
  /** Of a node that is made: instead of its directory's. */
  readonly acl: AclNames | undefined;
  readonly lockDelayMs: number;
  readonly events: EventMask;
  readonly recursive: boolean;
}

/** Who opens: the session, the request's number, and the reign that issues the handle. */
export interface Opener {
  readonly sessionId: SessionId;
  readonly number: number;
  readonly epoch: IssuingEpoch;
}

export interface Opened {
  readonly handle: Handle;
  readonly created: boolean;
  readonly stat: Stat;
}

const NO_CLAIMS: readonly [] = [];
const USES: readonly Use[] = ['read', 'write', 'changeAcl'];

/** Opens a node, and makes it where that is asked for. ([CH] 2.6) */
export function open(context: CallContext, opener: Opener, wanted: OpenRequest): Opened | Refusal {
  const problem = problemOf(context, wanted);
  if (problem !== undefined) return problem;
  const request = wanted.sequential ? numbered(context, wanted) : wanted;
  if (request instanceof Refusal) return request;
  const { draft } = context;
  const found = readNode(draft, request.path);
  const node = found === undefined ? make(context, opener, request) : accept(context, opener, request, found);
  if (node instanceof Refusal) return node;
  const denied = denialOf(context, request, node, found === undefined);
  if (denied !== undefined) return denied;
  const { sessionId, number: handleId, epoch } = opener;
  const { path, mode, lockDelayMs, events, recursive } = request;
  const bound = { path, instanceNumber: node.instanceNumber, claims: NO_CLAIMS };
  const handle = { sessionId, handleId, ...bound, mode, lockDelayMs, events, recursive, epoch };
  return { handle, created: found === undefined, stat: statOf(node, readLock(draft, path).generation) };
}

function problemOf(context: CallContext, request: OpenRequest): Refusal | undefined {
  const { bounds } = context;
  if (request.lockDelayMs > bounds.lockDelayMs) {
    const sentence = `a lock-delay of ${request.lockDelayMs} ms is over ${bounds.lockDelayMs}`;
    return new Refusal('MALFORMED_REQUEST', sentence);
  }
  if (request.kind === 'directory' && request.initialContents.length > 0) {
    return new Refusal('MALFORMED_REQUEST', 'a directory has no initial contents');
  }
  return request.create === 'never' ? undefined : fullProblem(context);
}

/** Access is judged here for all that is done through the handle; one for no use still shows a node's Stat. */
function denialOf(
  { draft, asker }: CallContext,
  { path, mode, events }: OpenRequest,
  node: NodeRecord,
  isNew: boolean,
): Refusal | undefined {
  const looksAtIt = (!isNew && !mode.write && !mode.changeAcl) || (events & SHOWS_TO_READERS) !== 0;
  for (const use of USES) {
    const isWanted = mode[use] || (use === 'read' && looksAtIt);
    const denied = isWanted ? denial(draft, asker, path, node, use) : undefined;
    if (denied !== undefined) return denied;
  }
  return undefined;
}

function numbered({ draft }: CallContext, wanted: OpenRequest): OpenRequest | Refusal {
  const path = nextInSequence(draft, wanted.path);
  return path instanceof Refusal ? path : { ...wanted, path };
}

function make(context: CallContext, opener: Opener, request: OpenRequest): NodeRecord | Refusal {
  if (request.create === 'never') return new Refusal('NOT_FOUND', `there is no ${showPath(request.path)}`);
  return createNode(context, request.path, {
    kind: request.kind ?? 'file',
    creator: request.ephemeral ? { sessionId: opener.sessionId, handleIds: [opener.number] } : undefined,
    contents: request.initialContents,
    acl: request.acl,
  });
}

function accept(
  context: CallContext,
  { sessionId, number }: Opener,
  request: OpenRequest,
  found: NodeRecord,
): NodeRecord | Refusal {
  const problem = misfit(request, found);
  if (problem !== undefined) return problem;
  if (!isKeptBy(found, sessionId)) return found;
  const full = fullProblem(context);
  if (full !== undefined) return full;
  creatorCame(context.draft, request.path, found, number);
  return found;
}

function misfit(request: OpenRequest, found: NodeRecord): Refusal | undefined {
  if (request.create === 'must') return new Refusal('ALREADY_EXISTS', `${showPath(request.path)} is there already`);
  if (request.kind === undefined || request.create === 'never' || request.kind === found.kind) return undefined;
  return found.kind === 'directory'
    ? new Refusal('IS_A_DIRECTORY', `${showPath(request.path)} is a directory`)
    : new Refusal('NOT_A_DIRECTORY', `${showPath(request.path)} is a file`);
}

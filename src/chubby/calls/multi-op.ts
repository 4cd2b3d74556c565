import { assert, assertNever } from '../../common/assert.js';
import type { Lookup } from '../draft.js';
import type { Asker } from '../access.js';
import { denial } from '../access.js';
import type { CallContext } from '../call-context.js';
import { fullProblem } from '../database-bound.js';
import type { LockClaim } from '../handle.js';
import { readLock } from '../locks.js';
import { aclNamesBytes } from '../records/acl-names.js';
import type { AclNames } from '../records/acl-names.js';
import { contentsKey } from '../records/keys.js';
import type { NodeKind } from '../records/node.js';
import { showPath } from '../records/node-path.js';
import type { NodePath } from '../records/node-path.js';
import type { MultiOpResult, OperationResult } from '../records/request-result.js';
import { statOf } from '../records/stat.js';
import { readNode } from '../read-node.js';
import { Refusal } from '../refusal.js';
import { firstStaleness } from '../stale-claim.js';
import { nodeAt } from '../target.js';
import { createNode } from '../tree.js';
import { deleteNode } from './delete.js';
import { setContents } from './set-contents.js';

/** One test of a MultiOp; each looks at the state before its operations. */
export type Guard =
  | { readonly test: 'absent' | 'exists'; readonly path: NodePath }
  /** 0 where there is no node, as for SetContents. */
  | { readonly test: 'contentGeneration'; readonly path: NodePath; readonly generation: number }
  /** What a sequencer claims; absent where the bytes are none of this cell. */
  | { readonly test: 'sequencer'; readonly claims: readonly LockClaim[] | undefined };

export type NodeOperation =
  | {
      readonly operation: 'create';
      readonly path: NodePath;
      readonly kind: NodeKind;
      readonly contents: Uint8Array;
      readonly acl: AclNames | undefined;
    }
  | { readonly operation: 'setContents'; readonly path: NodePath; readonly contents: Uint8Array }
  | { readonly operation: 'delete' | 'read'; readonly path: NodePath };

export interface MultiOpRequest {
  readonly guards: readonly Guard[];
  readonly thenOperations: readonly NodeOperation[];
  readonly elseOperations: readonly NodeOperation[];
}

/** Why nothing of a MultiOp is done: because of this operation, by its index in the list that was to be done. */
export class OperationRefused {
  constructor(
    readonly refusal: Refusal,
    readonly operation: number,
  ) {}
}

/** Of a result on the wire, beside contents and names, at the most. */
const RESULT_BYTES = 110;

/**
 * Tests, then does one of two lists of operations: all of them, or none. Each is what the call of its name is, in the
 * state that the ones before it leave, and all of them have one revision.
 */
export function multiOp(context: CallContext, request: MultiOpRequest): MultiOpResult | Refusal | OperationRefused {
  const { draft, asker, bounds } = context;
  const twice = namedTwice(request.thenOperations) ?? namedTwice(request.elseOperations);
  if (twice !== undefined) {
    const sentence = `${showPath(twice)} is changed by one operation and named by another of the same list`;
    return new Refusal('MALFORMED_REQUEST', sentence);
  }
  const guards: boolean[] = [];
  for (const guard of request.guards) {
    const holds = testGuard(draft, asker, guard);
    if (holds instanceof Refusal) return holds;
    guards.push(holds);
  }
  const held = !guards.includes(false);
  const operations = held ? request.thenOperations : request.elseOperations;
  if (mayChange(request) && operations.some(({ operation }) => operation !== 'delete')) {
    const full = fullProblem(context);
    if (full !== undefined) return full;
  }
  const results: OperationResult[] = [];
  let resultBytes = 0;
  for (const [index, operation] of operations.entries()) {
    const result = execute(context, operation);
    if (result instanceof Refusal) return new OperationRefused(result, index);
    results.push(result);
    resultBytes += sizeOf(result);
    if (resultBytes > bounds.multiOpResultBytes) return new OperationRefused(readsTooMuch(bounds), index);
  }
  if (resultBytes + draft.sizeBytes() > bounds.multiOpBytes) {
    return new Refusal('LIMIT_OPERATIONS', `what is written and read takes more than ${bounds.multiOpBytes} bytes`);
  }
  return { call: 'multiOp', held, guards, results, revision: draft.usesRevision ? draft.revision() : 0 };
}

/** Whether the request, in some state, changes something: then its answer is stored. */
const mayChange = ({ thenOperations, elseOperations }: MultiOpRequest): boolean =>
  [...thenOperations, ...elseOperations].some(({ operation }) => operation !== 'read');

const readsTooMuch = ({ multiOpResultBytes }: { readonly multiOpResultBytes: number }): Refusal =>
  new Refusal('LIMIT_OPERATIONS', `the operations up to here read more than ${multiOpResultBytes} bytes`);

/** A node that one operation changes and another one names. */
function namedTwice(operations: readonly NodeOperation[]): NodePath | undefined {
  const changed = new Map<NodePath, boolean>();
  for (const { operation, path } of operations) {
    const changes = operation !== 'read';
    const before = changed.get(path);
    if (before === true || (before === false && changes)) return path;
    changed.set(path, changes);
  }
  return undefined;
}

function testGuard(view: Lookup, asker: Asker, guard: Guard): boolean | Refusal {
  if (guard.test === 'sequencer') return guard.claims !== undefined && firstStaleness(view, guard.claims) === undefined;
  const node = readNode(view, guard.path);
  const denied = node && denial(view, asker, guard.path, node, 'read');
  if (denied !== undefined) return denied;
  switch (guard.test) {
    case 'absent':
      return node === undefined;
    case 'exists':
      return node !== undefined;
    case 'contentGeneration':
      return (node?.contentGeneration ?? 0) === guard.generation;
    default:
      return assertNever(guard, 'testGuard');
  }
}

function execute(context: CallContext, wanted: NodeOperation): OperationResult | Refusal {
  switch (wanted.operation) {
    case 'create':
      return create(context, wanted);
    case 'setContents': {
      const { path: target, contents } = wanted;
      const stat = setContents(context, { target, contents, ifContentGeneration: undefined, create: false });
      return stat instanceof Refusal ? stat : { stat, contents: undefined };
    }
    case 'delete':
      return deleteNode(context, wanted.path) ?? { stat: undefined, contents: undefined };
    case 'read':
      return read(context, wanted.path);
    default:
      return assertNever(wanted, 'execute');
  }
}

function create(
  context: CallContext,
  { path, kind, contents, acl }: Extract<NodeOperation, { operation: 'create' }>,
): OperationResult | Refusal {
  if (kind === 'directory' && contents.length > 0) {
    return new Refusal('MALFORMED_REQUEST', 'a directory has no contents');
  }
  if (readNode(context.draft, path) !== undefined) {
    return new Refusal('ALREADY_EXISTS', `${showPath(path)} is there already`);
  }
  const node = createNode(context, path, { kind, creator: undefined, contents, acl });
  return node instanceof Refusal ? node : { stat: statOf(node, 0), contents: undefined };
}

function read({ draft, asker }: CallContext, path: NodePath): OperationResult | Refusal {
  const node = nodeAt(draft, asker, path, 'read');
  if (node instanceof Refusal) {
    return node.reason === 'NOT_FOUND' ? { stat: undefined, contents: undefined } : node;
  }
  const contents = node.kind === 'file' ? draft.get(contentsKey(path)) : undefined;
  assert(node.kind === 'directory' || contents !== undefined, 'a file has contents');
  return { stat: statOf(node, readLock(draft, path).generation), contents };
}

const sizeOf = ({ stat, contents }: OperationResult): number =>
  RESULT_BYTES + (contents?.length ?? 0) + (stat === undefined ? 0 : aclNamesBytes(stat.acl));

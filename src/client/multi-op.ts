import { counted } from '../common/counted.js';
import type {
  MultiOpGuard,
  MultiOpOperation,
  MultiOpRequest,
  MultiOpResponse,
  MultiOpResult as WireResult,
} from '../wire/types.js';
import { aclRequest } from './acl.js';
import type { AclNames } from './acl.js';
import { badArgument, bufferFrom, bytesFrom, memberFrom, nameFrom, wholeFrom } from './arguments.js';
import { ChubbyError } from './chubby-error.js';
import type { ContentsAndStat } from './node-results.js';
import { KINDS } from './open-request.js';
import { statOf } from './stat.js';
import type { Stat } from './stat.js';

/** A test of one node, or of one lock. */
export type Guard =
  /** There is no node of this name. */
  | { readonly absent: string }
  /** There is one. */
  | { readonly exists: string }
  /** The file's contents are at this generation. */
  | { readonly name: string; readonly contentGeneration: number }
  /** The lock that the sequencer speaks of is still held as it says. */
  | { readonly sequencer: Uint8Array };

/** Creates a permanent node of this name. */
export interface CreateOperation {
  readonly create: string;
  /** `file` unless given. */
  readonly kind?: 'file' | 'directory';
  /** Of a file; empty unless given. */
  readonly contents?: Uint8Array | string;
  /** The directory's own names unless given. */
  readonly acl?: AclNames;
}

/** Replaces the contents of the file of this name. */
export interface SetContentsOperation {
  readonly setContents: string;
  readonly contents: Uint8Array | string;
}

/** Deletes the node of this name, which must have no children. */
export interface DeleteOperation {
  readonly delete: string;
}

/** Reads the node of this name; that there is none is a result, not a failure. */
export interface ReadOperation {
  readonly read: string;
}

export type Operation = CreateOperation | SetContentsOperation | DeleteOperation | ReadOperation;

/** What an operation gives: the stat of what was created or written, contents and stat of what was read. */
export type OperationResult<Done extends Operation> = Done extends ReadOperation
  ? ContentsAndStat | undefined
  : Done extends DeleteOperation
    ? undefined
    : Stat;

/** What the operations of a list give, one by one. */
export type OperationResults<List extends readonly Operation[]> = {
  -readonly [Index in keyof List]: OperationResult<List[Index]>;
};

/**
 * Guards, and what to do by their outcome. Guards and operations together are at most 128, and the message at most
 * 1 MiB. No operation names a node that another of its list changes.
 */
export interface MultiOp<Then extends readonly Operation[], Else extends readonly Operation[]> {
  /** All are tested. */
  readonly guards?: readonly Guard[];
  /** Done when every guard holds, all or none. */
  readonly then?: Then;
  /** Done otherwise, all or none. */
  readonly else?: Else;
}

export type MultiOpResult<Then extends readonly Operation[], Else extends readonly Operation[]> = {
  /** Of each guard whether it held. */
  readonly guards: readonly boolean[];
  /** The cell's global revision of what was done; 0 when nothing was changed. */
  readonly revision: number;
} & (
  | { /** Every guard held. */ readonly held: true; readonly results: OperationResults<Then> }
  | { readonly held: false; readonly results: OperationResults<Else> }
);

/** @throws ChubbyError BAD_ARGUMENT or MALFORMED_NAME */
export function multiOpRequest({
  guards = [],
  then: thenOperations = [],
  else: elseOperations = [],
}: MultiOp<readonly Operation[], readonly Operation[]>): MultiOpRequest {
  return {
    context: null,
    guards: guards.map(guardRequest),
    thenOperations: thenOperations.map(operationRequest),
    elseOperations: elseOperations.map(operationRequest),
  };
}

/** About what the request takes on the wire. */
export function sizeOfMultiOp({ guards, thenOperations, elseOperations }: MultiOpRequest): number {
  let sizeBytes = 0;
  for (const guard of guards) sizeBytes += 64 + (guard.sequencer ?? guard.absent ?? guard.exists ?? '').length;
  for (const { create, setContents, delete: deleted, read } of [...thenOperations, ...elseOperations]) {
    const { name, contents } = create ?? setContents ?? { name: deleted ?? read ?? '', contents: '' };
    sizeBytes += 64 + name.length + contents.length;
  }
  return sizeBytes;
}

/** The nodes that are different afterwards, whatever the guards find. */
export function namesChangedBy({ thenOperations, elseOperations }: MultiOpRequest): string[] {
  return [...thenOperations, ...elseOperations].flatMap(
    ({ create, setContents, delete: deleted }) => create?.name ?? setContents?.name ?? deleted ?? [],
  );
}

/** @throws ChubbyError PROTOCOL for an answer to something else */
export function multiOpResultOf<Then extends readonly Operation[], Else extends readonly Operation[]>(
  request: MultiOpRequest,
  response: MultiOpResponse,
): MultiOpResult<Then, Else> {
  const { held, guards, results, revision } = response;
  const done = held ? request.thenOperations : request.elseOperations;
  if (results.length !== done.length) {
    const [asked, answered] = [counted(done.length, 'operation'), counted(results.length, 'result')];
    throw new ChubbyError('PROTOCOL', `a MultiOp of ${asked} was answered by ${answered}`);
  }
  const converted = done.map((operation, index) => resultOf(operation, results[index]!));
  // Each result was made by its operation's own kind, which the compiler does not follow through a list.
  return { held, guards, revision, results: converted } as MultiOpResult<Then, Else>;
}

function guardRequest(guard: Guard): MultiOpGuard {
  if ('absent' in guard) return { test: 'absent', absent: nameFrom(guard.absent) };
  if ('exists' in guard) return { test: 'exists', exists: nameFrom(guard.exists) };
  if ('sequencer' in guard) return { test: 'sequencer', sequencer: bufferFrom(guard.sequencer, 'a sequencer is') };
  if ('contentGeneration' in guard) {
    const generation = wholeFrom(guard.contentGeneration, 'contentGeneration');
    return { test: 'contentGeneration', contentGeneration: { name: nameFrom(guard.name), generation } };
  }
  throw badArgument('a guard is absent, exists, sequencer, or name with contentGeneration');
}

function operationRequest(operation: Operation): MultiOpOperation {
  if ('create' in operation) {
    const { kind = 'file', contents = '', acl } = operation;
    const create = {
      name: nameFrom(operation.create),
      kind: memberFrom(KINDS, kind, 'kind'),
      contents: bytesFrom(contents),
    };
    return { operation: 'create', create: acl === undefined ? create : { ...create, acl: aclRequest(acl) } };
  }
  if ('setContents' in operation) {
    const setContents = { name: nameFrom(operation.setContents), contents: bytesFrom(operation.contents) };
    return { operation: 'setContents', setContents };
  }
  if ('delete' in operation) return { operation: 'delete', delete: nameFrom(operation.delete) };
  if ('read' in operation) return { operation: 'read', read: nameFrom(operation.read) };
  throw badArgument('an operation is create, setContents, delete or read');
}

function resultOf({ operation }: MultiOpOperation, { stat, contents }: WireResult): Stat | ContentsAndStat | undefined {
  if (stat === undefined || stat === null) {
    if (operation === 'read' || operation === 'delete') return undefined;
    throw new ChubbyError('PROTOCOL', `the result of ${operation ?? 'an operation'} came without a stat`);
  }
  if (operation === 'delete') return undefined;
  return operation === 'read' ? { contents: Buffer.from(contents), stat: statOf(stat) } : statOf(stat);
}

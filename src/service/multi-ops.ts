import { multiOp, OperationRefused } from '../chubby/calls/multi-op.js';
import type { Guard, MultiOpRequest, NodeOperation } from '../chubby/calls/multi-op.js';
import type { CallContext } from '../chubby/call-context.js';
import type { MultiOpResult } from '../chubby/records/request-result.js';
import { Refusal } from '../chubby/refusal.js';
import { METADATA, refusal } from '../wire/errors.js';
import type { Reason } from '../wire/errors.js';
import type * as wire from '../wire/types.js';
import type { Failure } from '../wire/types.js';
import type { Reign } from './reign.js';
import { failureOf } from './replies.js';
import { aclNamesOf, kindToMakeOf } from './requests.js';
import { genuineClaims } from './sequencers.js';
import { isFailure, nodePathOf } from './targets.js';

/** What a MultiOp comes to. */
export function computeMultiOp(
  reign: Reign,
  context: CallContext,
  request: wire.MultiOpRequest,
): MultiOpResult | Failure {
  const wanted = multiOpOf(reign, request);
  if (isFailure(wanted)) return wanted;
  const done = multiOp(context, wanted);
  if (done instanceof Refusal) return failureOf(done);
  if (!(done instanceof OperationRefused)) return done;
  const { reason, sentence } = done.refusal;
  return refusal(reason, sentence, { [METADATA.operation]: String(done.operation) });
}

/** Whether the request changes nothing in any state. */
export const changesNothing = ({ thenOperations, elseOperations }: wire.MultiOpRequest): boolean =>
  [...thenOperations, ...elseOperations].every(({ operation }) => operation === 'read');

function multiOpOf(reign: Reign, request: wire.MultiOpRequest): MultiOpRequest | Failure {
  const { multiOpOperations } = reign.around.limits;
  const count = request.guards.length + request.thenOperations.length + request.elseOperations.length;
  if (count > multiOpOperations) {
    return refusal('LIMIT_OPERATIONS', `${count} guards and operations are more than ${multiOpOperations}`);
  }
  const guards = allOf('guards', request.guards, (guard) => guardOf(reign, guard));
  if (isFailure(guards)) return guards;
  const operation = (one: wire.MultiOpOperation): NodeOperation | Failure => operationOf(reign, one);
  const thenOperations = allOf('then_operations', request.thenOperations, operation);
  if (isFailure(thenOperations)) return thenOperations;
  const elseOperations = allOf('else_operations', request.elseOperations, operation);
  return isFailure(elseOperations) ? elseOperations : { guards, thenOperations, elseOperations };
}

/** Each of them in Chubby's terms; or what is wrong with one, and which it is. */
function allOf<From, To extends object>(
  list: string,
  messages: readonly From[],
  convert: (message: From) => To | Failure,
): To[] | Failure {
  const converted: To[] = [];
  for (const [index, message] of messages.entries()) {
    const one = convert(message);
    if (isFailure(one)) return refusal(one.reason as Reason, `${list}[${index}]: ${one.message}`);
    converted.push(one);
  }
  return converted;
}

function guardOf(reign: Reign, guard: wire.MultiOpGuard): Guard | Failure {
  const { cellName, limits } = reign.around;
  switch (guard.test) {
    case 'absent':
    case 'exists': {
      const path = nodePathOf(guard[guard.test] ?? '', cellName, limits);
      return isFailure(path) ? path : { test: guard.test, path };
    }
    case 'contentGeneration': {
      const { name = '', generation = 0 } = guard.contentGeneration ?? {};
      const path = nodePathOf(name, cellName, limits);
      return isFailure(path) ? path : { test: guard.test, path, generation };
    }
    case 'sequencer': {
      const claims = genuineClaims(reign.around, guard.sequencer ?? NO_BYTES);
      return { test: guard.test, claims: typeof claims === 'string' ? undefined : claims };
    }
    case undefined:
    default:
      return refusal('MISSING_FIELD', 'test: the guard names none');
  }
}

function operationOf(reign: Reign, message: wire.MultiOpOperation): NodeOperation | Failure {
  const { cellName, limits } = reign.around;
  const { operation } = message;
  if (operation === undefined) return refusal('MISSING_FIELD', 'operation: none is named');
  const named = message[operation];
  const path = nodePathOf(typeof named === 'object' ? (named?.name ?? '') : (named ?? ''), cellName, limits);
  if (isFailure(path)) return path;
  if (operation === 'delete' || operation === 'read') return { operation, path };
  const contents = message[operation]?.contents ?? NO_BYTES;
  if (operation === 'setContents') return { operation, path, contents };
  const kind = kindToMakeOf(message.create?.kind);
  return isFailure(kind) ? kind : { operation, path, kind, contents, acl: aclNamesOf(message.create?.acl) };
}

const NO_BYTES = Buffer.alloc(0);

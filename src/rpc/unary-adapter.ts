import type { handleUnaryCall, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { ServiceDefinition } from '@grpc/proto-loader';
import type { CallTypes } from '../wire/calls.js';
import type { AdminCall, AdminName, Call, CallName, Envelope, Reply } from '../service/call.js';
import { refusal } from '../wire/errors.js';
import { LIMITS } from '../wire/limits.js';
import type {
  Failure,
  GetMasterRequest,
  ListHistoryRequest,
  RequestContext,
  SessionCredential,
} from '../wire/types.js';
import { decodeWellFormed, MalformedMessage } from '../wire/well-formed.js';
import { callerOf } from './callers.js';
import { serviceOf } from './proto.js';
import { UNSENDABLE } from './served-cell.js';
import type { ServerContext } from './served-cell.js';
import { statusOf } from './status-details.js';

/** A handler of a method whose messages are bytes. */
export type ByteHandler = handleUnaryCall<Buffer, Buffer>;

const CHUBBY = serviceOf('chubby.v1.Chubby');
const ADMIN = serviceOf('chubby.v1.Admin');

/** The calls that one request and one answer make up, and their RPCs. */
const METHODS: { readonly [Name in CallName]: string } = {
  createSession: 'CreateSession',
  closeSession: 'CloseSession',
  open: 'Open',
  close: 'Close',
  getContentsAndStat: 'GetContentsAndStat',
  getStat: 'GetStat',
  readDir: 'ReadDir',
  setContents: 'SetContents',
  delete: 'Delete',
  acquire: 'Acquire',
  tryAcquire: 'TryAcquire',
  release: 'Release',
  cancel: 'Cancel',
  getSequencer: 'GetSequencer',
  checkSequencer: 'CheckSequencer',
  poison: 'Poison',
  reattach: 'Reattach',
  setAcl: 'SetAcl',
  multiOp: 'MultiOp',
  acquireAll: 'AcquireAll',
  setSequencer: 'SetSequencer',
};

/** The calls of service Admin that the master answers, and their RPCs. */
const ADMIN_METHODS: { readonly [Name in AdminName]: string } = {
  listSessions: 'ListSessions',
  endSession: 'EndSession',
  listLocks: 'ListLocks',
  explain: 'Explain',
  rotateKeys: 'RotateKeys',
};

/** Handlers of the unary RPCs of service Chubby, by method. */
export function chubbyHandlers(context: ServerContext): Record<string, ByteHandler> {
  const calls = Object.entries(METHODS).map(([name, method]) => [
    method,
    handler(CHUBBY, method, context, (request, call, answer) => {
      const caller = callerOf(call.metadata, context.calls.of(call));
      if ('reason' in caller) return answer({ failure: caller });
      context.cell.call(caller, callOf(name as CallName, request, call), answer);
    }),
  ]);
  const getMaster = handler(CHUBBY, 'GetMaster', context, (request, _call, answer) =>
    context.cell.locateMaster(request as GetMasterRequest, (response) => answer({ response })),
  );
  return { ...Object.fromEntries(calls), GetMaster: getMaster };
}

/** Handlers of service Admin, by method. */
export function adminHandlers(context: ServerContext): Record<string, ByteHandler> {
  const calls = Object.entries(ADMIN_METHODS).map(([name, method]) => [
    method,
    handler(ADMIN, method, context, (request, call, answer) => {
      const caller = callerOf(call.metadata, context.calls.of(call));
      if ('reason' in caller) return answer({ failure: caller });
      context.cell.admin(caller, { name, request } as AdminCall, answer);
    }),
  ]);
  const getStatus = handler(ADMIN, 'GetStatus', context, (_request, _call, answer) =>
    answer({ response: context.cell.status() }),
  );
  const listHistory = handler(ADMIN, 'ListHistory', context, (request, _call, answer) =>
    answer({ response: context.cell.history(request as ListHistoryRequest) }),
  );
  return { ...Object.fromEntries(calls), GetStatus: getStatus, ListHistory: listHistory };
}

type Answer = (reply: Reply<object>) => void;

/** Bytes in, bytes out; everything in between may fail in a way that the caller is told by a fixed text. */
function handler(
  service: ServiceDefinition,
  method: string,
  context: ServerContext,
  act: (request: object, call: ServerUnaryCall<Buffer, Buffer>, answer: Answer) => void,
): ByteHandler {
  const { requestDeserialize, responseSerialize } = service[method]!;
  return (call, callback) => {
    const answer = (reply: Reply<object>): void => {
      try {
        send(reply, responseSerialize, callback);
      } catch (error) {
        // What one client is to be told must not be the end of all.
        context.unsent(error);
        context.calls.of(call).cut(UNSENDABLE);
      }
    };
    try {
      const request = requestOf(requestDeserialize, call.request);
      if ('failure' in request) answer(request);
      else act(request.message, call, answer);
    } catch (error) {
      context.fatal(error);
    }
  };
}

function send(reply: Reply<object>, serialize: (response: object) => Buffer, callback: sendUnaryData<Buffer>): void {
  if ('failure' in reply) return callback(statusOf(reply.failure));
  const bytes = serialize(reply.response);
  if (bytes.length <= LIMITS.messageBytes) return callback(null, bytes);
  callback(statusOf(refusal('TOO_LARGE', `the answer would be ${bytes.length} bytes`)));
}

function requestOf(
  deserialize: (bytes: Buffer) => object,
  bytes: Buffer,
): { readonly message: object } | { readonly failure: Failure } {
  try {
    return { message: decodeWellFormed(deserialize, bytes) };
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    return { failure: refusal('MALFORMED_REQUEST', `the request is ${error.message}`) };
  }
}

function callOf(name: CallName, request: object, call: ServerUnaryCall<Buffer, Buffer>): Call {
  const made = { name, request: request as CallTypes[CallName]['request'], ...envelopeOf(request, call) };
  return made as Call;
}

/** A request that stands alone brings its session in its context, or in a field of its own where nothing is numbered. */
function envelopeOf(
  request: { context?: RequestContext | null; session?: SessionCredential | null },
  call: ServerUnaryCall<Buffer, Buffer>,
): Envelope {
  const { context, session } = request;
  return {
    credential: context?.session ?? session ?? undefined,
    number: context?.number ?? 0,
    acknowledged: context?.acknowledged ?? 0,
    timeLimitMs: timeLimitMs(call),
  };
}

/** What is left of the caller's deadline; 0 where it set none. */
function timeLimitMs(call: ServerUnaryCall<Buffer, Buffer>): number {
  const deadline = call.getDeadline();
  if (deadline === Infinity) return 0;
  return Math.max(1, Number(deadline) - Date.now());
}

import { assert, assertNever } from '../common/assert.js';
import type { ContentsAndStat } from '../chubby/calls/get-contents-and-stat.js';
import type { Listing } from '../chubby/calls/read-dir.js';
import type { NewSession } from '../chubby/calls/create-session.js';
import { sessionIdBytes } from '../chubby/records/ids.js';
import type {
  AcquireAllResult,
  AcquireResult,
  RefusedResult,
  MultiOpResult,
  RequestResult,
} from '../chubby/records/request-result.js';
import type { Stat } from '../chubby/records/stat.js';
import type { Refusal } from '../chubby/refusal.js';
import { isReason, METADATA, refusal } from '../wire/errors.js';
import { NodeKind } from '../wire/types.js';
import type * as wire from '../wire/types.js';
import type { Reply, Response } from './call.js';
import type { PublicKey } from './secrets.js';

// What Chubby's calls come to, as the messages of the wire.

/** A view of the same bytes. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const NO_BYTES = Buffer.alloc(0);

export const failureOf = ({ reason, sentence }: Refusal): wire.Failure => refusal(reason, sentence);

export const refused = (why: Refusal): { readonly failure: wire.Failure } => ({ failure: failureOf(why) });

export const statMessage = (stat: Stat): wire.Stat => ({
  kind: stat.kind === 'file' ? NodeKind.NODE_KIND_FILE : NodeKind.NODE_KIND_DIRECTORY,
  ephemeral: stat.ephemeral,
  instanceNumber: stat.instanceNumber,
  contentGeneration: stat.contentGeneration,
  lockGeneration: stat.lockGeneration,
  aclGeneration: stat.aclGeneration,
  contentChecksum: asBuffer(stat.contentChecksum),
  revision: stat.revision,
  lengthBytes: stat.lengthBytes,
  childCount: stat.childCount,
  acl: stat.acl,
});

export const contentsAndStatMessage = ({ contents, stat }: ContentsAndStat): wire.GetContentsAndStatResponse => ({
  contents: asBuffer(contents),
  stat: statMessage(stat),
});

/** @param nextPageToken empty with the last page */
export const listingMessage = ({ children, stat }: Listing, nextPageToken: Buffer): wire.ReadDirResponse => ({
  entries: children.map((child) => ({ name: child.name, stat: statMessage(child.stat) })),
  stat: statMessage(stat),
  nextPageToken,
});

export const sessionMessage = ({ id, record }: NewSession): wire.CreateSessionResponse => ({
  session: { id: sessionIdBytes(id), secret: asBuffer(record.secret) },
  leaseMs: record.leaseMs,
});

export const signingKeyMessage = ({ id, publicKey, validUntilMs }: PublicKey): wire.SigningKey => ({
  id,
  publicKey: asBuffer(publicKey),
  validUntilMs,
});

const acquireMessage = (result: AcquireResult): wire.AcquireResponse => ({
  granted: result.granted,
  lockGeneration: result.lockGeneration,
  holderSessionId: result.holder === undefined ? NO_BYTES : sessionIdBytes(result.holder),
  lockDelayLeftMs: result.lockDelayLeftMs,
});

const acquireAllMessage = (result: AcquireAllResult): wire.AcquireAllResponse => ({
  granted: result.granted,
  lockGenerations: [...result.lockGenerations],
  busyName: result.busyName,
  holderSessionId: result.holder === undefined ? NO_BYTES : sessionIdBytes(result.holder),
  lockDelayLeftMs: result.lockDelayLeftMs,
});

/** The answer to a request that may change something, the first time and each time it is asked again. */
export function replyOf(result: RequestResult): Reply {
  if (result.call !== 'refused') return { response: messageOf(result) };
  assert(isReason(result.reason), () => `${result.reason} is in the table of reasons`);
  const { reason, sentence, operation } = result;
  const where = operation === undefined ? undefined : { [METADATA.operation]: String(operation) };
  return { failure: refusal(reason, sentence, where) };
}

const multiOpMessage = ({ held, guards, results, revision }: MultiOpResult): wire.MultiOpResponse => ({
  held,
  guards: [...guards],
  results: results.map(({ stat, contents }) => ({
    ...(stat !== undefined && { stat: statMessage(stat) }),
    contents: contents === undefined ? NO_BYTES : asBuffer(contents),
  })),
  revision,
});

function messageOf(result: Exclude<RequestResult, RefusedResult>): Response {
  switch (result.call) {
    case 'open':
      return {
        handle: asBuffer(result.handle),
        created: result.created,
        stat: statMessage(result.stat),
        name: result.name,
      };
    case 'setContents':
    case 'setAcl':
      return { stat: statMessage(result.stat) };
    case 'acquire':
      return acquireMessage(result);
    case 'acquireAll':
      return acquireAllMessage(result);
    case 'setSequencer':
      return { handle: asBuffer(result.handle) };
    case 'multiOp':
      return multiOpMessage(result);
    case 'release':
      return { released: result.released };
    case 'close':
    case 'delete':
      return {};
    default:
      return assertNever(result, 'messageOf');
  }
}

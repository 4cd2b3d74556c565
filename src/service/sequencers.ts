import { setSequencer as handleWith } from '../chubby/calls/set-sequencer.js';
import type { Draft } from '../chubby/draft.js';
import type { Handle, LockClaim } from '../chubby/handle.js';
import { nameOf, parseName } from '../chubby/names.js';
import type { RequestResult } from '../chubby/records/request-result.js';
import { Refusal } from '../chubby/refusal.js';
import { claimsOf } from '../chubby/sequencer.js';
import { firstStaleness } from '../chubby/stale-claim.js';
import { assert } from '../common/assert.js';
import { MalformedBytes } from '../common/bytes.js';
import { refusal } from '../wire/errors.js';
import { decodeSequencer, isSignedBy, signSequencer } from '../wire/sequencer.js';
import type { Sequencer } from '../wire/sequencer.js';
import type { CheckSequencerResponse, Failure, GetSequencerRequest } from '../wire/types.js';
import type { CallOf, Reply } from './call.js';
import { openHandle } from './handle-check.js';
import { issueHandle, openerOf } from './handle-issue.js';
import type { Reign, Surroundings } from './reign.js';
import { asBuffer, failureOf, refused } from './replies.js';
import type { SessionState } from './session-state.js';
import { isFailure } from './targets.js';

/** One sequencer for the locks that the handles hold, on applied state. */
export function getSequencer(reign: Reign, session: SessionState | undefined, request: GetSequencerRequest): Reply {
  if (session === undefined) {
    return { failure: refusal('MISSING_FIELD', 'session: a handle is used within its session') };
  }
  const handles = handlesOf(reign, session, request);
  if (isFailure(handles)) return { failure: handles };
  const { cell, cellId, cellName, secrets } = reign.around;
  const claims = claimsOf(cell.applied, handles);
  if (claims instanceof Refusal) return refused(claims);
  const signing = secrets.signingKey(cell.applied);
  assert(signing !== undefined, 'a serving cell has its secrets');
  const { round, replicaId } = reign.epoch;
  const sequencer: Sequencer = {
    cellId,
    keyId: signing.id,
    epoch: `${round}.${replicaId}`,
    locks: claims.map(({ path, ...claim }) => ({ name: nameOf(path, cellName), ...claim })),
  };
  return { response: { sequencer: asBuffer(signSequencer(sequencer, signing.key)) } };
}

/** Whether every lock that the sequencer speaks of is still held as it says, on applied state. */
export function checkSequencer(around: Surroundings, bytes: Uint8Array): Reply {
  const claims = genuineClaims(around, bytes);
  const why = typeof claims === 'string' ? claims : firstStaleness(around.cell.applied, claims);
  const response: CheckSequencerResponse = { valid: why === undefined, reason: why ?? '' };
  return { response };
}

/** A new handle that is good only as long as the sequencer is valid, computed on proposed state. */
export function setSequencer(
  reign: Reign,
  session: SessionState,
  { request, number }: CallOf<'setSequencer'>,
  draft: Draft,
): RequestResult | Failure {
  const given = openHandle(reign, session, request.handle);
  if (isFailure(given)) return given;
  const claims = genuineClaims(reign.around, request.sequencer);
  if (typeof claims === 'string') return refusal('MALFORMED_REQUEST', `sequencer: ${claims}`);
  const opener = openerOf(reign, session, number);
  if (isFailure(opener)) return opener;
  const made = handleWith(reign.context(draft), opener, given, claims);
  if (made instanceof Refusal) return failureOf(made);
  const handle = issueHandle(reign, session, draft, made);
  return isFailure(handle) ? handle : { call: 'setSequencer', handle };
}

/** What a sequencer of this cell claims, true or not any more; or why the bytes are none, as a sentence. */
export function genuineClaims(around: Surroundings, bytes: Uint8Array): readonly LockClaim[] | string {
  const sequencer = genuine(around, bytes);
  if (typeof sequencer === 'string') return sequencer;
  const claims: LockClaim[] = [];
  for (const { name, ...lock } of sequencer.locks) {
    const path = parseName(name, around.cellName, around.limits);
    if (path instanceof Refusal) return path.sentence;
    claims.push({ path, ...lock });
  }
  return claims;
}

function genuine({ cell, cellId, clock, limits, secrets }: Surroundings, bytes: Uint8Array): Sequencer | string {
  if (bytes.length > limits.sequencerBytes) return 'these bytes are no sequencer';
  let sequencer: Sequencer;
  try {
    sequencer = decodeSequencer(bytes);
  } catch (error) {
    if (!(error instanceof MalformedBytes)) throw error;
    return 'these bytes are no sequencer';
  }
  if (sequencer.cellId !== cellId) return 'the sequencer is of another cell';
  const publicKey = secrets.verifyingKey(cell.applied, sequencer.keyId, clock.wallMs());
  if (publicKey === undefined || !isSignedBy(bytes, publicKey)) return 'the signature is not of this cell';
  return sequencer;
}

function handlesOf(
  reign: Reign,
  session: SessionState,
  { handle, furtherHandles }: GetSequencerRequest,
): Handle[] | Failure {
  const { locksTogether } = reign.around.limits;
  if (furtherHandles.length >= locksTogether) {
    return refusal('TOO_LARGE', `${1 + furtherHandles.length} handles are more than ${locksTogether}`);
  }
  const handles: Handle[] = [];
  for (const bytes of [handle, ...furtherHandles]) {
    const open = openHandle(reign, session, bytes);
    if (isFailure(open)) return open;
    handles.push(open);
  }
  return handles;
}

import type { Handle } from '../chubby/handle.js';
import type { SessionId } from '../chubby/records/ids.js';
import { Refusal } from '../chubby/refusal.js';
import { instanceOf } from '../chubby/target.js';
import type { NodePath } from '../chubby/records/node-path.js';
import { toLatin1 } from '../common/bytes.js';
import { refusal } from '../wire/errors.js';
import { unsealHandle } from '../wire/handle.js';
import type { Failure } from '../wire/types.js';
import type { Reign } from './reign.js';
import type { SessionState } from './session-state.js';

/** A verified handle of the session that is not open in this reign, with the key under which it may be taken in. */
interface Verified {
  readonly handle: Handle;
  readonly bytes: string;
}

/** The session's open handle that the bytes mean, to be used: unless it is poisoned. */
export function openHandle(reign: Reign, session: SessionState, bytes: Uint8Array): Handle | Failure {
  const handle = presentHandle(reign, session, bytes);
  if ('reason' in handle || !session.handles.isPoisoned(handle)) return handle;
  return refusal('HANDLE_POISONED', 'the session poisoned the handle');
}

/** The session's open handle that the bytes mean; one of an earlier reign is verified and taken in. */
export function presentHandle(reign: Reign, session: SessionState, bytes: Uint8Array): Handle | Failure {
  const known = session.handles.find(toLatin1(bytes));
  if (known !== undefined) return known;
  const verified = verify(reign, session, bytes);
  if ('reason' in verified) return verified;
  const { handle } = verified;
  if (session.handles.wasClosed(handle)) return refusal('HANDLE_CLOSED', 'the handle was closed');
  if (session.handles.clashes(handle)) {
    return refusal('HANDLE_CLOSED', 'another Open under the same request number replaced the handle');
  }
  if (!session.handles.mayReturn(handle)) {
    return refusal('LIMIT_HANDLES', `the session has ${session.handles.size} handles open`);
  }
  if (handle.events !== 0 && reign.subscriptions.isFullFor(handle)) return tooManySubscriptions(reign, session);
  const { applied, settled } = reign.around.cell;
  // Of what is gone there is nothing to tell; of what is not applied yet there is.
  if (instanceOf(applied, handle) instanceof Refusal) session.handles.add(handle, verified.bytes);
  else takeIn(reign, session, handle, verified.bytes, settled);
  return handle;
}

/**
 * The handle is open from here on, and what it wants is told to its session.
 *
 * @param after the newest proposal that the session needs no event of
 */
export function takeIn(reign: Reign, session: SessionState, handle: Handle, bytes: string, after: number): void {
  session.handles.add(handle, bytes);
  reign.subscriptions.opened(handle, after);
}

export const tooManySubscriptions = ({ subscriptions }: Reign, { id }: SessionState): Failure =>
  refusal(
    'LIMIT_SUBSCRIPTIONS',
    `${subscriptions.sizeIn(id)} handles of the session, and ${subscriptions.size} of all, want events`,
  );

/** The session's handle that the bytes mean, if it may still hold something: open, or of an earlier reign. */
export function closableHandle(reign: Reign, session: SessionState, bytes: Uint8Array): Handle | undefined {
  const known = session.handles.find(toLatin1(bytes));
  if (known !== undefined) return known;
  const verified = verify(reign, session, bytes);
  if ('reason' in verified || session.handles.wasClosed(verified.handle)) return undefined;
  return verified.handle;
}

function verify({ around }: Reign, session: SessionState, bytes: Uint8Array): Verified | Failure {
  if (bytes.length === 0) return refusal('MISSING_FIELD', 'handle: the request names none');
  const secret = around.secrets.handleSecret(around.cell.applied);
  const fields =
    secret === undefined || bytes.length > around.limits.handleBytes ? undefined : unsealHandle(bytes, secret);
  if (fields === undefined) return refusal('BAD_HANDLE', 'these bytes are no handle of this cell');
  if (fields.sessionId !== session.id) return refusal('WRONG_SESSION', 'the handle belongs to another session');
  const claims = fields.claims.map((claim) => ({ ...claim, path: claim.path as NodePath }));
  const handle = { ...fields, sessionId: fields.sessionId as SessionId, path: fields.path as NodePath, claims };
  return { handle, bytes: toLatin1(bytes) };
}

import type { CallContext } from '../call-context.js';
import type { Handle } from '../handle.js';
import { holderOf, readLock, releaseLock } from '../locks.js';
import { Refusal } from '../refusal.js';
import { instanceOf } from '../target.js';

/** Lets the handle's lock go. @returns whether the handle held it */
export function release({ draft }: CallContext, handle: Handle): boolean | Refusal {
  const node = instanceOf(draft, handle);
  if (node instanceof Refusal) return node;
  const lock = readLock(draft, handle.path);
  const holder = holderOf(lock, handle.sessionId, handle.handleId);
  if (holder === undefined) return false;
  releaseLock(draft, handle.path, lock, holder);
  return true;
}

import type { Draft } from '../draft.js';
import { creatorLeft } from '../ephemeral.js';
import type { Handle } from '../handle.js';
import { holderOf, readLock, releaseLock } from '../locks.js';

/**
 * Closes a handle: its lock is free at once, and an ephemeral node that it made goes unless the session has it open
 * otherwise. Never fails. ([CH] 2.6)
 *
 * @param heir another handle that the session has open on the same instance
 */
export function close(draft: Draft, handle: Handle, heir: number | undefined): void {
  const { path, sessionId, handleId } = handle;
  const lock = readLock(draft, path);
  const holder = holderOf(lock, sessionId, handleId);
  if (holder !== undefined) releaseLock(draft, path, lock, holder);
  creatorLeft(draft, path, sessionId, handleId, heir);
}

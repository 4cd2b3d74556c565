import type { Draft } from '../draft.js';
import { creatorLeft } from '../ephemeral.js';
import type { Handle } from '../handle.js';
import { holderOf, readLock, releaseLock } from '../locks.js';
import { Refusal } from '../refusal.js';
import { boundInstance } from '../target.js';

/**
 * Closes a handle: its lock is free at once, and an ephemeral node of its session goes unless that has it open
 * otherwise. Never fails. ([CH] 2.6)
 */
export function close(draft: Draft, handle: Handle): void {
  draft.closedHandle = handle;
  // With its node went all that it held; what is there now is another's.
  if (boundInstance(draft, handle) instanceof Refusal) return;
  const { path, sessionId, handleId } = handle;
  const lock = readLock(draft, path);
  const holder = holderOf(lock, sessionId, handleId);
  if (holder !== undefined) releaseLock(draft, path, lock, holder);
  creatorLeft(draft, path, sessionId, handleId);
}

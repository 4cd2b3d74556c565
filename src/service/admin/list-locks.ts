import { isAtOrBelow, locksBelow } from '../../chubby/lock-list.js';
import type { ListedLock } from '../../chubby/lock-list.js';
import { NEVER_LOCKED } from '../../chubby/records/lock.js';
import { lockKey } from '../../chubby/records/keys.js';
import { ROOT } from '../../chubby/records/node-path.js';
import type { NodePath } from '../../chubby/records/node-path.js';
import { fromLatin1, toLatin1 } from '../../common/bytes.js';
import { refusal } from '../../wire/errors.js';
import type { ListLocksRequest, LockDescription } from '../../wire/types.js';
import type { Reply } from '../call.js';
import type { LockDelays } from '../lock-delays.js';
import { asBuffer } from '../replies.js';
import { isFailure, nodePathOf } from '../targets.js';
import { LockDescriptions } from './lock-descriptions.js';
import { descriptionBytes } from './session-descriptions.js';
import type { AdminSources } from './session-descriptions.js';

/** Locks that are looked at for each entry that a page may have: most may be free. */
const LOOKED_AT_PER_ENTRY = 20;

/** The locks that are held, held back or waited for, in the order of their keys, a page at a time. */
export function listLocks(sources: AdminSources, delays: LockDelays, request: ListLocksRequest): Reply {
  const { cellName, limits } = sources.reign.around;
  const below = request.below === '' ? ROOT : nodePathOf(request.below, cellName, limits);
  if (isFailure(below)) return { failure: below };
  if (request.pageToken.length > limits.nameBytes) {
    return { failure: refusal('MALFORMED_REQUEST', 'page_token: not of a page of locks') };
  }
  const after = request.pageToken.length === 0 ? undefined : (toLatin1(request.pageToken) as NodePath);
  const descriptions = new LockDescriptions(sources, delays);
  const locks: LockDescription[] = [];
  let sizeBytes = 0;
  let left = LOOKED_AT_PER_ENTRY * limits.listingEntries;
  let last = after;
  for (const { path, lock } of allBelow(sources, below, after)) {
    const isFull = locks.length === limits.listingEntries || sizeBytes > limits.listingBytes;
    if (last !== undefined && (isFull || left-- === 0)) {
      return { response: { locks, nextPageToken: asBuffer(fromLatin1(last)) } };
    }
    last = path;
    if (lock.holders.length === 0 && sources.waits.sizeOf(path) === 0) continue;
    const description = descriptions.of(path, lock);
    sizeBytes += sizeOf(description);
    locks.push(description);
  }
  return { response: { locks, nextPageToken: NO_BYTES } };
}

/** With the locks that nobody ever held, but somebody waits for who wants others, too. */
function* allBelow(
  { reign, waits }: AdminSources,
  below: NodePath,
  after: NodePath | undefined,
): Generator<ListedLock> {
  const { cell, limits } = reign.around;
  const neverHeld: NodePath[] = [];
  for (const path of waits.paths()) {
    const isAhead = isAtOrBelow(path, below) && (after === undefined || path > after);
    if (isAhead && !cell.applied.has(lockKey(path))) neverHeld.push(path);
  }
  neverHeld.sort((a, b) => (a < b ? 1 : -1));
  for (const listed of locksBelow(cell.applied, below, after, limits.nameLevels)) {
    for (let next = neverHeld.at(-1); next !== undefined && next < listed.path; next = neverHeld.at(-1)) {
      yield { path: next, lock: NEVER_LOCKED };
      neverHeld.pop();
    }
    yield listed;
  }
  for (const path of neverHeld.reverse()) yield { path, lock: NEVER_LOCKED };
}

const NO_BYTES = Buffer.alloc(0);

/** More than a lock, a holder or a waiter takes in a message beside its texts. */
const OVERHEAD_BYTES = 60;

function sizeOf({ name, holders, waiters }: LockDescription): number {
  let sizeBytes = OVERHEAD_BYTES + 3 * name.length;
  for (const { session } of [...holders, ...waiters]) sizeBytes += OVERHEAD_BYTES + descriptionBytes(session!);
  return sizeBytes;
}

import { findDeadlock } from '../../chubby/deadlock.js';
import type { Obstacle, WaitsFor } from '../../chubby/deadlock.js';
import { admits, readLock } from '../../chubby/locks.js';
import { nameOf } from '../../chubby/names.js';
import { sessionIdBytes } from '../../chubby/records/ids.js';
import type { SessionId } from '../../chubby/records/ids.js';
import { showPath } from '../../chubby/records/node-path.js';
import type { NodePath } from '../../chubby/records/node-path.js';
import { statOf } from '../../chubby/records/stat.js';
import { readNode } from '../../chubby/read-node.js';
import { refusal } from '../../wire/errors.js';
import type { ExplainRequest } from '../../wire/types.js';
import type { Reply } from '../call.js';
import type { LockDelays } from '../lock-delays.js';
import type { Waiter } from '../lock-waits.js';
import { statMessage } from '../replies.js';
import { isFailure, nodePathOf } from '../targets.js';
import { LockDescriptions } from './lock-descriptions.js';
import type { AdminSources } from './session-descriptions.js';

/** Holders and waiters that are looked at in search of a deadlock: some tens of milliseconds. */
const SEARCH_STEPS = 100_000;

/** Who holds a node's lock, who waits for it, and what the holder waits for itself. */
export function explain(sources: AdminSources, delays: LockDelays, request: ExplainRequest): Reply {
  const { reign, followers } = sources;
  const { cell, cellName, limits } = reign.around;
  const path = nodePathOf(request.name, cellName, limits);
  if (isFailure(path)) return { failure: path };
  // An operator sees what a node is whatever its access lists say; what is in it he does not.
  const node = readNode(cell.applied, path);
  if (node === undefined) return { failure: refusal('NOT_FOUND', `there is no ${showPath(path)}`) };
  return {
    response: {
      stat: statMessage(statOf(node, readLock(cell.applied, path).generation)),
      lock: new LockDescriptions(sources, delays).of(path),
      deadlock: deadlockAround(sources, path).map((waits) => ({
        sessionId: sessionIdBytes(waits.session),
        lockName: nameOf(waits.path, cellName),
      })),
      cachingSessions: followers.cachersOf(path),
      subscriptions: followers.subscriptionsTo(path),
    },
  };
}

/** A round that the lock's holders are part of; or, while it is kept free for him, the first who waits for it. */
function deadlockAround(sources: AdminSources, path: NodePath): WaitsFor[] {
  const { reign, waits } = sources;
  const { holders } = readLock(reign.around.cell.applied, path);
  const living = holders.filter(({ heldBack }) => !heldBack).map(({ sessionId }) => sessionId);
  const [first] = waits.waitingFor(path);
  const among = living.length > 0 || first === undefined ? living : [first.session.id];
  return findDeadlock(among, (session) => obstaclesOf(sources, session), SEARCH_STEPS);
}

/** Who keeps the session from each lock that it waits for: those who hold it, and others who are before it in line. */
function* obstaclesOf(sources: AdminSources, session: SessionId): Generator<Obstacle> {
  for (const waiter of sources.waits.waitingIn(session)) {
    for (const { handle, mode } of waiter.locks) {
      const { path } = handle;
      const lock = readLock(sources.reign.around.cell.applied, path);
      if (!admits(lock, mode, sources.reign.around.limits.sharersPerLock)) {
        for (const { sessionId, heldBack } of lock.holders) if (!heldBack) yield { path, session: sessionId };
      }
      yield* beforeIn(sources, path, waiter);
    }
  }
}

function* beforeIn({ waits }: AdminSources, path: NodePath, waiter: Waiter): Generator<Obstacle> {
  for (const before of waits.waitingFor(path)) {
    if (before === waiter) return;
    if (before.session !== waiter.session) yield { path, session: before.session.id };
  }
}

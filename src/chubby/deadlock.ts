import type { SessionId } from './records/ids.js';
import type { NodePath } from './records/node-path.js';

/** One session that waits, and for which lock. */
export interface WaitsFor {
  readonly session: SessionId;
  readonly path: NodePath;
}

/** A lock that a session waits for, and one of the sessions that keep it from having it. */
export interface Obstacle {
  readonly path: NodePath;
  readonly session: SessionId;
}

/**
 * Looks for a round of sessions that wait for one another and of which one of the given ones is part: the shortest.
 *
 * @param obstaclesOf what a session waits for
 * @param steps how many obstacles are looked at, after which the search ends without an answer
 * @returns each session of the round with the lock that it waits for, which the next one keeps from it, and the last one
 * the first; empty where none was found
 */
export function findDeadlock(
  among: Iterable<SessionId>,
  obstaclesOf: (session: SessionId) => Iterable<Obstacle>,
  steps: number,
): WaitsFor[] {
  let left = steps;
  for (const start of among) {
    /** How the search came to a session. */
    const cameBy = new Map<SessionId, WaitsFor>();
    const open = [start];
    for (let session = open.shift(); session !== undefined; session = open.shift()) {
      for (const { path, session: next } of obstaclesOf(session)) {
        if (left-- === 0) return [];
        if (next === start) return wayTo(start, session, path, cameBy);
        if (cameBy.has(next)) continue;
        cameBy.set(next, { session, path });
        open.push(next);
      }
    }
  }
  return [];
}

function wayTo(
  start: SessionId,
  last: SessionId,
  path: NodePath,
  cameBy: ReadonlyMap<SessionId, WaitsFor>,
): WaitsFor[] {
  const way: WaitsFor[] = [{ session: last, path }];
  for (let at = last; at !== start;) {
    const step = cameBy.get(at)!;
    way.unshift(step);
    at = step.session;
  }
  return way;
}

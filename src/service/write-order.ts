import { ROOT } from '../chubby/records/node-path.js';
import type { NodePath } from '../chubby/records/node-path.js';
import { pathOf } from '../chubby/target.js';
import { assertNever } from '../common/assert.js';
import type { Call } from './call.js';
import type { Reign } from './reign.js';
import type { DeferredUnderWay, SessionState } from './session-state.js';
import { isFailure, nodePathOf, targetOf } from './targets.js';

/**
 * The deferred requests of the session that this later one of its must not overtake. What is about one node, or about
 * nodes of which one is above the other, keeps its order; what gives something up, a lock or a handle, or is about many
 * nodes, goes behind all. What waits for a lock, or is about other nodes, is not held up by a round that is not its own.
 */
export function notToOvertake(reign: Reign, call: Call, session: SessionState): DeferredUnderWay[] {
  if (session.deferred.size === 0) return [];
  const paths = pathsOf(reign, call, session);
  const deferred = [...session.deferred];
  if (paths === undefined) return deferred;
  return deferred.filter((earlier) => earlier.paths === undefined || areRelated(earlier.paths, paths));
}

/** The nodes that a request is about; absent where that may be any. */
export function pathsOf(reign: Reign, call: Call, session: SessionState): readonly NodePath[] | undefined {
  switch (call.name) {
    case 'acquire':
    case 'tryAcquire':
    case 'acquireAll':
    case 'poison':
    case 'checkSequencer':
      return NONE;
    case 'getContentsAndStat':
    case 'getStat':
    case 'readDir':
    case 'setContents':
    case 'setAcl':
    case 'delete': {
      const target = targetOf(reign, session, call.request);
      return isFailure(target) ? NONE : [pathOf(target)];
    }
    case 'open': {
      if (call.request.directory.length > 0 || call.request.sequential) return undefined;
      const path = nodePathOf(call.request.name, reign.around.cellName, reign.around.limits);
      return isFailure(path) ? NONE : [path];
    }
    case 'close':
    case 'release':
    case 'multiOp':
    case 'setSequencer':
    case 'getSequencer':
    case 'reattach':
    case 'cancel':
    case 'createSession':
    case 'closeSession':
      return undefined;
    default:
      return assertNever(call, 'pathsOf');
  }
}

const NONE: readonly NodePath[] = [];

const areRelated = (some: readonly NodePath[], others: readonly NodePath[]): boolean =>
  some.some((path) => others.some((other) => isAtOrAbove(path, other) || isAtOrAbove(other, path)));

const isAtOrAbove = (path: NodePath, other: NodePath): boolean =>
  path === other || path === ROOT || other.slice(1).startsWith(`${path.slice(1)}/`);

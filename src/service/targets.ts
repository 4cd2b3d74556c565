import type { ChubbyBounds } from '../chubby/bounds.js';
import { parseName } from '../chubby/names.js';
import { Refusal } from '../chubby/refusal.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { Target } from '../chubby/target.js';
import { refusal } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import { openHandle } from './handle-check.js';
import type { Reign } from './reign.js';
import type { SessionState } from './session-state.js';

export const isFailure = (value: object | string): value is Failure => typeof value === 'object' && 'reason' in value;

/** The node that a name of a client means. */
export function nodePathOf(name: string, cellName: string, bounds: ChubbyBounds): NodePath | Failure {
  if (name === '') return refusal('MISSING_FIELD', 'name: the request names no node');
  const path = parseName(name, cellName, bounds);
  return path instanceof Refusal ? refusal(path.reason, path.sentence) : path;
}

/** What a request with `oneof target` is about. */
export interface Targeted {
  readonly target?: 'handle' | 'name';
  readonly handle?: Buffer;
  readonly name?: string;
}

/** @param session absent where the caller named none: then only names will do */
export function targetOf(reign: Reign, session: SessionState | undefined, request: Targeted): Target | Failure {
  if (request.target === 'name') {
    return nodePathOf(request.name ?? '', reign.around.cellName, reign.around.limits);
  }
  if (request.target !== 'handle' || request.handle === undefined) {
    return refusal('MISSING_FIELD', 'target: the request names neither a handle nor a node');
  }
  if (session === undefined) return refusal('MISSING_FIELD', 'session: a handle is used within its session');
  return openHandle(reign, session, request.handle);
}

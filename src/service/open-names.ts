import type { Draft } from '../chubby/draft.js';
import { parseName, parseNameBelow } from '../chubby/names.js';
import type { NodePath } from '../chubby/records/node-path.js';
import { showPath } from '../chubby/records/node-path.js';
import { Refusal } from '../chubby/refusal.js';
import { SEQUENCE_PLACE } from '../chubby/sequential.js';
import { instanceOf } from '../chubby/target.js';
import { refusal } from '../wire/errors.js';
import type { Failure, OpenRequest } from '../wire/types.js';
import { openHandle } from './handle-check.js';
import type { Reign } from './reign.js';
import { failureOf } from './replies.js';
import type { SessionState } from './session-state.js';
import { isFailure } from './targets.js';

/** The node that an Open means: by its whole name, or below a directory of the session ([CH] 2.6). */
export function pathToOpen(
  reign: Reign,
  session: SessionState,
  { name, directory, sequential }: OpenRequest,
  draft: Draft,
): NodePath | Failure {
  const { cellName, limits } = reign.around;
  if (name === '' && !sequential) return refusal('MISSING_FIELD', 'name: the request names no node');
  const wanted = sequential ? name + SEQUENCE_PLACE : name;
  if (directory.length === 0) return orFailure(parseName(wanted, cellName, limits));
  const handle = openHandle(reign, session, directory);
  if (isFailure(handle)) return handle;
  const node = instanceOf(draft, handle);
  if (node instanceof Refusal) return failureOf(node);
  if (node.kind === 'file') return refusal('NOT_A_DIRECTORY', `${showPath(handle.path)} is a file`);
  return orFailure(parseNameBelow(handle.path, wanted, cellName, limits));
}

const orFailure = (path: NodePath | Refusal): NodePath | Failure => (path instanceof Refusal ? failureOf(path) : path);

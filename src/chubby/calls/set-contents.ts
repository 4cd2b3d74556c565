import type { CallContext } from '../call-context.js';
import { fullProblem } from '../database-bound.js';
import { readLock } from '../locks.js';
import { showPath } from '../records/node-path.js';
import type { NodePath } from '../records/node-path.js';
import { statOf } from '../records/stat.js';
import type { Stat } from '../records/stat.js';
import { Refusal } from '../refusal.js';
import { nodeAt, pathOf } from '../target.js';
import type { Target } from '../target.js';
import { createNode, writeContents } from '../tree.js';

export interface SetContentsRequest {
  readonly target: Target;
  readonly contents: Uint8Array;
  /** Write only if the contents are at this generation; where there is no node yet that is 0. */
  readonly ifContentGeneration: number | undefined;
  /** By name: make a permanent file where there is none. */
  readonly create: boolean;
}

/** Replaces the whole contents of a file. ([CH] 2.6) */
export function setContents(context: CallContext, request: SetContentsRequest): Stat | Refusal {
  const { draft, asker } = context;
  const { target, contents } = request;
  const full = fullProblem(context);
  if (full !== undefined) return full;
  const path = pathOf(target);
  const found = nodeAt(draft, asker, target, 'write');
  if (found instanceof Refusal) {
    return found.reason === 'NOT_FOUND' && request.create ? create(context, path, request) : found;
  }
  if (found.kind === 'directory') return new Refusal('IS_A_DIRECTORY', `${showPath(path)} has no contents`);
  const stale = staleness(path, found.contentGeneration, request);
  if (stale !== undefined) return stale;
  const written = writeContents(context, path, found, contents);
  return written instanceof Refusal ? written : statOf(written, readLock(draft, path).generation);
}

function create(context: CallContext, path: NodePath, request: SetContentsRequest): Stat | Refusal {
  const stale = staleness(path, 0, request);
  if (stale !== undefined) return stale;
  const created = createNode(context, path, { kind: 'file', creator: undefined, contents: request.contents });
  return created instanceof Refusal ? created : statOf(created, 0);
}

function staleness(path: NodePath, generation: number, request: SetContentsRequest): Refusal | undefined {
  const expected = request.ifContentGeneration;
  if (expected === undefined || expected === generation) return undefined;
  return new Refusal('STALE_GENERATION', `${showPath(path)} is at content generation ${generation}, not ${expected}`);
}

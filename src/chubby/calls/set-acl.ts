import { aclProblem } from '../access.js';
import type { CallContext } from '../call-context.js';
import { fullProblem } from '../database-bound.js';
import { readLock } from '../locks.js';
import type { AclNames } from '../records/acl-names.js';
import { showPath } from '../records/node-path.js';
import { statOf } from '../records/stat.js';
import type { Stat } from '../records/stat.js';
import { Refusal } from '../refusal.js';
import { nodeAt, pathOf } from '../target.js';
import type { Target } from '../target.js';
import { replaceAcl } from '../tree.js';

export interface SetAclRequest {
  readonly target: Target;
  readonly acl: AclNames;
  /** Change only if the ACL generation is this. */
  readonly ifAclGeneration: number | undefined;
}

/** Replaces the names of a node's access lists. ([CH] 2.6) */
export function setAcl(context: CallContext, { target, acl, ifAclGeneration }: SetAclRequest): Stat | Refusal {
  const { draft, asker, bounds } = context;
  const full = fullProblem(context);
  if (full !== undefined) return full;
  const node = nodeAt(draft, asker, target, 'changeAcl');
  if (node instanceof Refusal) return node;
  const path = pathOf(target);
  if (ifAclGeneration !== undefined && ifAclGeneration !== node.aclGeneration) {
    const sentence = `${showPath(path)} is at ACL generation ${node.aclGeneration}, not ${ifAclGeneration}`;
    return new Refusal('STALE_GENERATION', sentence);
  }
  const problem = aclProblem(draft, acl, bounds);
  if (problem !== undefined) return problem;
  return statOf(replaceAcl(draft, path, node, acl), readLock(draft, path).generation);
}

import type { AclNames as WireAclNames } from '../wire/types.js';
import { badArgument, nameFrom } from './arguments.js';

/**
 * The access lists of a node: the names of files under `/ls/<cell>/acl/`, which list principals one a line. An empty
 * name admits everybody. ([CH] 2.2)
 */
export interface AclNames {
  /** Who may read the node. */
  readonly read: string;
  /** Who may write it, delete it, lock it, and make children of it. */
  readonly write: string;
  /** Who may change these names. */
  readonly changeAcl: string;
}

const FIELDS = ['read', 'write', 'changeAcl'] as const;

/** @throws ChubbyError BAD_ARGUMENT where one of the three is missing: left out it would admit everybody */
export function aclRequest(acl: AclNames): WireAclNames {
  for (const field of FIELDS) {
    if (typeof acl?.[field] !== 'string') throw badArgument(`acl names three lists: ${FIELDS.join(', ')}`);
    nameFrom(acl[field]);
  }
  return { read: acl.read, write: acl.write, changeAcl: acl.changeAcl };
}

const OPEN_TO_ALL: AclNames = Object.freeze({ read: '', write: '', changeAcl: '' });

/** @param acl missing from a cell that knows of no access lists */
export const aclOf = (acl: WireAclNames | null | undefined): AclNames =>
  acl === null || acl === undefined ? OPEN_TO_ALL : { read: acl.read, write: acl.write, changeAcl: acl.changeAcl };

import type { AclNames as WireAclNames } from '../wire/types.js';
import { nameFrom } from './arguments.js';
import { ChubbyError } from './chubby-error.js';

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

/**
 * @throws ChubbyError BAD_ARGUMENT where one of the three is missing: left out it would admit everybody, and what it is
 *   now may be another's change since its caller looked
 */
export function aclRequest(acl: AclNames): WireAclNames {
  for (const field of FIELDS) {
    if (typeof acl?.[field] !== 'string') throw missing(field);
    nameFrom(acl[field]);
  }
  return { read: acl.read, write: acl.write, changeAcl: acl.changeAcl };
}

const missing = (field: string): ChubbyError =>
  new ChubbyError('BAD_ARGUMENT', `an acl names three lists, ${FIELDS.join(', ')}; ${field} is not given as a text`, {
    remedy: "give all three: { ...stat.acl, write: 'LIST' } leaves the others as they are, and '' admits everybody",
  });

const OPEN_TO_ALL: AclNames = Object.freeze({ read: '', write: '', changeAcl: '' });

/** @param acl missing from a cell that knows of no access lists */
export const aclOf = (acl: WireAclNames | null | undefined): AclNames =>
  acl === null || acl === undefined ? OPEN_TO_ALL : { read: acl.read, write: acl.write, changeAcl: acl.changeAcl };

// Original file: proto/chubby/v1/chubby.proto


/**
 * The files under /ls/<cell>/acl that say who may read the node, write it (and lock it, and make children of it), and
 * change these names. An empty name admits everybody.
 */
export interface AclNamesFields {
  'read'?: (string);
  'write'?: (string);
  'changeAcl'?: (string);
}

/**
 * The files under /ls/<cell>/acl that say who may read the node, write it (and lock it, and make children of it), and
 * change these names. An empty name admits everybody.
 */
export interface AclNames {
  'read': (string);
  'write': (string);
  'changeAcl': (string);
}

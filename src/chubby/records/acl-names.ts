import type { ByteReader, ByteWriter } from '../../common/bytes.js';

/** The files in the directory of access lists that say who may do what with a node; an empty name admits everybody. */
export interface AclNames {
  readonly read: string;
  /** Its contents and its lock, and, of a directory, making children. */
  readonly write: string;
  /** These names. */
  readonly changeAcl: string;
}

export const OPEN_TO_ALL: AclNames = { read: '', write: '', changeAcl: '' };

export const isOpenToAll = ({ read, write, changeAcl }: AclNames): boolean =>
  read === '' && write === '' && changeAcl === '';

/** About what the names take in a message, at the most. */
export const aclNamesBytes = (acl: AclNames): number =>
  acl === OPEN_TO_ALL ? 0 : 3 * (acl.read.length + acl.write.length + acl.changeAcl.length);

export const writeAclNames = (out: ByteWriter, acl: AclNames): ByteWriter =>
  out.text(acl.read).text(acl.write).text(acl.changeAcl);

export const readAclNames = (from: ByteReader): AclNames => ({
  read: from.text(),
  write: from.text(),
  changeAcl: from.text(),
});

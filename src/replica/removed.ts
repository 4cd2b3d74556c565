/** This identity was a member of its cell and is none any more: another one took its place, or an operator removed it. */
export class RemovedFromCell extends Error {
  override readonly name = 'RemovedFromCell';
}

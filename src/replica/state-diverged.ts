/**
 * This replica's state is not that of a majority: its memory failed, or its program. Its log is sound; of the snapshots
 * that it kept none is left. (DESIGN 4)
 */
export class StateDiverged extends Error {
  override readonly name = 'StateDiverged';
}

/**
 * Why something was refused. `badOptions`: correct them. `notMaster`: ask the master, or try again when there is one.
 * `outcomeUnknown`: the command may or may not be carried out, now or later. `tooLarge`: send less. `overloaded`: wait for
 * earlier commands. `outOfSpace`: a majority of the disks is full. `stopped`: this replica ended.
 */
export type LogErrorReason =
  'badOptions' | 'notMaster' | 'outcomeUnknown' | 'tooLarge' | 'overloaded' | 'outOfSpace' | 'stopped';

/** What was asked for was refused. Except for `outcomeUnknown` nothing of it happened or will. */
export class LogError extends Error {
  override readonly name = 'LogError';

  constructor(
    readonly reason: LogErrorReason,
    message: string,
  ) {
    super(message);
  }
}

/** Why a fence refuses. A program matches on it; never on the text. */
export type FencingReason =
  /** No sequencer came along. */
  | 'MISSING'
  /** The bytes are no sequencer. */
  | 'MALFORMED'
  | 'OTHER_CELL'
  /** Signed under an id of which the fence has no key: the cell's keys were rotated, or it is a forgery. */
  | 'UNKNOWN_KEY'
  /** The key signs no more, and the time in which it verifies is over. */
  | 'EXPIRED_KEY'
  | 'BAD_SIGNATURE'
  /** It speaks of other locks than the one that protects this resource. */
  | 'OTHER_LOCK'
  /** The lock was held in a weaker mode than the resource asks for. */
  | 'WRONG_MODE'
  /** A later holder of the lock was here already. */
  | 'OUTDATED';

/** What a fence does not let through. */
export class FencingError extends Error {
  override readonly name = 'FencingError';

  constructor(
    readonly reason: FencingReason,
    message: string,
  ) {
    super(message);
  }
}

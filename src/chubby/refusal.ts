/** Why a call is refused: reasons of the table in wire/errors, as far as the meaning of a call decides them. */
export type RefusalReason =
  | 'ACCESS_DENIED'
  | 'ALREADY_EXISTS'
  | 'INSTANCE_GONE'
  | 'IS_A_DIRECTORY'
  | 'LIMIT_CHILDREN'
  | 'LIMIT_DATABASE'
  | 'LIMIT_NAME'
  | 'LIMIT_OPERATIONS'
  | 'LISTING_CHANGED'
  | 'LOCK_HELD_ALREADY'
  | 'LOCK_NOT_HELD'
  | 'MALFORMED_NAME'
  | 'MALFORMED_REQUEST'
  | 'MODE_FORBIDS'
  | 'NOT_A_DIRECTORY'
  | 'NOT_EMPTY'
  | 'NOT_FOUND'
  | 'PROTECTED_NODE'
  | 'SESSION_EXPIRED'
  | 'STALE_GENERATION'
  | 'STALE_SEQUENCER'
  | 'TOO_LARGE'
  | 'WRONG_CELL';

/** A call that changes nothing and says why. */
export class Refusal {
  constructor(
    readonly reason: RefusalReason,
    /** One sentence for people. */
    readonly sentence: string,
  ) {}
}

const QUOTED_CHARACTERS = 100;

/** What a client sent, fit to stand in a sentence: escaped, and cut where it is long. */
export const quote = (text: string): string =>
  JSON.stringify(text.length <= QUOTED_CHARACTERS ? text : `${text.slice(0, QUOTED_CHARACTERS)}...`);

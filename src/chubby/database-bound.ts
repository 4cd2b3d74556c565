import type { CallContext } from './call-context.js';
import { Refusal } from './refusal.js';

/**
 * Why a call that makes the database grow, be it by its answer alone, is refused: the database is full. What takes
 * something away goes on: Delete, Close, Release, Cancel, the ends of sessions. (DESIGN 6)
 */
export const fullProblem = ({ bounds, databaseFull }: CallContext): Refusal | undefined =>
  databaseFull
    ? new Refusal('LIMIT_DATABASE', `the database has reached its bound of ${bounds.databaseBytes} bytes`)
    : undefined;

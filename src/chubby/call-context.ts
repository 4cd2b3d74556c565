import type { Asker } from './access.js';
import type { ChubbyBounds } from './bounds.js';
import type { Draft } from './draft.js';

/** What surrounds a call that may change something: the state with its changes, and all that is not state. */
export interface CallContext {
  readonly draft: Draft;
  readonly bounds: ChubbyBounds;
  readonly asker: Asker;
  /** The master's wall clock, to be stored for people to see. */
  readonly wallMs: number;
  /** The database is at its bound: what makes it grow is refused. */
  readonly databaseFull: boolean;
}

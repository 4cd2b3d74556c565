import type { EventMask } from './event-kinds.js';
import type { SessionId } from './records/ids.js';
import type { LockMode } from './records/lock.js';
import type { NodePath } from './records/node-path.js';

/** What a handle was opened for. */
export interface HandleMode {
  readonly read: boolean;
  readonly write: boolean;
  readonly changeAcl: boolean;
}

/** The reign that issued a handle. */
export interface IssuingEpoch {
  readonly round: number;
  readonly replicaId: number;
}

/** What a sequencer says of a lock, and a handle with a sequencer rests on. ([CH] 2.4, DESIGN 5) */
export interface LockClaim {
  readonly path: NodePath;
  readonly instanceNumber: number;
  readonly lockGeneration: number;
  readonly mode: LockMode;
}

/** An open node of a session: bound to the instance that was opened, whatever the name leads to later. */
export interface Handle {
  readonly sessionId: SessionId;
  /** The number of the Open that made it: so a retried Open finds the same handle, and needs no record for it. */
  readonly handleId: number;
  readonly path: NodePath;
  readonly instanceNumber: number;
  readonly mode: HandleMode;
  /** How long a lock held through it stays unclaimable when the session expires. */
  readonly lockDelayMs: number;
  /** What its session wants to be told of the node. */
  readonly events: EventMask;
  /** Events of children come from all nodes below the directory. */
  readonly recursive: boolean;
  readonly epoch: IssuingEpoch;
  /** By SetSequencer: every use is refused once one of these is no longer true. Empty without a sequencer. */
  readonly claims: readonly LockClaim[];
}

export const sameReign = (a: IssuingEpoch, b: IssuingEpoch): boolean =>
  a.round === b.round && a.replicaId === b.replicaId;

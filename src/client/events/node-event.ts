import { WIRE_EVENT_KINDS } from '../../wire/event-kinds.js';

/** @inline so that the documentation lists them */
type Kind = keyof typeof WIRE_EVENT_KINDS;

/**
 * What can happen to a node that is open. ([CH] 2.5)
 *
 * - `contentsModified`: the contents of the file were replaced.
 * - `childAdded`, `childRemoved`, `childModified`: a child of the directory came, went, or had its contents replaced.
 * - `handleInvalid`: the node was deleted; the handle is of no more use.
 * - `lockInvalid`: the lock that the handle held is lost.
 * - `lockAcquired`: the node's lock went from free to held.
 * - `conflictingLockRequest`: somebody else asks for the lock that the handle holds.
 */
export type NodeEventKind = Kind;

/**
 * Something happened to a node. It is told after it happened and in the order of the revisions; who sees it reads at
 * least that state.
 */
export interface NodeEvent {
  readonly kind: NodeEventKind;
  /**
   * The whole name, `/ls/<cell>/...`, of the node that it happened to: the handle's own, a child, or, opened with
   * `recursive`, one further below. A `childRemoved` with the directory's own name says that one child or several went
   * while the cell changed its master: list the directory again.
   */
  readonly name: string;
  /** The cell's global revision of the change; 0 where the library found it out itself. */
  readonly revision: number;
}

/** Events were lost, of this handle or of several: read again what you follow. Later events come as before. */
export interface EventsLost {
  readonly kind: 'eventsLost';
  /** Events of all revisions up to here may be missing; Infinity where that is not known. */
  readonly upToRevision: number;
}

const NAMES = new Map<string, NodeEventKind>(
  Object.entries(WIRE_EVENT_KINDS).map(([name, wire]) => [wire, name as NodeEventKind]),
);

/** Nothing for a kind of a newer cell. */
export const eventKindOf = (wire: string): NodeEventKind | undefined => NAMES.get(wire);

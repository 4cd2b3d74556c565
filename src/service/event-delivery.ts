import type { Changed } from '../chubby/cell.js';
import type { Change } from '../chubby/changes.js';
import { wants } from '../chubby/event-kinds.js';
import type { EventKind } from '../chubby/event-kinds.js';
import { tellOf } from '../chubby/events.js';
import { admits, readLock } from '../chubby/locks.js';
import { nameOf } from '../chubby/names.js';
import type { LockMode, LockRecord } from '../chubby/records/lock.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { Subscription } from '../chubby/subscriptions.js';
import { nodeEvent } from './event-messages.js';
import type { KeepAlives } from './keep-alives.js';
import type { LockWaits } from './lock-waits.js';
import type { Reign } from './reign.js';
import type { SessionState } from './session-state.js';

/**
 * Brings events to the sessions that want them: after what they tell of is applied, in the order in which that happened,
 * and at once, by the KeepAlives that are held. ([CH] 2.5, DESIGN 5)
 */
export class EventDelivery {
  readonly #reign: Reign;
  readonly #waits: LockWaits;
  readonly #keepAlives: KeepAlives;
  /** Whose client is being told of a conflict, and has not acknowledged that yet: of the next ones it knows enough. */
  readonly #toldOfConflict = new Set<Subscription>();

  constructor(reign: Reign, waits: LockWaits, keepAlives: KeepAlives) {
    this.#reign = reign;
    this.#waits = waits;
    this.#keepAlives = keepAlives;
  }

  /** The changes are applied. */
  deliver(changed: readonly Changed[]): void {
    if (this.#reign.subscriptions.size === 0) return;
    const told = new Set<SessionState>();
    for (const { proposal, revision, changes } of changed) {
      for (const change of changes) this.#tell(change, proposal, revision, told);
    }
    for (const session of told) this.#keepAlives.tellNews(session);
  }

  /** Somebody asks for the lock. Where it is held so that he must wait or is refused, the holders learn of it. */
  lockWanted(path: NodePath, mode: LockMode): void {
    const { subscriptions, around } = this.#reign;
    if (subscriptions.sizeAt(path) === 0) return;
    const lock = readLock(around.cell.pending, path);
    if (admits(lock, mode, around.limits.sharersPerLock)) return;
    const holders = this.#holdersThatAsked(lock);
    if (holders.length > 0) this.#reign.whenApplied(() => this.#tellOfConflict(path, holders));
  }

  #tell(change: Change, proposal: number, revision: number, told: Set<SessionState>): void {
    const { subscriptions, sessions, around } = this.#reign;
    let name: string | undefined;
    tellOf(change, proposal, subscriptions, ({ handle }, kind) => {
      const session = sessions.get(handle.sessionId);
      if (session === undefined) return;
      name ??= nameOf(change.path, around.cellName);
      session.outbox.addNodeEvent(nodeEvent(handle.handleId, kind, name, revision), revision);
      told.add(session);
    });
    // Whoever has it now does not know yet who else wants it.
    if (change.kind === 'locked' && this.#waits.sizeOf(change.path) > 0) {
      this.#tellOfConflict(change.path, this.#holdersThatAsked(readLock(around.cell.applied, change.path)));
    }
  }

  #holdersThatAsked({ holders }: LockRecord): Subscription[] {
    const asked: Subscription[] = [];
    for (const { sessionId, handleId, heldBack } of holders) {
      const subscription = heldBack ? undefined : this.#reign.subscriptions.find(sessionId, handleId);
      if (subscription !== undefined && wants(subscription.handle.events, CONFLICT)) asked.push(subscription);
    }
    return asked;
  }

  #tellOfConflict(path: NodePath, holders: readonly Subscription[]): void {
    const { subscriptions, sessions, around } = this.#reign;
    const name = nameOf(path, around.cellName);
    const revision = around.cell.appliedRevision;
    for (const subscription of holders) {
      const { sessionId, handleId } = subscription.handle;
      const session = sessions.get(sessionId);
      const isOpen = subscriptions.find(sessionId, handleId) === subscription;
      if (session === undefined || !isOpen || this.#toldOfConflict.has(subscription)) continue;
      this.#toldOfConflict.add(subscription);
      const event = nodeEvent(handleId, CONFLICT, name, revision);
      session.outbox.addNodeEvent(event, revision, () => this.#toldOfConflict.delete(subscription));
      this.#keepAlives.tellNews(session);
    }
  }
}

const CONFLICT: EventKind = 'conflictingLockRequest';

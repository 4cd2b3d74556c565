import type { Changed } from '../chubby/cell.js';
import type { Change } from '../chubby/changes.js';
import { wants } from '../chubby/event-kinds.js';
import type { EventKind } from '../chubby/event-kinds.js';
import { tellOf } from '../chubby/events.js';
import { admits, readLock } from '../chubby/locks.js';
import type { Handle } from '../chubby/handle.js';
import { missedEvents } from '../chubby/missed-events.js';
import type { Looks, MissedEvent } from '../chubby/missed-events.js';
import { nameOf } from '../chubby/names.js';
import { Refusal } from '../chubby/refusal.js';
import { instanceOf } from '../chubby/target.js';
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
    this.#keepAlives.tellNews(told);
  }

  /**
   * The session has the handle from an earlier reign, and goes on with it: it is told what it missed, of the applied
   * state; what is applied from here on comes by its subscription.
   *
   * @param seenRevision of the newest event or Stat that the session has handled
   * @param looks how much may still be looked at; beyond it the session is told to read again
   * @returns why the handle is of no more use
   */
  resume(session: SessionState, handle: Handle, seenRevision: number, looks = this.looks()): Refusal | undefined {
    const { cell } = this.#reign.around;
    const node = instanceOf(cell.applied, handle);
    const missed =
      node instanceof Refusal
        ? [{ kind: 'handleInvalid', path: handle.path, revision: cell.appliedRevision } as const]
        : missedEvents(cell.applied, handle, node, seenRevision, looks);
    if (missed === undefined) session.outbox.lose(cell.appliedRevision);
    else for (const event of missed) this.#tellMissed(session, handle, event);
    if (!(node instanceof Refusal)) this.#tellOfLock(session, handle);
    this.#keepAlives.tellNews([session]);
    return node instanceof Refusal ? node : undefined;
  }

  /** How much may be looked at for one request. */
  looks(): Looks {
    return { left: this.#reign.around.limits.looksPerReattach };
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

  /**
   * No revision says when a lock was acquired, and who waits for it may have come before its holder was back: so one that
   * is held is told again, and its holder, if there is a line, that somebody else asks for it.
   */
  #tellOfLock(session: SessionState, handle: Handle): void {
    const { subscriptions, around } = this.#reign;
    const { path, sessionId, handleId } = handle;
    const lock = readLock(around.cell.applied, path);
    if (lock.holders.some(({ heldBack }) => !heldBack)) {
      this.#tellMissed(session, handle, { kind: 'lockAcquired', path, revision: around.cell.appliedRevision });
    }
    const subscription = subscriptions.find(sessionId, handleId);
    if (subscription === undefined || this.#waits.sizeOf(path) === 0) return;
    this.#tellOfConflict(
      path,
      this.#holdersThatAsked(lock).filter((asked) => asked === subscription),
    );
  }

  #tellMissed({ outbox }: SessionState, { handleId, events }: Handle, { kind, path, revision }: MissedEvent): void {
    if (!wants(events, kind)) return;
    outbox.addNodeEvent(nodeEvent(handleId, kind, nameOf(path, this.#reign.around.cellName), revision), revision);
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
      this.#keepAlives.tellNews([session]);
    }
  }
}

const CONFLICT: EventKind = 'conflictingLockRequest';

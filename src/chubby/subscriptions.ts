import type { Handle } from './handle.js';
import type { SessionId } from './records/ids.js';
import { parentPath } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';

/** A handle that wants events, as long as it is open and its node is there. */
export interface Subscription {
  readonly handle: Handle;
  /** What proposals up to this one did, its session sees without events: it is the state that the handle began with. */
  readonly after: number;
}

const NONE: ReadonlySet<Subscription> = new Set();

/**
 * Who wants events of which node, in the master's memory: a later master has them again from the handles themselves.
 * ([CH] 2.5, DESIGN 5)
 */
export class Subscriptions {
  readonly #limit: number;
  readonly #limitPerSession: number;
  readonly #at = new Map<NodePath, Set<Subscription>>();
  /** Of these, the ones that want events from all nodes below, by the directory at the top. */
  readonly #below = new Map<NodePath, Set<Subscription>>();
  readonly #bySession = new Map<SessionId, Map<number, Subscription>>();
  #size = 0;

  /**
   * @param limit of all sessions together
   * @param limitPerSession of one
   */
  constructor(limit: number, limitPerSession: number) {
    this.#limit = limit;
    this.#limitPerSession = limitPerSession;
  }

  /** Of all sessions. */
  get size(): number {
    return this.#size;
  }

  sizeIn(session: SessionId): number {
    return this.#bySession.get(session)?.size ?? 0;
  }

  /** How many want events of this node itself. */
  sizeAt(path: NodePath): number {
    return this.#at.get(path)?.size ?? 0;
  }

  /** Whether there is no room for one more of this handle. */
  isFullFor({ sessionId, handleId }: Pick<Handle, 'sessionId' | 'handleId'>): boolean {
    if (this.find(sessionId, handleId) !== undefined) return false;
    return this.#size >= this.#limit || this.sizeIn(sessionId) >= this.#limitPerSession;
  }

  find(session: SessionId, handleId: number): Subscription | undefined {
    return this.#bySession.get(session)?.get(handleId);
  }

  /**
   * The handle is open: what it wants, if anything, it is told from here on, instead of what another one of its id was.
   *
   * @param after the newest proposal that the session needs no event of
   */
  opened(handle: Handle, after: number): void {
    const { sessionId, handleId, path } = handle;
    const earlier = this.find(sessionId, handleId);
    // Asked again, an Open is answered with the same handle: either answer may be the one that arrives.
    if (earlier !== undefined && isSame(earlier.handle, handle)) return;
    if (earlier !== undefined) this.#remove(earlier);
    if (handle.events === 0) return;
    const subscription = { handle, after };
    addTo(this.#at, path, subscription);
    if (handle.recursive) addTo(this.#below, path, subscription);
    const ofSession = this.#bySession.get(sessionId);
    if (ofSession === undefined) this.#bySession.set(sessionId, new Map([[handleId, subscription]]));
    else ofSession.set(handleId, subscription);
    this.#size++;
  }

  closed(handle: Handle): void {
    const subscription = this.find(handle.sessionId, handle.handleId);
    if (subscription !== undefined && isSame(subscription.handle, handle)) this.#remove(subscription);
  }

  sessionEnded(session: SessionId): void {
    for (const subscription of this.#bySession.get(session)?.values() ?? []) this.#remove(subscription);
  }

  /** Of the node itself. */
  at(path: NodePath): ReadonlySet<Subscription> {
    return this.#at.get(path) ?? NONE;
  }

  /** Of the nodes above its directory, as far as they want events from all nodes below. */
  *farAbove(path: NodePath): Generator<Subscription> {
    if (this.#below.size === 0) return;
    const directory = parentPath(path);
    for (let above = directory && parentPath(directory); above !== undefined; above = parentPath(above)) {
      yield* this.#below.get(above) ?? NONE;
    }
  }

  #remove(subscription: Subscription): void {
    const { path, sessionId, handleId } = subscription.handle;
    removeFrom(this.#at, path, subscription);
    removeFrom(this.#below, path, subscription);
    const ofSession = this.#bySession.get(sessionId);
    ofSession?.delete(handleId);
    if (ofSession?.size === 0) this.#bySession.delete(sessionId);
    this.#size--;
  }
}

const isSame = (a: Handle, b: Handle): boolean =>
  a.path === b.path && a.instanceNumber === b.instanceNumber && a.events === b.events && a.recursive === b.recursive;

function addTo(map: Map<NodePath, Set<Subscription>>, path: NodePath, subscription: Subscription): void {
  const known = map.get(path);
  if (known === undefined) map.set(path, new Set([subscription]));
  else known.add(subscription);
}

function removeFrom(map: Map<NodePath, Set<Subscription>>, path: NodePath, subscription: Subscription): void {
  const known = map.get(path);
  known?.delete(subscription);
  if (known?.size === 0) map.delete(path);
}

import { CacheRegistry } from '../chubby/cache-registry.js';
import type { Dropped } from '../chubby/cache-registry.js';
import { subjectsOf } from '../chubby/cache-subjects.js';
import type { SubjectKind, Subjects } from '../chubby/cache-subjects.js';
import type { Change } from '../chubby/changes.js';
import { nameOf } from '../chubby/names.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { Event } from '../wire/types.js';
import { Rounds } from './rounds.js';
import type { Deferral } from './rounds.js';
import type { SessionState } from './session-state.js';
import type { PlantedBugs } from './options.js';
import type { Limits } from '../wire/limits.js';

/** What one Invalidation names at the most: a KeepAlive's answer has room for several. */
const NAMES_PER_INVALIDATION = 256;

const MASTER_FAILED_OVER: Event = { event: 'masterFailedOver', masterFailedOver: {} };

/**
 * What keeps every cached answer true. ([CH] 2.7, DESIGN 5, Cache)
 *
 * While a client may serve an answer from its cache, the answer is that of the applied state *and* of the proposed one:
 *
 * 1. An answer may be cached only if nothing proposed and not yet applied touches what it was read from (`StableView`),
 *    no change of it waits for a round, and nobody is still to drop an older one. It is entered before it leaves.
 * 2. A change is proposed only when nobody is entered for anything that it touches. Whoever was has acknowledged the
 *    reply that told him to drop it, or his lease, as this master promised it, has run out, or he closed his session.
 *    `mayPropose` is asserted for every proposal, whoever makes it.
 * 3. What an earlier master entered is not known. So no change is proposed before each session that lived under one has
 *    acknowledged the fail-over, after which it uses nothing that it cached before, or its full lease has run out.
 * 4. An answer that an invalidation overtook on its way is known by its `cache_number`: it is that of the session's last
 *    invalidation when it was entered. With the event of a fail-over comes an invalidation that names nothing, so that
 *    the same rule refuses answers of earlier masters.
 */
export class Caching {
  readonly #cellName: string;
  readonly #bugs: PlantedBugs;
  readonly #tellNews: (sessions: Iterable<SessionState>) => void;
  readonly #registry: CacheRegistry<SessionState>;
  /** Sessions that may cache what an earlier master let them. */
  readonly #unconfirmed = new Set<SessionState>();
  /** Sessions that are to cache nothing from here on, and what follows when they do not. */
  readonly #emptied = new Map<SessionState, () => void>();
  readonly #rounds = new Rounds((subjects) => this.#isClear(subjects));

  /** @param tellNews answers the KeepAlives that the sessions have waiting */
  constructor(
    cellName: string,
    limits: Limits,
    bugs: PlantedBugs,
    tellNews: (sessions: Iterable<SessionState>) => void,
  ) {
    this.#cellName = cellName;
    this.#bugs = bugs;
    this.#tellNews = tellNews;
    this.#registry = new CacheRegistry(limits);
  }

  /** Answers that sessions may have cached. */
  get size(): number {
    return this.#registry.size;
  }

  /** Changes that wait until nobody caches what they touch. */
  get changesWaiting(): number {
    return this.#rounds.size;
  }

  // --- sessions ---

  /**
   * The session lived under an earlier master, and goes on under this one.
   *
   * @param acknowledged runs when its client has said that it knows
   */
  failedOver(session: SessionState, acknowledged: () => void): void {
    if (session.record.cachesNothing) return session.outbox.add(MASTER_FAILED_OVER, acknowledged);
    this.#unconfirmed.add(session);
    session.outbox.add(MASTER_FAILED_OVER, () => {
      this.#confirmed(session);
      acknowledged();
    });
    session.outbox.add(this.#invalidation(session, [], []));
  }

  /** Its lease has run out, or it closed itself: it serves nothing from its cache any more. */
  sessionOver(session: SessionState): void {
    this.#emptied.delete(session);
    this.#rounds.cleared(this.#registry.leave(session));
    this.#confirmed(session);
  }

  /**
   * The session is to be ended though its lease runs: first it drops all that it caches.
   *
   * @param then runs once it did; never, where {@link sessionOver} comes first
   */
  empty(session: SessionState, then: () => void): void {
    this.#emptied.set(session, then);
    this.#addInvalidations(session, this.#registry.dropAllOf(session));
    this.#tellNews([session]);
    this.#checkEmptied(session);
  }

  /** Whether the session is to cache nothing from here on, and has not dropped all yet. */
  isBeingEmptied(session: SessionState): boolean {
    return this.#emptied.has(session);
  }

  /** How many answers the session may cache. */
  cachedBy(session: SessionState): number {
    return this.#registry.sizeOf(session);
  }

  /** How many sessions may cache something about the node or its listing. */
  cachersOf(path: NodePath): number {
    return this.#registry.cachersOf(path);
  }

  // --- answers ---

  /** Whether any answer may be cached by the session. */
  mayCache(session: SessionState): boolean {
    if (session.record.cachesNothing || session.ending || this.#emptied.has(session)) return false;
    return !this.#unconfirmed.has(session) || this.#bugs.noFailOverWait === true;
  }

  /**
   * An answer about this, which holds in the proposed state as well, is about to leave for a session that may cache.
   *
   * @returns the answer's `cache_number`; nothing if it must not be cached
   */
  enter(session: SessionState, kind: SubjectKind, path: NodePath): number | undefined {
    if (this.#rounds.touches(kind, path) && this.#bugs.cacheWhilePending !== true) return undefined;
    return this.#registry.enter(session, kind, path) ? session.invalidationNumber : undefined;
  }

  // --- changes ---

  /** Whether the changes must wait until caches have dropped what they touch. */
  blocks(changes: readonly Change[]): boolean {
    if (changes.length === 0) return false;
    if (this.#bugs.proposeBeforeInvalidation === true) return this.#invalidateTooLate(changes);
    if (this.#awaitsConfirmation()) return true;
    if (this.#registry.size === 0 && this.#rounds.size === 0) return false;
    return changes.some(({ path }) => this.#rounds.hasQueue(path)) || this.#registry.holdsAny(subjectsOf(changes));
  }

  /** Begins the round for changes that are blocked, or has them wait for the one that runs. */
  defer(changes: readonly Change[], run: () => void): Deferral {
    const subjects = subjectsOf(changes);
    const deferral = { paths: new Set(changes.map(({ path }) => path)), subjects, run };
    this.#rounds.enqueue(deferral);
    this.#invalidate(subjects);
    return deferral;
  }

  withdraw(deferral: Deferral): void {
    this.#rounds.withdraw(deferral);
  }

  /** When {@link goOn} is due: at once, or never. */
  next(): number {
    return this.#rounds.isBehind ? -Infinity : Infinity;
  }

  /** Runs more of the changes that wait for nothing any more. */
  goOn(): void {
    this.#rounds.goOn();
  }

  /** @returns whether nobody can have an answer in his cache that the changes make untrue */
  mayPropose(changes: readonly Change[]): boolean {
    if (changes.length === 0 || this.#bugs.proposeBeforeInvalidation === true) return true;
    return !this.#awaitsConfirmation() && (this.#registry.size === 0 || !this.#registry.holdsAny(subjectsOf(changes)));
  }

  // --- within ---

  #isClear(subjects: Subjects): boolean {
    return !this.#awaitsConfirmation() && !this.#registry.holdsAny(subjects);
  }

  #awaitsConfirmation(): boolean {
    return this.#unconfirmed.size > 0 && this.#bugs.noFailOverWait !== true;
  }

  #confirmed(session: SessionState): void {
    if (!this.#unconfirmed.delete(session)) return;
    this.#checkEmptied(session);
    if (this.#unconfirmed.size === 0) this.#rounds.allCleared();
  }

  /** As planted: the caches are told, and nobody waits for what they say. */
  #invalidateTooLate(changes: readonly Change[]): false {
    this.#invalidate(subjectsOf(changes));
    return false;
  }

  #invalidate(subjects: Subjects): void {
    const drops = this.#registry.drop(subjects);
    for (const [session, dropped] of drops) this.#addInvalidations(session, dropped);
    this.#tellNews(drops.keys());
  }

  #addInvalidations(session: SessionState, { nodes, listings }: Dropped): void {
    for (let from = 0; from < nodes.length || from < listings.length; from += NAMES_PER_INVALIDATION) {
      const part = {
        nodes: nodes.slice(from, from + NAMES_PER_INVALIDATION),
        listings: listings.slice(from, from + NAMES_PER_INVALIDATION),
      };
      const event = this.#invalidation(session, part.nodes, part.listings);
      session.outbox.add(event, () => this.#dropped(session, part));
    }
  }

  #invalidation(session: SessionState, nodes: readonly NodePath[], listings: readonly NodePath[]): Event {
    const name = (path: NodePath): string => nameOf(path, this.#cellName);
    const number = ++session.invalidationNumber;
    return { event: 'invalidation', invalidation: { number, nodes: nodes.map(name), listings: listings.map(name) } };
  }

  /** The client acknowledged the reply that told it. */
  #dropped(session: SessionState, dropped: Dropped): void {
    const freed = this.#registry.dropped(session, dropped);
    this.#checkEmptied(session);
    this.#rounds.cleared(freed);
  }

  #checkEmptied(session: SessionState): void {
    const then = this.#emptied.get(session);
    if (then === undefined || this.#unconfirmed.has(session) || this.#registry.sizeOf(session) > 0) return;
    this.#emptied.delete(session);
    then();
  }
}

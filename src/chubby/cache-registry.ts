import { assert } from '../common/assert.js';
import type { SubjectKind, Subjects } from './cache-subjects.js';
import type { NodePath } from './records/node-path.js';

/** Who may cache an answer about one subject. */
interface Entry<S> {
  readonly kind: SubjectKind;
  readonly path: NodePath;
  /** May cache one, and was not told to drop it. */
  readonly cachers: Set<S>;
  /** Was told to drop it, and has not said that it did; absent while nobody was. */
  told: Set<S> | undefined;
}

/** Subjects, as one session is told to drop them, and gives them back when it did. */
export interface Dropped {
  readonly nodes: readonly NodePath[];
  readonly listings: readonly NodePath[];
}

export interface CacheBounds {
  readonly cachedAnswersPerSession: number;
  readonly cachedAnswers: number;
}

/**
 * Which session may cache an answer about what, in the master's memory. ([CH] 2.7)
 *
 * 1. A session in here *may* have such an answer in its cache; one that is not *has* none. So it is entered before the
 *    answer leaves, and taken out only when it said that it dropped the answer, or can serve nothing from its cache any
 *    more.
 * 2. While a session was told to drop an answer and has not said that it did, nobody is entered for that subject: what
 *    it says afterwards is about what it had before, and nothing newer.
 */
export class CacheRegistry<S> {
  readonly #bounds: CacheBounds;
  readonly #entries: Record<SubjectKind, Map<NodePath, Entry<S>>> = { node: new Map(), listing: new Map() };
  readonly #bySession = new Map<S, Set<Entry<S>>>();
  #size = 0;

  constructor(bounds: CacheBounds) {
    this.#bounds = bounds;
  }

  /** Answers that may be cached, over all sessions. */
  get size(): number {
    return this.#size;
  }

  /** Answers that the session may cache. */
  sizeOf(session: S): number {
    return this.#bySession.get(session)?.size ?? 0;
  }

  /** Sessions that may cache something about the node or its listing. */
  cachersOf(path: NodePath): number {
    const sessions = new Set<S>();
    for (const kind of KINDS) {
      const entry = this.#entries[kind].get(path);
      for (const session of entry?.cachers ?? []) sessions.add(session);
      for (const session of entry?.told ?? []) sessions.add(session);
    }
    return sessions.size;
  }

  /**
   * The session may cache an answer from here on.
   *
   * @returns whether it may: not over the bounds, and not while somebody is to drop such an answer
   */
  enter(session: S, kind: SubjectKind, path: NodePath): boolean {
    const entry = this.#entries[kind].get(path);
    if (entry !== undefined) {
      if (entry.told !== undefined) return false;
      if (entry.cachers.has(session)) return true;
    }
    const ofSession = this.#bySession.get(session);
    if (this.#size >= this.#bounds.cachedAnswers) return false;
    if (ofSession !== undefined && ofSession.size >= this.#bounds.cachedAnswersPerSession) return false;
    const entered = entry ?? this.#make(kind, path);
    entered.cachers.add(session);
    if (ofSession === undefined) this.#bySession.set(session, new Set([entered]));
    else ofSession.add(entered);
    this.#size++;
    return true;
  }

  /** Whether anybody may have any of it in his cache, told to drop it or not. */
  holdsAny(subjects: Subjects): boolean {
    if (this.#size === 0) return false;
    const { node, listing } = this.#entries;
    for (const path of subjects.nodes) if (node.has(path)) return true;
    for (const path of subjects.listings) if (listing.has(path)) return true;
    return false;
  }

  /** Everybody who may have any of it in his cache is to drop it. @returns whom to tell what; nobody is told twice */
  drop(subjects: Subjects): Map<S, Dropped> {
    const dropped = new Map<S, { nodes: NodePath[]; listings: NodePath[] }>();
    for (const kind of KINDS) {
      for (const path of kind === 'node' ? subjects.nodes : subjects.listings) {
        const entry = this.#entries[kind].get(path);
        if (entry === undefined) continue;
        for (const session of entry.cachers) {
          let told = dropped.get(session);
          if (told === undefined) dropped.set(session, (told = { nodes: [], listings: [] }));
          (kind === 'node' ? told.nodes : told.listings).push(path);
          (entry.told ??= new Set()).add(session);
        }
        entry.cachers.clear();
      }
    }
    return dropped;
  }

  /** The session is to drop everything. @returns what it was not told before */
  dropAllOf(session: S): Dropped {
    const dropped: { nodes: NodePath[]; listings: NodePath[] } = { nodes: [], listings: [] };
    for (const entry of this.#bySession.get(session) ?? []) {
      if (!entry.cachers.delete(session)) continue;
      (entry.told ??= new Set()).add(session);
      (entry.kind === 'node' ? dropped.nodes : dropped.listings).push(entry.path);
    }
    return dropped;
  }

  /**
   * The session dropped what it was told to, if it still is somebody who was told.
   *
   * @returns what nobody may have in his cache any more
   */
  dropped(session: S, { nodes, listings }: Dropped): Dropped {
    return {
      nodes: nodes.filter((path) => this.#isFreedBy(session, 'node', path)),
      listings: listings.filter((path) => this.#isFreedBy(session, 'listing', path)),
    };
  }

  /** The session can serve nothing from its cache any more. @returns what nobody may have in his cache any more */
  leave(session: S): Dropped {
    const freed: { nodes: NodePath[]; listings: NodePath[] } = { nodes: [], listings: [] };
    for (const entry of this.#bySession.get(session) ?? []) {
      entry.cachers.delete(session);
      entry.told?.delete(session);
      this.#size--;
      if (this.#isFree(entry)) (entry.kind === 'node' ? freed.nodes : freed.listings).push(entry.path);
    }
    this.#bySession.delete(session);
    return freed;
  }

  /** The session dropped this. @returns whether it was the last that had it */
  #isFreedBy(session: S, kind: SubjectKind, path: NodePath): boolean {
    const entry = this.#entries[kind].get(path);
    if (entry === undefined || entry.told?.delete(session) !== true) return false;
    const ofSession = this.#bySession.get(session);
    assert(ofSession !== undefined && ofSession.delete(entry), 'who was told is known by what it may cache');
    if (ofSession.size === 0) this.#bySession.delete(session);
    this.#size--;
    return this.#isFree(entry);
  }

  #make(kind: SubjectKind, path: NodePath): Entry<S> {
    const entry: Entry<S> = { kind, path, cachers: new Set(), told: undefined };
    this.#entries[kind].set(path, entry);
    return entry;
  }

  /** Forgets the entry if nobody is left in it. */
  #isFree(entry: Entry<S>): boolean {
    if (entry.told?.size === 0) entry.told = undefined;
    if (entry.cachers.size > 0 || entry.told !== undefined) return false;
    return this.#entries[entry.kind].delete(entry.path);
  }
}

const KINDS: readonly SubjectKind[] = ['node', 'listing'];

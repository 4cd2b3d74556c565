import { assert } from '../common/assert.js';
import type { SubjectKind, Subjects } from '../chubby/cache-subjects.js';
import type { NodePath } from '../chubby/records/node-path.js';

/** Changes run in one turn of the event loop: some milliseconds of it, in which a master hears nobody. */
const RUN_AT_ONCE = 64;

/** Changes that wait until nobody caches what they touch. */
export interface Deferral {
  /** The nodes that are changed themselves. */
  readonly paths: ReadonlySet<NodePath>;
  readonly subjects: Subjects;
  /** Computes them anew, and proposes them or has them wait again. */
  readonly run: () => void;
}

/** Deferrals by the path of a node or a listing, in the order in which they came. */
type ByPath = Map<NodePath, Set<Deferral>>;

/**
 * Changes that wait for an invalidation round. Those of one node are run in the order in which they came: a second one
 * joins the round of the first. Those elsewhere pass, even where both touch one listing or one directory's child count.
 * A change enters the queues of all its nodes at once, and all queues keep one order, so none waits for one that came
 * later: what is run and has to wait again keeps its turn, in the queues of nodes that it did not change before, too.
 * Where very many are ready at once, the rest waits for {@link goOn}. (DESIGN 5, Cache)
 */
export class Rounds {
  readonly #isClear: (subjects: Subjects) => boolean;
  readonly #queues: ByPath = new Map();
  readonly #touching: Record<SubjectKind, ByPath> = { node: new Map(), listing: new Map() };
  /** All, with their turns: the order of every queue. */
  readonly #all = new Map<Deferral, number>();
  #lastTurn = 0;
  /** Those that may be ready by now. */
  readonly #candidates = new Set<Deferral>();
  /** Whether some of these are left to run. */
  #isBehind = false;
  /** The one that is being run: nothing that came behind it is in its way. */
  #running: Deferral | undefined;

  /** @param isClear whether nobody can have any of it in a cache */
  constructor(isClear: (subjects: Subjects) => boolean) {
    this.#isClear = isClear;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Whether {@link goOn} has something to do. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Whether a change waits that touches this. */
  touches(kind: SubjectKind, path: NodePath): boolean {
    return this.#touching[kind].has(path);
  }

  /** Whether a change of this very node waits that the one to be proposed now must not overtake. */
  hasQueue(path: NodePath): boolean {
    const [first] = this.#queues.get(path) ?? [];
    return first !== undefined && first !== this.#running;
  }

  enqueue(deferral: Deferral): void {
    const { paths, subjects } = deferral;
    this.#all.set(deferral, this.#nextTurn());
    for (const path of paths) this.#enterQueue(path, deferral);
    for (const path of subjects.nodes) enter(this.#touching.node, path, deferral);
    for (const path of subjects.listings) enter(this.#touching.listing, path, deferral);
  }

  /** It is not to run any more. */
  withdraw(deferral: Deferral): void {
    this.#leave(deferral);
    this.#runReady();
  }

  /** Nobody caches this any more: what waited for it may be ready. */
  cleared({ nodes, listings }: { readonly nodes: Iterable<NodePath>; readonly listings: Iterable<NodePath> }): void {
    if (this.#all.size === 0) return;
    for (const path of nodes) this.#nominate(this.#touching.node.get(path));
    for (const path of listings) this.#nominate(this.#touching.listing.get(path));
    this.#runReady();
  }

  /** Something has come about for which everything waited. */
  allCleared(): void {
    this.#nominate(this.#all.keys());
    this.#runReady();
  }

  /** Runs more of what was left. To be called in another turn of the event loop, while {@link isBehind}. */
  goOn(): void {
    this.#isBehind = false;
    this.#runReady();
  }

  /** One runs, and what that makes ready: never one within another. */
  #runReady(): void {
    if (this.#running !== undefined || this.#isBehind) return;
    let left = RUN_AT_ONCE;
    for (const deferral of this.#candidates) {
      if (left-- === 0) {
        this.#isBehind = true;
        return;
      }
      this.#candidates.delete(deferral);
      if (!this.#isReady(deferral)) continue;
      this.#running = deferral;
      deferral.run();
      this.#running = undefined;
      this.#leave(deferral);
    }
  }

  /** The last one; but what is run and has to wait again keeps its own. */
  #nextTurn(): number {
    return (this.#running && this.#all.get(this.#running)) ?? ++this.#lastTurn;
  }

  /** Before those whose turn comes later: there are none, unless it keeps an earlier turn. */
  #enterQueue(path: NodePath, deferral: Deferral): void {
    const queue = this.#queues.get(path);
    if (queue === undefined || this.#running === undefined) return enter(this.#queues, path, deferral);
    const turn = this.#turnOf(deferral);
    const later = [...queue].filter((other) => this.#turnOf(other) > turn);
    for (const other of later) queue.delete(other);
    for (const other of [deferral, ...later]) queue.add(other);
  }

  #turnOf(deferral: Deferral): number {
    const turn = this.#all.get(deferral);
    assert(turn !== undefined, 'what stands in a queue waits');
    return turn;
  }

  #isReady(deferral: Deferral): boolean {
    for (const path of deferral.paths) {
      const [first] = this.#queues.get(path) ?? [];
      if (first !== deferral) return false;
    }
    return this.#isClear(deferral.subjects);
  }

  /** Whoever was behind it may be first now. */
  #leave(deferral: Deferral): void {
    const { paths, subjects } = deferral;
    this.#all.delete(deferral);
    this.#candidates.delete(deferral);
    for (const path of subjects.nodes) leave(this.#touching.node, path, deferral);
    for (const path of subjects.listings) leave(this.#touching.listing, path, deferral);
    for (const path of paths) {
      leave(this.#queues, path, deferral);
      const [first] = this.#queues.get(path) ?? [];
      if (first !== undefined) this.#candidates.add(first);
    }
  }

  #nominate(deferrals: Iterable<Deferral> | undefined): void {
    if (deferrals !== undefined) for (const deferral of deferrals) this.#candidates.add(deferral);
  }
}

function enter(byPath: ByPath, path: NodePath, deferral: Deferral): void {
  const there = byPath.get(path);
  if (there === undefined) byPath.set(path, new Set([deferral]));
  else there.add(deferral);
}

function leave(byPath: ByPath, path: NodePath, deferral: Deferral): void {
  const there = byPath.get(path);
  if (there?.delete(deferral) === true && there.size === 0) byPath.delete(path);
}

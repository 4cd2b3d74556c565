import type { Asker } from '../chubby/access.js';
import { getStat } from '../chubby/calls/get-stat.js';
import { readDir } from '../chubby/calls/read-dir.js';
import type { ReadView } from '../chubby/cell.js';
import type { NodePath } from '../chubby/records/node-path.js';
import { Refusal } from '../chubby/refusal.js';
import { CachedKind } from '../wire/types.js';
import type { CachedAnswer } from '../wire/types.js';
import type { Caching } from './caching.js';
import type { Reign } from './reign.js';
import type { SessionState } from './session-state.js';
import { isFailure, nodePathOf } from './targets.js';

/**
 * After a change of master: which answers of an earlier one a session may keep in its cache. Each is compared with the
 * applied state, and kept under the same conditions under which it could be cached now. (DESIGN 5, Cache)
 */
export class Revalidation {
  readonly #reign: Reign;
  readonly #caching: Caching;

  constructor(reign: Reign, caching: Caching) {
    this.#reign = reign;
    this.#caching = caching;
  }

  /** @returns the indexes of what is still true; what is more than one call may ask for is not */
  stillTrue(session: SessionState, cached: readonly CachedAnswer[]): number[] {
    if (!this.#caching.mayCache(session)) return [];
    const { limits } = this.#reign.around;
    let entriesLeft = limits.revalidatedEntries;
    const kept: number[] = [];
    for (const [index, answer] of cached.slice(0, limits.revalidatedAnswers).entries()) {
      if (answer.kind !== CachedKind.CACHED_KIND_LISTING) {
        if (this.#isKept(session, answer)) kept.push(index);
        continue;
      }
      if (entriesLeft <= 0) continue;
      const path = this.#pathOf(answer);
      if (path === undefined) continue;
      const { isTrue, entries } = this.#compareListing(session, path, answer);
      entriesLeft -= entries;
      if (isTrue && this.#caching.enter(session, 'listing', path) !== undefined) kept.push(index);
    }
    return kept;
  }

  #isKept(session: SessionState, answer: CachedAnswer): boolean {
    const path = this.#pathOf(answer);
    if (path === undefined) return false;
    const view = this.#reign.around.cell.stableView();
    const isTrue =
      answer.kind === CachedKind.CACHED_KIND_ABSENCE
        ? isAbsent(view, this.#askerIn(session), path)
        : isSameNode(view, this.#askerIn(session), path, answer);
    return isTrue && view.isStable && this.#caching.enter(session, 'node', path) !== undefined;
  }

  /**
   * A listing is the same if its directory is, which counts the children that came and went, and no child has a newer
   * revision or a lock that was acquired since: both only grow.
   */
  #compareListing(
    session: SessionState,
    path: NodePath,
    answer: CachedAnswer,
  ): { readonly isTrue: boolean; readonly entries: number } {
    const { cell, limits } = this.#reign.around;
    const view = cell.stableView();
    const asker = this.#askerIn(session);
    if (!isSameNode(view, asker, path, answer)) return { isTrue: false, entries: 0 };
    const listing = readDir(view, asker, limits, path, '', 0);
    if (listing instanceof Refusal) return { isTrue: false, entries: 0 };
    let newestRevision = 0;
    let lockGenerations = 0;
    for (const { stat } of listing.children) {
      newestRevision = Math.max(newestRevision, stat.revision);
      lockGenerations += stat.lockGeneration;
    }
    const isSame =
      !listing.more && newestRevision === answer.newestChildRevision && lockGenerations === answer.childLockGenerations;
    return { isTrue: isSame && view.isStable, entries: listing.children.length };
  }

  #askerIn({ record }: SessionState): Asker {
    return this.#reign.asker(record.principal);
  }

  #pathOf({ name }: CachedAnswer): NodePath | undefined {
    const { cellName, limits } = this.#reign.around;
    const path = nodePathOf(name, cellName, limits);
    return isFailure(path) ? undefined : path;
  }
}

function isAbsent(view: ReadView, asker: Asker, path: NodePath): boolean {
  const stat = getStat(view, asker, path);
  return stat instanceof Refusal && stat.reason === 'NOT_FOUND';
}

function isSameNode(view: ReadView, asker: Asker, path: NodePath, answer: CachedAnswer): boolean {
  const stat = getStat(view, asker, path);
  return (
    !(stat instanceof Refusal) &&
    stat.instanceNumber === answer.instanceNumber &&
    stat.revision === answer.revision &&
    stat.lockGeneration === answer.lockGeneration
  );
}

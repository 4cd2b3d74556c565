import type { Change } from './changes.js';
import { parentPath } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';

/**
 * Which directories are as they were when some page of them was read, in the master's memory: so that a listing of
 * several pages is one that some single state had. A directory is forgotten at the first change of anything that its
 * listing shows, and its number is never given again in the reign.
 */
export class ListingsUnderWay {
  readonly #limit: number;
  /** In the order in which pages of them were read. */
  readonly #serials = new Map<NodePath, number>();
  #lastSerial = 0;

  /** @param limit directories at the most; beyond it the one whose pages were read longest ago is forgotten */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns the number of the directory's present state */
  note(directory: NodePath): number {
    const serial = this.#serials.get(directory) ?? ++this.#lastSerial;
    this.#serials.delete(directory);
    this.#serials.set(directory, serial);
    if (this.#serials.size > this.#limit) this.#serials.delete(this.#serials.keys().next().value!);
    return serial;
  }

  /** Whether the directory is known to be as it was under this number. */
  isUnchanged(directory: NodePath, serial: number): boolean {
    return this.#serials.get(directory) === serial;
  }

  /** These changes are applied. */
  changed(changes: readonly Change[]): void {
    if (this.#serials.size === 0) return;
    for (const { kind, path } of changes) {
      this.#serials.delete(path);
      const directory = parentPath(path);
      if (directory === undefined) continue;
      this.#serials.delete(directory);
      if (kind === 'created' || kind === 'deleted') this.#forgetListingWith(directory);
    }
  }

  /** A directory's own metadata changed with a child of it, and stands in the listing around it. */
  #forgetListingWith(directory: NodePath): void {
    const around = parentPath(directory);
    if (around !== undefined) this.#serials.delete(around);
  }
}

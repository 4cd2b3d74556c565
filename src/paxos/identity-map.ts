import { sameIdentity } from './ballot.js';
import type { Identity } from './ballot.js';

/** What is known of each of a few identities. */
export class IdentityMap<T> {
  // As many as a cell has members: looking through them costs less than a key.
  #entries: { readonly identity: Identity; value: T }[] = [];

  get(identity: Identity): T | undefined {
    return this.#entries.find((entry) => sameIdentity(entry.identity, identity))?.value;
  }

  set(identity: Identity, value: T): void {
    const entry = this.#entries.find((known) => sameIdentity(known.identity, identity));
    if (entry === undefined) this.#entries.push({ identity, value });
    else entry.value = value;
  }

  /** Keeps what is known of these, and nothing else. */
  retain(identities: readonly Identity[]): void {
    this.#entries = this.#entries.filter((entry) => identities.some((kept) => sameIdentity(kept, entry.identity)));
  }

  delete(identity: Identity): void {
    this.#entries = this.#entries.filter((entry) => !sameIdentity(entry.identity, identity));
  }
}

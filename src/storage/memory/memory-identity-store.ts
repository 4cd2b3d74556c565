import { assert } from '../../common/assert.js';
import type { IdentityStore, ReplicaIdentity } from '../identity-store.js';
import { checkOwn } from '../identity-taken.js';
import { StorageFailure } from '../storage-failure.js';
import type { Life, MemoryDisk } from './memory-disk.js';

/** The identity file of one life of a process on a {@link MemoryDisk}. What a dead process awaits never comes. */
export class MemoryIdentityStore implements IdentityStore {
  readonly #disk: MemoryDisk;
  readonly #life: Life;
  #saving = false;
  #failure: StorageFailure | undefined;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
    this.#life = disk.life;
  }

  async load(): Promise<ReplicaIdentity | undefined> {
    if (this.#life.over) return new Promise(() => undefined);
    const { identity } = this.#disk.durable;
    return identity && copyOf(identity);
  }

  async create(identity: ReplicaIdentity): Promise<void> {
    assert(this.#life.over || this.#disk.durable.identity === undefined, 'an identity is created once');
    return this.#write(identity);
  }

  /** @throws StorageFailure for this contents and all later ones, once the disk refused one */
  async save(identity: ReplicaIdentity): Promise<void> {
    if (!this.#life.over) checkOwn(this.#disk.durable.identity, identity.self);
    return this.#write(identity);
  }

  async #write(identity: ReplicaIdentity): Promise<void> {
    assert(!this.#saving, 'one save at a time');
    if (this.#failure !== undefined) throw this.#failure;
    const saved = copyOf(identity);
    this.#saving = true;
    return new Promise((resolve, reject) => {
      this.#disk.write(
        this.#life,
        () => this.#disk.replaceIdentity(saved),
        (failure) => {
          this.#saving = false;
          if (failure === undefined) return resolve();
          this.#failure = new StorageFailure('cannot write the identity', failure);
          reject(this.#failure);
        },
      );
    });
  }
}

const copyOf = (identity: ReplicaIdentity): ReplicaIdentity => ({
  ...identity,
  self: { ...identity.self },
  ...(identity.founders && { founders: identity.founders.map((founder) => ({ ...founder })) }),
});

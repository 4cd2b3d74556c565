import { link, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../../common/assert.js';
import { MalformedBytes } from '../../common/bytes.js';
import { DamagedIdentity } from '../identity-store.js';
import type { IdentityStore, ReplicaIdentity } from '../identity-store.js';
import { checkOwn, IdentityTaken } from '../identity-taken.js';
import { NewerFormat } from '../newer-format.js';
import { StorageFailure } from '../storage-failure.js';
import { asideOf, hasCode, syncDirectory, writeAside } from './durable-files.js';
import { formatIdentity, parseIdentity } from './identity-format.js';
import { newerFormat, UnusableDirectory } from './unusable-directory.js';

export const IDENTITY_FILE = 'identity.json';
export const IDENTITY_ASIDE = asideOf(IDENTITY_FILE);

/** The identity in a file of its own, readable for its owner only. One `save` at a time. (DESIGN 3.0) */
export class FileIdentityStore implements IdentityStore {
  readonly #directory: string;
  readonly #path: string;
  readonly #aside: string;
  #saving = false;
  #failure: StorageFailure | undefined;

  /** @param directory must exist */
  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, IDENTITY_FILE);
    this.#aside = join(directory, IDENTITY_ASIDE);
  }

  /**
   * @throws DamagedIdentity when the file is there, but not what was saved
   * @throws UnusableDirectory when a later version of this program wrote it
   * @throws StorageFailure when it cannot be read
   */
  async load(): Promise<ReplicaIdentity | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw new StorageFailure(`cannot read ${this.#path}`, error);
    }
    try {
      return parseIdentity(text);
    } catch (error) {
      if (error instanceof NewerFormat) throw newerFormat(this.#path, error);
      if (!(error instanceof MalformedBytes)) throw error;
      throw new DamagedIdentity(
        `${this.#path} is damaged: ${error.message}. A replica that does not know who it is must not vote: move its data directory aside and have the cell replace this replica.`,
        { cause: error },
      );
    }
  }

  /**
   * Saves the first identity of a directory; never replaces one, though another process may be about the same.
   *
   * @throws UnusableDirectory when there is one by now
   * @throws StorageFailure when it cannot be written
   */
  async create(identity: ReplicaIdentity): Promise<void> {
    await this.#write(identity, async () => {
      await link(this.#aside, this.#path);
      await rm(this.#aside);
    }).catch((error: unknown) => {
      if (!(error instanceof StorageFailure && hasCode(error.cause, 'EEXIST'))) throw error;
      throw new UnusableDirectory(
        'in-use',
        `${this.#directory} is being formatted by another process: let one of them go on alone`,
      );
    });
  }

  /**
   * @throws IdentityTaken when the present one is gone or another's
   * @throws StorageFailure for this identity and all later ones, once one was refused
   */
  save(identity: ReplicaIdentity): Promise<void> {
    return this.#write(identity, async () => {
      checkOwn(await this.load(), identity.self);
      await rename(this.#aside, this.#path);
    });
  }

  /** Writes the identity aside, and durably moves it to its place. */
  async #write(identity: ReplicaIdentity, moveToPlace: () => Promise<void>): Promise<void> {
    assert(!this.#saving, 'one save at a time');
    if (this.#failure !== undefined) throw this.#failure;
    this.#saving = true;
    try {
      await writeAside(this.#aside, formatIdentity(identity));
      await moveToPlace();
      await syncDirectory(this.#directory);
    } catch (error) {
      if (error instanceof IdentityTaken || error instanceof DamagedIdentity) throw error;
      this.#failure = new StorageFailure(`cannot write ${this.#path}`, error);
      throw this.#failure;
    } finally {
      this.#saving = false;
    }
  }
}

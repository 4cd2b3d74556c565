import { link, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cellNameOf, revisionOf } from '../chubby/restored-state.js';
import { MalformedBytes } from '../common/bytes.js';
import type { FaultTolerantDb } from '../db/fault-tolerant-db.js';
import { StateLoader } from '../db/state-chunks.js';
import { asideOf, exists, hasCode, syncDirectory } from '../storage/level/durable-files.js';
import { SnapshotDecoder } from '../storage/snapshot-blocks.js';
import type { SnapshotHandle } from '../storage/snapshot-store.js';

const READ_BYTES = 256 * 1024;
/** Synced after so much, so that the end does not wait for all of it. */
const SYNC_BYTES = 8 * 1024 * 1024;

/** A file is not what a backup wrote, or not all of it. */
export class DamagedBackup extends Error {
  override readonly name = 'DamagedBackup';
}

/** There is a file of that name already. */
export class BackupExists extends Error {
  override readonly name = 'BackupExists';
}

/** A backup that was read and verified. */
export interface Backup {
  readonly handle: SnapshotHandle;
  readonly cellName: string;
  /** The global revision. */
  readonly revision: number;
  readonly fileBytes: number;
  readonly state: FaultTolerantDb;
}

/**
 * Reads a backup whole, and verifies it against its sums, its count and its digest.
 *
 * @throws DamagedBackup
 * @throws Error of Node when it cannot be read
 */
export async function readBackup(path: string): Promise<Backup> {
  const decoder = new SnapshotDecoder();
  const loader = new StateLoader();
  const file = await open(path, 'r');
  let fileBytes = 0;
  try {
    for (;;) {
      const bytes = Buffer.allocUnsafeSlow(READ_BYTES);
      const { bytesRead } = await file.read(bytes, 0, bytes.length);
      if (bytesRead === 0) break;
      fileBytes += bytesRead;
      for (const chunk of decoder.push(bytes.subarray(0, bytesRead))) loader.add(chunk);
    }
    const { handle, ended } = decoder;
    if (handle === undefined || !ended) throw new MalformedBytes('it ends in the middle');
    const state = loader.finish(handle);
    return { handle, cellName: cellNameOf(state), revision: revisionOf(state), fileBytes, state };
  } catch (error) {
    if (!(error instanceof MalformedBytes)) throw error;
    throw new DamagedBackup(`${path} is no whole backup: ${error.message}`, { cause: error });
  } finally {
    await file.close();
  }
}

/** A backup that is being written: aside, until it is whole and verified. */
export class NewBackup {
  readonly #path: string;
  readonly #aside: string;
  readonly #replaces: boolean;
  #file: FileHandle | undefined;
  #unsyncedBytes = 0;

  private constructor(path: string, replaces: boolean) {
    this.#path = path;
    this.#aside = asideOf(path);
    this.#replaces = replaces;
  }

  /**
   * @param replaces whether it may take the place of a file that is there
   * @throws BackupExists
   */
  static async at(path: string, replaces: boolean): Promise<NewBackup> {
    if (!replaces && (await exists(path))) throw new BackupExists(`${path} is there already`);
    return new NewBackup(path, replaces);
  }

  /** Begins, or begins anew. */
  async begin(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    await rm(this.#aside, { force: true });
    this.#file = await open(this.#aside, 'wx', 0o600);
    this.#unsyncedBytes = 0;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#file?.writeFile(bytes);
    this.#unsyncedBytes += bytes.length;
    if (this.#unsyncedBytes < SYNC_BYTES) return;
    await this.#file?.datasync();
    this.#unsyncedBytes = 0;
  }

  /**
   * Resolves when it stands under its name, durable, and what was read back from there is whole.
   *
   * @throws DamagedBackup when it is not, and nothing stands under the name that did not before
   * @throws BackupExists when another came meanwhile
   */
  async complete(): Promise<Backup> {
    await this.#file?.sync();
    await this.#file?.close();
    this.#file = undefined;
    const backup = await readBackup(this.#aside);
    if (this.#replaces) {
      await rename(this.#aside, this.#path);
    } else {
      await link(this.#aside, this.#path).catch((error: unknown) => {
        throw hasCode(error, 'EEXIST') ? new BackupExists(`${this.#path} is there already`) : error;
      });
      await rm(this.#aside);
    }
    await syncDirectory(dirname(this.#path));
    return backup;
  }

  /** Nothing is left of it, unless it is complete. Idempotent. */
  async discard(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    await rm(this.#aside, { force: true });
  }
}

import { readFile } from 'node:fs/promises';
import { MalformedBytes } from '../../common/bytes.js';
import { NewerFormat } from '../newer-format.js';
import { DamagedSnapshot } from '../snapshot-store.js';
import type { SnapshotStore } from '../snapshot-store.js';
import { hasCode } from './durable-files.js';
import { PAGE_BYTES, takeMark } from './tail-mark.js';
import { newerFormat } from './unusable-directory.js';

/**
 * Refuses a log and snapshots of a later version before anything is opened that would change them: LevelDB tidies up what
 * it opens, and a snapshot that nobody can read would be removed as damaged. What is damaged, or missing, is for others to
 * say. (docs/UPGRADES.md)
 *
 * @throws UnusableDirectory
 */
export async function refuseNewerFiles(tailProof: string, snapshots: SnapshotStore): Promise<void> {
  await refuseNewerMarks(tailProof);
  for (const slot of await snapshots.list()) {
    await snapshots.open(slot).catch((error: unknown) => {
      if (!(error instanceof DamagedSnapshot)) throw error;
    });
  }
}

async function refuseNewerMarks(path: string): Promise<void> {
  const pages = await readFile(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  });
  for (let at = 0; at < pages.length; at += PAGE_BYTES) {
    try {
      takeMark(pages.subarray(at, at + PAGE_BYTES));
    } catch (error) {
      if (error instanceof NewerFormat) throw newerFormat(path, error);
      if (!(error instanceof MalformedBytes)) throw error;
    }
  }
}

import { levelError } from './damage.js';
import type { KeyRange } from './keys.js';
import type { LevelDb } from './level-database.js';

const MAX_CHUNK_ENTRIES = 1000;
const MAX_CHUNK_BYTES = 1024 * 1024;

/**
 * The entries of a range in order, many at a time: one hop to LevelDB's thread and one promise per chunk, and never more
 * in memory than a chunk and the one being fetched.
 *
 * @param chunkBytes about where a chunk ends
 * @throws DamagedLog, StorageFailure when LevelDB cannot read
 */
export async function* scan(
  db: LevelDb,
  range: KeyRange,
  chunkBytes = MAX_CHUNK_BYTES,
): AsyncGenerator<[Uint8Array, Uint8Array][]> {
  try {
    yield* chunks(db, range, Math.min(chunkBytes, MAX_CHUNK_BYTES));
  } catch (error) {
    throw levelError(db.location, 'cannot read', error);
  }
}

async function* chunks(
  db: LevelDb,
  { from, below }: KeyRange,
  highWaterMarkBytes: number,
): AsyncGenerator<[Uint8Array, Uint8Array][]> {
  // What is scanned is read from the disk, and pushes nothing else out of the cache.
  const iterator = db.iterator({ gte: from, lt: below, highWaterMarkBytes, fillCache: false });
  try {
    for (;;) {
      const chunk = await iterator.nextv(MAX_CHUNK_ENTRIES);
      if (chunk.length === 0) return;
      yield chunk;
    }
  } finally {
    await iterator.close();
  }
}

/** The last entry of a range, if it has any. @throws as {@link scan} */
export async function lastOf(db: LevelDb, { from, below }: KeyRange): Promise<[Uint8Array, Uint8Array] | undefined> {
  try {
    const [last] = await db.iterator({ gte: from, lt: below, reverse: true, limit: 1 }).all();
    return last;
  } catch (error) {
    throw levelError(db.location, 'cannot read', error);
  }
}

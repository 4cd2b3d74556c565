import type { LevelDb } from './level-database.js';

/** One entry to be stored. */
export interface Put {
  readonly type: 'put';
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Up to here a batch goes entry by entry, at half the CPU; beyond, as one array. The memory of a batch made entry by
 * entry lives outside the heap until the garbage collector comes by, which thousands of small batches can afford and
 * hundreds of large ones cannot.
 */
const MAX_STEPWISE_BYTES = 16 * 1024;

/** Stores the entries, all or none; resolves when they have reached the disk. They are copied before this returns. */
export function writeSynced(db: LevelDb, puts: Put[]): Promise<void> {
  let sizeBytes = 0;
  for (const { value } of puts) sizeBytes += value.length;
  if (sizeBytes > MAX_STEPWISE_BYTES) return db.batch(puts, { sync: true });
  const batch = db.batch();
  for (const { key, value } of puts) batch.put(key, value);
  return batch.write({ sync: true });
}

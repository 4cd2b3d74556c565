import { ByteReader, ByteWriter, MalformedBytes, ownedCopy } from '../common/bytes.js';
import type { Digest } from './digest.js';
import { Entries } from './entries.js';
import { keepsArray } from './entry.js';
import { FaultTolerantDb } from './fault-tolerant-db.js';
import type { DbState } from './fault-tolerant-db.js';
import type { Key } from './key.js';

/**
 * A state as bytes, for a snapshot: its entries in the order of their keys, in chunks of about this size that end where
 * an entry ends. Equal states give equal bytes. May be left early.
 */
export function* stateChunks(
  state: Pick<DbState, 'entriesInOrder'>,
  chunkBytes: number,
): Generator<Uint8Array, void, undefined> {
  const chunk = new ByteWriter(2 * chunkBytes);
  for (const entry of state.entriesInOrder()) {
    entry.writeTo(chunk);
    if (chunk.length < chunkBytes) continue;
    yield chunk.take();
    chunk.reset();
  }
  if (chunk.length > 0) yield chunk.take();
}

/** What a loaded state has to agree with. */
export interface ExpectedState {
  readonly slot: number;
  readonly digest: string;
  readonly entryCount: number;
}

/** Makes a database of the chunks of a state, one after the other. */
export class StateLoader {
  readonly #entries = new Entries();
  #lastKey: Key | undefined;

  /** @throws MalformedBytes for what {@link stateChunks} does not give, or not in its order */
  add(chunk: Uint8Array): void {
    const from = new ByteReader(chunk);
    while (from.remaining > 0) {
      const key = from.latin1() as Key;
      const value = from.bytes();
      if (this.#lastKey !== undefined && key <= this.#lastKey) throw new MalformedBytes('its keys are not in order');
      this.#entries.append(key, keepsArray(value) ? ownedCopy(value) : value);
      this.#lastKey = key;
    }
  }

  /** @throws MalformedBytes when what was added is not that state */
  finish({ slot, digest, entryCount }: ExpectedState): FaultTolerantDb {
    const found: Digest = this.#entries.digest;
    if (this.#entries.count !== entryCount) {
      throw new MalformedBytes(`it holds ${this.#entries.count} entries, not ${entryCount}`);
    }
    if (found !== digest) throw new MalformedBytes(`its entries have the digest ${found}, not ${digest}`);
    return new FaultTolerantDb(this.#entries, slot);
  }
}

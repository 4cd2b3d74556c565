import { assert } from '../../common/assert.js';
import { MalformedBytes, ownedCopy } from '../../common/bytes.js';
import type { Slot } from '../../paxos/ballot.js';
import { SnapshotDecoder, SnapshotEncoder } from '../snapshot-blocks.js';
import { DamagedSnapshot } from '../snapshot-store.js';
import type {
  IncomingSnapshot,
  SnapshotHandle,
  SnapshotPiece,
  SnapshotStore,
  StoredSnapshot,
} from '../snapshot-store.js';
import { StorageFailure } from '../storage-failure.js';
import type { Life, MemoryDisk } from './memory-disk.js';

/** The snapshots of one life of a process on a {@link MemoryDisk}. What a dead process awaits never comes. */
export class MemorySnapshotStore implements SnapshotStore {
  readonly #disk: MemoryDisk;
  readonly #life: Life;
  #writing = false;
  #receiving = false;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
    this.#life = disk.life;
  }

  async list(): Promise<readonly Slot[]> {
    if (this.#life.over) return never();
    return [...this.#disk.durable.snapshots.keys()].sort((a, b) => b - a);
  }

  async write(handle: SnapshotHandle, chunks: Iterable<Uint8Array>): Promise<void> {
    assert(!this.#writing, 'one snapshot is written at a time');
    this.#writing = true;
    const encoder = new SnapshotEncoder();
    try {
      const blocks = [encoder.header(handle)];
      for (const chunk of chunks) blocks.push(encoder.chunk(chunk));
      blocks.push(encoder.end());
      await this.#put(handle.slot, Buffer.concat(blocks));
    } finally {
      this.#writing = false;
    }
  }

  async open(slot: Slot): Promise<StoredSnapshot> {
    if (this.#life.over) return never();
    const bytes = this.#disk.durable.snapshots.get(slot);
    if (bytes === undefined) throw damaged(slot, 'it is gone');
    const decoder = new SnapshotDecoder();
    const chunks = decode(slot, decoder, bytes);
    const { handle } = decoder;
    if (handle === undefined || !decoder.ended) throw damaged(slot, 'it ends in the middle');
    return { handle, chunks: oneByOne(chunks) };
  }

  async piece(slot: Slot, offset: number, maxBytes: number): Promise<SnapshotPiece | undefined> {
    if (this.#life.over) return never();
    const bytes = this.#disk.durable.snapshots.get(slot);
    if (bytes === undefined || offset >= bytes.length) return undefined;
    return { totalBytes: bytes.length, bytes: ownedCopy(bytes.subarray(offset, offset + maxBytes)) };
  }

  async receive(slot: Slot): Promise<IncomingSnapshot> {
    assert(!this.#receiving, 'one snapshot is received at a time');
    this.#receiving = true;
    const decoder = new SnapshotDecoder();
    const pieces: Uint8Array[] = [];
    let receivedBytes = 0;
    return {
      slot,
      get receivedBytes() {
        return receivedBytes;
      },
      append: async (piece) => {
        decode(slot, decoder, piece);
        pieces.push(ownedCopy(piece));
        receivedBytes += piece.length;
      },
      complete: async () => {
        if (!decoder.ended || decoder.handle?.slot !== slot) throw damaged(slot, 'it is not whole');
        await this.#put(slot, Buffer.concat(pieces));
        this.#receiving = false;
      },
      discard: async () => {
        this.#receiving = false;
      },
    };
  }

  async remove(slot: Slot): Promise<void> {
    if (this.#life.over) return never();
    this.#disk.removeSnapshot(slot);
  }

  #put(slot: Slot, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#disk.write(
        this.#life,
        () => this.#disk.putSnapshot(slot, bytes),
        (failure) => {
          if (failure === undefined) resolve();
          else reject(new StorageFailure('cannot write a snapshot', failure));
        },
      );
    });
  }
}

async function* oneByOne(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks;
}

function decode(slot: Slot, decoder: SnapshotDecoder, bytes: Uint8Array): Uint8Array[] {
  try {
    return decoder.push(bytes);
  } catch (error) {
    if (error instanceof MalformedBytes) throw damaged(slot, error.message, error);
    throw error;
  }
}

const damaged = (slot: Slot, what: string, cause?: unknown): DamagedSnapshot =>
  new DamagedSnapshot(`the snapshot of slot ${slot} is damaged: ${what}`, { cause });

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

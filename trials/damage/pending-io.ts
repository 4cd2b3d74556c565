import type { IdentityStore } from '../../src/storage/identity-store.js';
import type { ReplayLog } from '../../src/storage/replay-log.js';
import type { IncomingSnapshot, SnapshotStore } from '../../src/storage/snapshot-store.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * What is under way to real disks. Virtual time stands still meanwhile, so that to the replicas a disk takes no time,
 * however long it really takes.
 */
export class PendingIo {
  #count = 0;
  #drained: (() => void) | undefined;

  /** The work is under way until it is settled. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.#count++;
    try {
      return await work;
    } finally {
      if (--this.#count === 0) this.#drained?.();
    }
  }

  /** Resolves when nothing is under way, and nothing follows from what was. */
  async idle(): Promise<void> {
    do {
      if (this.#count > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
      await turn();
    } while (this.#count > 0);
  }

  // --- the storage of a replica, seen from here ---

  log(log: ReplayLog): ReplayLog {
    return {
      recover: () => this.during(log.recover()),
      append: (turn) => this.during(log.append(turn)),
      read: (from, upTo, maxBytes) => this.during(log.read(from, upTo, maxBytes)),
      reclaim: () => this.during(log.reclaim()),
      close: () => this.during(log.close()),
    };
  }

  identities(store: IdentityStore): IdentityStore {
    return {
      load: () => this.during(store.load()),
      create: (identity) => this.during(store.create(identity)),
      save: (identity) => this.during(store.save(identity)),
    };
  }

  snapshots(store: SnapshotStore): SnapshotStore {
    return {
      list: () => this.during(store.list()),
      write: (handle, chunks) => this.during(store.write(handle, chunks)),
      open: async (slot) => {
        const { handle, chunks } = await this.during(store.open(slot));
        return { handle, chunks: this.#chunks(chunks) };
      },
      piece: (slot, offset, maxBytes) => this.during(store.piece(slot, offset, maxBytes)),
      receive: async (slot) => this.#incoming(await this.during(store.receive(slot))),
      remove: (slot) => this.during(store.remove(slot)),
    };
  }

  async *#chunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    const from = chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.during(from.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await from.return?.();
    }
  }

  #incoming(incoming: IncomingSnapshot): IncomingSnapshot {
    const { slot } = incoming;
    return {
      slot,
      get receivedBytes() {
        return incoming.receivedBytes;
      },
      append: (piece) => this.during(incoming.append(piece)),
      complete: () => this.during(incoming.complete()),
      discard: () => this.during(incoming.discard()),
    };
  }
}

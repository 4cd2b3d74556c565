import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../../src/paxos/ballot.js';
import { DamagedSnapshot } from '../../../src/storage/snapshot-store.js';
import type { SnapshotStore } from '../../../src/storage/snapshot-store.js';
import { StorageFailure } from '../../../src/storage/storage-failure.js';
import { bytesOf, chunksOf, handleOf, readAll } from './snapshots.js';

/** One disk that stores are opened on, one after the other. */
export interface SnapshotStoreHarness {
  open(): Promise<SnapshotStore>;
  /** Changes the bytes of a snapshot as it is stored. */
  damage(slot: Slot, change: (bytes: Buffer) => Buffer): Promise<void>;
  dispose(): Promise<void>;
}

const slot = (number: number): Slot => number as Slot;

/** What every snapshot store does, whatever it stores them on. */
export function snapshotStoreSuite(name: string, makeHarness: () => Promise<SnapshotStoreHarness>): void {
  describe(`${name} as a snapshot store`, () => {
    let harness: SnapshotStoreHarness;
    let store: SnapshotStore;

    beforeEach(async () => {
      harness = await makeHarness();
      store = await harness.open();
    });

    afterEach(() => harness.dispose());

    const write = (number: number, ...texts: string[]): Promise<void> =>
      store.write(handleOf(number), chunksOf(...texts));

    it('has none when it is new', async () => {
      expect(await store.list()).toEqual([]);
      await expect(store.open(slot(1))).rejects.toThrow(DamagedSnapshot);
      expect(await store.piece(slot(1), 0, 10)).toBeUndefined();
    });

    it('gives back what was written, in a later life too', async () => {
      await write(7, 'one', 'two', 'three');
      expect(await readAll(store, 7)).toEqual(['one', 'two', 'three']);
      store = await harness.open();
      expect((await store.open(slot(7))).handle).toEqual(handleOf(7));
      expect(await readAll(store, 7)).toEqual(['one', 'two', 'three']);
    });

    it('lists them from the newest to the oldest, however many digits their slots have', async () => {
      for (const number of [9, 100, 20, 2 ** 40]) await write(number, 'x');
      expect(await store.list()).toEqual([2 ** 40, 100, 20, 9]);
    });

    it('removes one, and one that is not there', async () => {
      await write(7, 'one');
      await write(8, 'two');
      await store.remove(slot(7));
      await store.remove(slot(7));
      expect(await store.list()).toEqual([8]);
      expect(await readAll(store, 8)).toEqual(['two']);
    });

    it('keeps nothing of one whose writing failed half-way, and can write again', async () => {
      function* failing(): Generator<Uint8Array> {
        yield Buffer.from('one');
        throw new Error('the state is gone');
      }
      await expect(store.write(handleOf(7), failing())).rejects.toThrow('the state is gone');
      expect(await store.list()).toEqual([]);
      await write(7, 'again');
      expect(await readAll(store, 7)).toEqual(['again']);
    });

    it('hands one on piece by piece, and takes it in the same way', async () => {
      await write(7, 'one', 'two');
      const bytes = await bytesOf(store, 7);
      expect((await store.piece(slot(7), 0, 4))?.totalBytes).toBe(bytes.length);
      await store.remove(slot(7));
      const incoming = await store.receive(slot(7));
      for (let from = 0; from < bytes.length; from += 7) {
        expect(incoming.receivedBytes).toBe(from);
        await incoming.append(bytes.subarray(from, from + 7));
      }
      expect(await store.list()).toEqual([]);
      await incoming.complete();
      expect(await store.list()).toEqual([7]);
      expect(await readAll(store, 7)).toEqual(['one', 'two']);
    });

    it('does not take one that was changed on its way, is not whole, or is another', async () => {
      await write(7, 'one', 'two');
      const bytes = await bytesOf(store, 7);
      await store.remove(slot(7));
      const changed = Buffer.from(bytes);
      changed[60]! ^= 1;
      const take = async (number: number, piece: Uint8Array): Promise<void> => {
        const incoming = await store.receive(slot(number));
        try {
          await incoming.append(piece);
          await incoming.complete();
        } catch (error) {
          await incoming.discard();
          throw error;
        }
      };
      await expect(take(7, changed)).rejects.toThrow(DamagedSnapshot);
      await expect(take(7, bytes.subarray(0, -1))).rejects.toThrow(DamagedSnapshot);
      await expect(take(8, bytes)).rejects.toThrow(DamagedSnapshot);
      expect(await store.list()).toEqual([]);
    });

    it('takes one while it writes another', async () => {
      await write(7, 'one');
      const bytes = await bytesOf(store, 7);
      const incoming = await store.receive(slot(7));
      await Promise.all([write(9, 'nine'), incoming.append(bytes)]);
      await incoming.complete();
      expect(await store.list()).toEqual([9, 7]);
    });

    it('gives no chunk that is not what was written', async () => {
      await write(7, 'one', 'two', 'three');
      const { length } = await bytesOf(store, 7);
      for (let at = 0; at < length; at++) {
        const flip = (bytes: Buffer): Buffer => {
          bytes[at]! ^= 0x10;
          return bytes;
        };
        await harness.damage(slot(7), flip);
        await expect(readAll(store, 7), `byte ${at}`).rejects.toThrow(DamagedSnapshot);
        await harness.damage(slot(7), flip);
      }
      await harness.damage(slot(7), (bytes) => bytes.subarray(0, -1));
      await expect(readAll(store, 7)).rejects.toThrow(DamagedSnapshot);
      await harness.damage(slot(7), () => Buffer.alloc(0));
      await expect(readAll(store, 7)).rejects.toThrow(DamagedSnapshot);
      expect(DamagedSnapshot.prototype).not.toBeInstanceOf(StorageFailure);
    });
  });
}

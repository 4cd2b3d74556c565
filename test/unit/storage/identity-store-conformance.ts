import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import type { Incarnation } from '../../../src/paxos/ballot.js';
import type { IdentityStore } from '../../../src/storage/identity-store.js';
import { IdentityTaken } from '../../../src/storage/identity-taken.js';
import { StorageFailure } from '../../../src/storage/storage-failure.js';
import { FORMING, MEMBER } from './records.js';

/** One disk that identity stores are made on, one after the other. */
export interface IdentityHarness {
  store(): IdentityStore;
  /** From now on each write meets an error of the disk, until told otherwise. */
  refuseWrites(refused: boolean): Promise<void>;
  dispose(): Promise<void>;
}

/** What every identity store does, whatever it is stored on. */
export function identityStoreSuite(name: string, makeHarness: () => Promise<IdentityHarness>): void {
  describe(`${name} as an identity store`, () => {
    let harness: IdentityHarness;

    beforeEach(async () => {
      harness = await makeHarness();
    });

    afterEach(() => harness.dispose());

    it('is empty when it is new', async () => {
      expect(await harness.store().load()).toBeUndefined();
    });

    it.each([
      ['a replica that has just been formatted', FORMING],
      ['a replica that takes part in a birth', { ...MEMBER, state: 'forming' as const }],
      ['a member', MEMBER],
    ])('keeps the identity of %s', async (_, identity) => {
      await harness.store().create(identity);
      expect(await harness.store().load()).toEqual(identity);
    });

    it('keeps the last one saved', async () => {
      const store = harness.store();
      await store.create(FORMING);
      await store.save(MEMBER);
      await store.save({ ...MEMBER, longestLeaseMs: 1234.5 });
      expect(await store.load()).toEqual({ ...MEMBER, longestLeaseMs: 1234.5 });
      expect(await harness.store().load()).toEqual({ ...MEMBER, longestLeaseMs: 1234.5 });
    });

    it('owns what it stores, and gives away copies', async () => {
      const store = harness.store();
      const mine = { ...FORMING, self: { ...FORMING.self } };
      const saved = store.create(mine);
      Object.assign(mine.self, { replicaId: 9 });
      await saved;
      Object.assign((await store.load())!.self, { replicaId: 8 });
      expect(await store.load()).toEqual(FORMING);
    });

    it('refuses every identity after one that the disk refused', async () => {
      const store = harness.store();
      await store.create(FORMING);
      await harness.refuseWrites(true);
      await expect(store.save(MEMBER)).rejects.toThrow(StorageFailure);
      await harness.refuseWrites(false);
      await expect(store.save(MEMBER)).rejects.toThrow(StorageFailure);
      expect(await store.load()).toEqual(FORMING);
    });

    it('saves nothing in place of an identity that is gone, or of another', async () => {
      await expect(harness.store().save(MEMBER)).rejects.toThrow(IdentityTaken);
      expect(await harness.store().load()).toBeUndefined();
      await harness.store().create(FORMING);
      const other = { ...MEMBER, self: { ...MEMBER.self, incarnation: 'aaaaaaaaaaaaaaaa' as Incarnation } };
      await expect(harness.store().save(other)).rejects.toThrow(IdentityTaken);
      expect(await harness.store().load()).toEqual(FORMING);
    });

    it('takes two saves at a time for a broken invariant', async () => {
      const store = harness.store();
      await store.create(FORMING);
      const [first, second] = await Promise.allSettled([store.save(FORMING), store.save(MEMBER)]);
      expect(first.status).toBe('fulfilled');
      expect(second).toMatchObject({ status: 'rejected', reason: expect.any(InvariantViolation) });
      expect(await store.load()).toEqual(FORMING);
    });
  });
}

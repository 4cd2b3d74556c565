import { describe, expect, it } from 'vitest';
import { BoundedStore } from '../../../src/client/cache/bounded-store.js';

const absence = { kind: 'absence', message: '' } as const;

describe('BoundedStore', () => {
  it('keeps no more than it may, and rather what was read', () => {
    const store = new BoundedStore(3, 1e6);
    for (const key of ['/a', '/b', '/c']) store.set(key, absence);
    store.get('/a');
    store.set('/d', absence);
    expect([...store.entries()].map(([key]) => key).sort()).toEqual(['/a', '/c', '/d']);
    store.set('/e', absence);
    expect(store.get('/a')).toBeDefined();
    expect(store.size).toBe(3);
  });

  it('keeps no more bytes than it may, and counts what goes', () => {
    const store = new BoundedStore(1_000, 10_000);
    const message = 'x'.repeat(1_000);
    for (let i = 0; i < 100; i++) store.set(`/${i}`, { kind: 'absence', message });
    expect(store.sizeBytes).toBeLessThanOrEqual(10_000);
    expect(store.size).toBeGreaterThan(4);
    store.set('/large', { kind: 'absence', message: 'x'.repeat(20_000) });
    expect(store.get('/large')).toBeUndefined();
    for (const [key] of [...store.entries()]) store.delete(key);
    expect(store.sizeBytes).toBe(0);
  });
});

import { expect, test } from 'vitest';
import { MachineRng } from '../../../src/machine/machine-rng.js';

test('numbers are in [0, 1) and spread evenly', () => {
  const rng = new MachineRng();
  const buckets = new Array<number>(10).fill(0);
  for (let n = 0; n < 10_000; n++) {
    const number = rng.next();
    expect(number).toBeGreaterThanOrEqual(0);
    expect(number).toBeLessThan(1);
    buckets[Math.floor(number * 10)]!++;
  }
  for (const count of buckets) expect(count).toBeGreaterThan(800); // expected 1000, deviation 30
});

test('bytes are as many as asked for, the caller owns them, and none comes twice', () => {
  const rng = new MachineRng();
  const seen = new Set<string>();
  for (let n = 0; n < 2000; n++) {
    const bytes = rng.bytes(16);
    expect(bytes.byteLength).toBe(16);
    expect(bytes.buffer.byteLength).toBe(16);
    seen.add(Buffer.from(bytes).toString('hex'));
  }
  expect(seen.size).toBe(2000);
  for (const sizeBytes of [0, 1, 4096, 4097, 100_000]) expect(rng.bytes(sizeBytes)).toHaveLength(sizeBytes);
  expect(Buffer.from(rng.bytes(100_000)).filter((byte) => byte === 0).length).toBeLessThan(1000);
});

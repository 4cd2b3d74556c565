import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../../src/chubby/deadlines.js';

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('set' as const), item: fc.nat({ max: 8 }), atMs: fc.nat({ max: 100 }) }),
    fc.record({ do: fc.constant('clear' as const), item: fc.nat({ max: 8 }) }),
    fc.record({ do: fc.constant('take' as const), nowMs: fc.nat({ max: 100 }) }),
  ),
);

describe('deadlines', () => {
  it('are those of a plain table, whatever is set, moved, cleared and taken', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const deadlines = new Deadlines<number>();
        const table = new Map<number, number>();
        const earliest = () => Math.min(...table.values());
        for (const step of sequence) {
          if (step.do === 'set') {
            deadlines.set(step.item, step.atMs);
            table.set(step.item, step.atMs);
          } else if (step.do === 'clear') {
            deadlines.clear(step.item);
            table.delete(step.item);
          } else {
            const expectedMs = earliest();
            const taken = deadlines.takeDue(step.nowMs);
            expect(taken === undefined).toBe(expectedMs > step.nowMs);
            if (taken !== undefined) expect(table.get(taken)).toBe(expectedMs);
            if (taken !== undefined) table.delete(taken);
          }
          expect(deadlines.next()).toBe(earliest());
          expect(deadlines.size).toBe(table.size);
        }
      }),
    );
  });

  it('take memory for what is due, not for what was', () => {
    const deadlines = new Deadlines<number>();
    deadlines.set(0, 1);
    for (let i = 1; i <= 10_000; i++) {
      deadlines.set(1, 1_000 + i);
      deadlines.set(i + 1, 5_000);
      deadlines.clear(i + 1);
    }
    expect(deadlines.entries).toBeLessThanOrEqual(64);
    expect([deadlines.takeDue(100_000), deadlines.next()]).toEqual([0, 11_000]);
  });

  it('stay in order when most of many are cleared', () => {
    const deadlines = new Deadlines<number>();
    const dueMs = Array.from({ length: 1_000 }, (_, i) => (i * 7_919) % 1_000);
    dueMs.forEach((atMs, item) => deadlines.set(item, atMs));
    dueMs.forEach((_, item) => item % 10 !== 0 && deadlines.clear(item));
    expect(deadlines.entries).toBeLessThanOrEqual(200);
    const taken: number[] = [];
    for (let item = deadlines.takeDue(1_000); item !== undefined; item = deadlines.takeDue(1_000)) taken.push(item);
    expect(taken.map((item) => dueMs[item])).toEqual(dueMs.filter((_, item) => item % 10 === 0).sort((a, b) => a - b));
  });
});

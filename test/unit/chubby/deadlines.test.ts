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
});

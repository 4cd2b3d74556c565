import { describe, expect, it } from 'vitest';
import { TestCell } from '../../../src/testing/test-cell.js';
import { outcomeOf } from '../recipes/cell-of-clients.js';

// Writes by name, as a real master understands them.

const FILE = '/ls/local/file';

describe('a write with ifContentGeneration', () => {
  it('0 creates a file, and never writes over one', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const client = cell.client();
    const create = (): Promise<unknown> => outcomeOf(client.write(FILE, 'one', { ifContentGeneration: 0 }));
    expect(await create()).toMatchObject({ contentGeneration: 1 });
    expect(await create()).toBe('STALE_GENERATION');
    expect(String((await client.read(FILE)).contents)).toBe('one');
  });

  it.each([
    [{ ifContentGeneration: 1 }],
    // Whoever says so means it.
    [{ ifContentGeneration: 0, create: false }],
  ])('%j creates none', async (options) => {
    await using cell = await TestCell.start({ replicas: 1 });
    expect(await outcomeOf(cell.client().write(FILE, 'one', options))).toBe('NOT_FOUND');
  });
});

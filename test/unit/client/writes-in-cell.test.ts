import { describe, expect, it } from 'vitest';
import { TestCell } from '../../../src/testing/test-cell.js';
import { outcomeOf } from '../recipes/cell-of-clients.js';

// Writes and deletions by name, as a real master understands them.

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

it('a directory that is not empty says what is in its way, one child or several', async () => {
  await using cell = await TestCell.start({ replicas: 1 });
  const client = cell.client();
  await client.mkdir('/ls/local/directory');
  await client.write('/ls/local/directory/a', '');
  await expect(client.delete('/ls/local/directory')).rejects.toThrow(/ has 1 child$/);
  await client.write('/ls/local/directory/b', '');
  await expect(client.delete('/ls/local/directory')).rejects.toThrow(/ has 2 children$/);
});

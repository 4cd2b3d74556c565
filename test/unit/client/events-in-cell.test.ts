import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import { TestCell } from '../../../src/testing/test-cell.js';

// Events and watches against a real master, under virtual time.

const NAME = '/ls/local/dir/file';

/** What a watch says, and what is read on its word. */
function follow(client: Client, name: string): { readonly items: string[]; readonly contents: string[]; end: string } {
  const seen = { items: [] as string[], contents: [] as string[], end: 'open' };
  const run = async (): Promise<void> => {
    for await (const item of client.watch(name)) {
      seen.items.push(item.kind === 'reread' ? `reread ${item.exists}` : item.kind);
      seen.contents.push(
        await client.read(name).then(
          ({ contents }) => String(contents),
          () => 'none',
        ),
      );
    }
  };
  run().then(
    () => (seen.end = 'done'),
    (error: { reason: string }) => (seen.end = error.reason),
  );
  return seen;
}

describe('a handle in a cell', () => {
  it('is told of what others do, in order', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const [writer, reader] = [cell.client(), cell.client()];
    await writer.mkdir('/ls/local/dir');
    const directory = await reader.open('/ls/local/dir', { events: ['childAdded', 'childModified', 'childRemoved'] });
    const told: string[] = [];
    for (const kind of ['childAdded', 'childModified', 'childRemoved'] as const) {
      directory.on(kind, ({ name }) => told.push(`${kind} ${name}`));
    }
    await cell.until(writer.write(NAME, 'one'));
    await cell.until(writer.write(NAME, 'two'));
    await cell.until(writer.delete(NAME));
    await cell.settle();
    expect(told.map((one) => one.replace(/\/ls\/[^/]+/, ''))).toEqual([
      'childAdded /dir/file',
      'childModified /dir/file',
      'childRemoved /dir/file',
    ]);
  });
});

describe('a watch in a cell', () => {
  it('ends with the last state, whatever happened to the node and its directory', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const [writer, reader] = [cell.client(), cell.client()];
    const seen = follow(reader, NAME);
    await cell.settle();
    expect(seen.contents).toEqual(['none']);
    await cell.until(writer.mkdir('/ls/local/dir'));
    await cell.until(writer.write(NAME, 'one'));
    await cell.settle();
    await cell.until(writer.write(NAME, 'two'));
    await cell.settle();
    await cell.until(writer.delete(NAME));
    await cell.settle();
    await cell.until(writer.write(NAME, 'three'));
    await cell.settle();
    expect(seen.contents).toEqual(['none', 'one', 'two', 'none', 'three']);
    expect(seen.items).toEqual(['reread false', 'reread true', 'contentsModified', 'reread false', 'reread true']);
  });

  it('goes on after a change of master, and misses nothing that happened meanwhile', async () => {
    await using cell = await TestCell.start({ replicas: 3 });
    const [writer, reader] = [cell.client(), cell.client()];
    await writer.mkdir('/ls/local/dir');
    await writer.write(NAME, 'one');
    const seen = follow(reader, NAME);
    await cell.settle();
    const write = writer.write(NAME, 'two');
    await cell.failOver();
    await cell.until(write);
    await cell.advance(20_000);
    expect(seen.contents.at(-1)).toBe('two');
    await cell.until(writer.write(NAME, 'three'));
    await cell.advance(100);
    expect(seen.contents.at(-1)).toBe('three');
    expect(seen.end).toBe('open');
  });

  it('goes on when its session expired', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const [writer, reader] = [cell.client(), cell.client()];
    await writer.mkdir('/ls/local/dir');
    await writer.write(NAME, 'one');
    const seen = follow(reader, NAME);
    await cell.settle();
    await cell.cut(reader);
    await cell.until(writer.write(NAME, 'two'));
    await cell.advance(70_000);
    expect(reader.sessionState).toBe('expired');
    await cell.heal(reader);
    await cell.advance(20_000);
    expect(seen.contents.at(-1)).toBe('two');
    await cell.until(writer.write(NAME, 'three'));
    await cell.settle();
    expect(seen.contents.at(-1)).toBe('three');
    expect(seen.end).toBe('open');
  });
});

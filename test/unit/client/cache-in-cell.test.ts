import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import { SeededRng, below } from '../../../src/common/rng.js';
import { TestCell } from '../../../src/testing/test-cell.js';

// The cache against a real master, under virtual time.

const FILE = '/ls/local/file';

const textOf = async (client: Client, name = FILE): Promise<string> => String((await client.read(name)).contents);

const cachedText = (client: Client, name = FILE): string | undefined => {
  const cached = client.readCached(name);
  return cached && String(cached.contents);
};

describe('the cache of a client', () => {
  it('never shows what a write of another client replaced, once that was acknowledged', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const [writer, reader] = [cell.client(), cell.client()];
    await writer.write(FILE, 'one');
    await reader.read(FILE);
    await reader.read(FILE);
    expect(cachedText(reader)).toBe('one');
    await cell.until(writer.write(FILE, 'two'));
    expect(cachedText(reader)).toBeUndefined();
    expect(await textOf(reader)).toBe('two');
    expect(cachedText(reader)).toBe('two');
  });

  it('keeps a write waiting for a reader that does not answer, no longer than his lease', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const [writer, reader] = [cell.client(), cell.client()];
    await writer.write(FILE, 'one');
    await reader.read(FILE);
    await reader.read(FILE);
    await cell.pause(reader);
    let written = false;
    const write = writer.write(FILE, 'two').then(() => (written = true));
    await cell.advance(2_000);
    expect(written).toBe(false);
    expect(cachedText(reader)).toBe('one');
    await cell.until(write, 15_000);
    expect(cachedText(reader)).toBeUndefined();
    await cell.resume(reader);
    expect(cachedText(reader)).toBeUndefined();
  });

  it('sees that a node came into being, where it knew that there was none', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const [writer, reader] = [cell.client(), cell.client()];
    await writer.write('/ls/local/other', 'x');
    await reader.list('/ls/local');
    for (let i = 0; i < 3; i++) await expect(reader.read(FILE)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect((await reader.list('/ls/local')).some(({ name }) => name === 'file')).toBe(false);
    await cell.until(writer.write(FILE, 'one'));
    expect(await textOf(reader)).toBe('one');
    expect((await reader.list('/ls/local')).some(({ name }) => name === 'file')).toBe(true);
  });

  it('is its own writer, too', async () => {
    await using cell = await TestCell.start({ replicas: 1 });
    const client = cell.client();
    const handle = await client.open(FILE, { write: true, create: 'may' });
    for (let i = 0; i < 20; i++) {
      const write = handle.setContents(`${i}`);
      const piped = client.read(FILE);
      await cell.until(write);
      expect(Number(String((await cell.until(piped)).contents))).toBe(i);
      expect(await textOf(client)).toBe(`${i}`);
      expect(String((await handle.getContentsAndStat()).contents)).toBe(`${i}`);
    }
  });

  it('survives a change of master as far as it is still true', async () => {
    await using cell = await TestCell.start({ replicas: 3 });
    const [writer, reader] = [cell.client(), cell.client()];
    await writer.write(FILE, 'one');
    await writer.write('/ls/local/kept', 'kept');
    for (const name of [FILE, '/ls/local/kept', FILE]) await reader.read(name);
    expect([cachedText(reader), cachedText(reader, '/ls/local/kept')]).toEqual(['one', 'kept']);
    await cell.failOver();
    await cell.until(writer.write(FILE, 'two'));
    expect(cachedText(reader) ?? 'two').toBe('two');
    await cell.advance(1_000);
    expect(cachedText(reader)).toBeUndefined();
    expect(cachedText(reader, '/ls/local/kept')).toBe('kept');
    expect(await textOf(reader)).toBe('two');
    expect(reader.sessionState).toBe('safe');
  });

  it.each([1, 2, 3])(
    'shows nobody less than what was acknowledged before he looked (seed %i)',
    async (seed) => {
      await using cell = await TestCell.start({ replicas: 3, seed });
      const run = new Run(seed);
      const writers = [cell.client(), cell.client()];
      const readers = Array.from({ length: 4 }, () => cell.client());
      await writers[0]!.write(FILE, 'first');
      const work = Promise.all([
        ...writers.map((client) => run.repeat(() => run.write(client))),
        ...readers.map((client) => run.repeat(() => run.read(client))),
      ]);
      work.catch(() => run.stop());
      for (let turn = 0; turn < 150; turn++) {
        await cell.advance(1 + below(run.rng, 40));
        run.resumeSome();
        if (turn % 50 === 25) await cell.failOver();
      }
      run.stop();
      await cell.until(work);
      expect(run.acknowledged).toBeGreaterThan(20);
      expect(run.hits).toBeGreaterThan(20);
    },
    60_000,
  );
});

/** Writers and readers of one file, each of which does one thing a turn. */
class Run {
  readonly rng: SeededRng;
  /** The newest generation that a writer was told. */
  acknowledged = 0;
  hits = 0;
  #stopped = false;
  #resting: (() => void)[] = [];

  constructor(seed: number) {
    this.rng = new SeededRng(seed);
  }

  stop(): void {
    this.#stopped = true;
    this.resumeSome();
  }

  resumeSome(): void {
    const resting = this.#resting;
    this.#resting = [];
    for (const resume of resting) {
      if (this.#stopped || this.rng.next() < 0.7) resume();
      else this.#resting.push(resume);
    }
  }

  async repeat(step: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      await step();
      if (!this.#stopped) await new Promise<void>((resolve) => this.#resting.push(resolve));
    }
  }

  async write(client: Client): Promise<void> {
    if (this.rng.next() < 0.7) return;
    const { contentGeneration } = await client.write(FILE, 'next');
    this.acknowledged = Math.max(this.acknowledged, contentGeneration);
  }

  async read(client: Client): Promise<void> {
    const floor = this.acknowledged;
    const cached = client.readCached(FILE);
    if (cached !== undefined) this.hits++;
    const { stat } = cached ?? (await client.read(FILE));
    expect(stat.contentGeneration).toBeGreaterThanOrEqual(floor);
  }
}

import { expect } from 'vitest';
import type { Client, Handle } from '../../src/client/index.js';

const WRITERS = 8;

/** Writes its own file over and over; each acknowledgement must count exactly one generation more. */
class Writer {
  acknowledged = 0;
  #stopped = false;
  readonly #run: Promise<void>;

  constructor(
    private readonly handle: Handle,
    private readonly acknowledge: () => void,
  ) {
    this.#run = this.#write();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#run;
  }

  async #write(): Promise<void> {
    const { stat } = this.handle;
    while (!this.#stopped) {
      const { contentGeneration } = await this.handle.setContents(`${this.acknowledged + 1}`);
      this.acknowledged++;
      expect(contentGeneration).toBe(stat.contentGeneration + this.acknowledged);
      this.acknowledge();
    }
  }
}

/** Several writers, and the longest time in which none of them had an answer. */
export class Writers {
  readonly #writers: Writer[];
  #lastMs = performance.now();
  #longestGapMs = 0;

  constructor(handles: readonly Handle[]) {
    this.#writers = handles.map((handle) => new Writer(handle, () => this.#acknowledged()));
  }

  get acknowledged(): readonly number[] {
    return this.#writers.map(({ acknowledged }) => acknowledged);
  }

  takeLongestGapMs(): number {
    const gapMs = Math.round(this.#longestGapMs);
    this.#longestGapMs = 0;
    return gapMs;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.stop()));
  }

  #acknowledged(): void {
    const nowMs = performance.now();
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }
}

export async function startWriters(client: Client): Promise<Writers> {
  const opening = { read: true, write: true, create: 'may' } as const;
  const names = Array.from({ length: WRITERS }, (_, index) => `/ls/local/written-${index}`);
  return new Writers(await Promise.all(names.map((name) => client.open(name, opening))));
}

export async function expectWritten(client: Client, writers: Writers): Promise<void> {
  await writers.stop();
  for (const [index, acknowledged] of writers.acknowledged.entries()) {
    const { contents } = await client.read(`/ls/local/written-${index}`);
    expect(Buffer.from(contents).toString()).toBe(`${acknowledged}`);
  }
}

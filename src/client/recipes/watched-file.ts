import { ChubbyError } from '../chubby-error.js';
import type { Client } from '../client.js';
import { follow } from './follow.js';
import type { FollowOptions } from './follow.js';

/** What a watched file says. */
export interface FileState<T> {
  /** The last contents that could be parsed; nothing before there were any. */
  readonly value: T | undefined;
  /** Why `value` is not what the file says now: what `parse` threw, or NOT_FOUND. */
  readonly problem: unknown;
  /** Of the contents that were read last; 0 where there is no file. */
  readonly contentGeneration: number;
  /** The cell has not confirmed it for as long as this client may believe it: the file may have changed unseen. */
  readonly stale: boolean;
}

interface Reading<T> {
  readonly value: T | undefined;
  readonly problem: unknown;
  readonly instanceNumber: number;
  readonly contentGeneration: number;
}

/**
 * A file whose meaning is followed, such as a configuration. What cannot be parsed is told, and the last good value
 * stays.
 *
 * ```ts
 * const limits = new WatchedFile(client, '/ls/local/limits', (contents) => parseLimits(JSON.parse(String(contents))));
 * for await (const { value, problem } of limits.follow()) {
 *   if (problem === undefined) apply(value);
 *   else warn(problem);
 * }
 * ```
 */
export class WatchedFile<T> {
  /** @param parse throws for what it cannot parse */
  constructor(
    private readonly client: Client,
    readonly name: string,
    private readonly parse: (contents: Buffer) => T,
  ) {}

  /**
   * What the file says, now and whenever that changes: through fail-overs, deletion and re-creation of the file, and in
   * a new session when this client's expired. It ends by an error only, CANCELLED by the signal.
   */
  async *follow(options: FollowOptions = {}): AsyncGenerator<FileState<T>, never> {
    let last: Reading<T> | undefined;
    const read = async (signal: AbortSignal): Promise<Reading<T>> => (last = await this.#read(last, signal));
    for await (const { value: reading, stale } of follow(this.client, this.name, read, sameContents, options)) {
      const { value, problem, contentGeneration } = reading;
      yield { value, problem, contentGeneration, stale };
    }
    throw new ChubbyError('CLIENT_CLOSED', 'the client is closed');
  }

  async #read(last: Reading<T> | undefined, signal: AbortSignal): Promise<Reading<T>> {
    const value = last?.value;
    try {
      const { contents, stat } = await this.client.read(this.name, { timeoutMs: Infinity, signal });
      const { instanceNumber, contentGeneration } = stat;
      try {
        return { value: this.parse(contents), problem: undefined, instanceNumber, contentGeneration };
      } catch (problem) {
        return { value, problem, instanceNumber, contentGeneration };
      }
    } catch (problem) {
      if (!(problem instanceof ChubbyError && problem.reason === 'NOT_FOUND')) throw problem;
      return { value, problem, instanceNumber: 0, contentGeneration: 0 };
    }
  }
}

const sameContents = <T>(a: Reading<T>, b: Reading<T>): boolean =>
  a.instanceNumber === b.instanceNumber && a.contentGeneration === b.contentGeneration;

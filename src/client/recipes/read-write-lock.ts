import type { Client } from '../client.js';
import type { HeldLock, WithLockOptions } from '../with-lock.js';

export type ReadWriteLockOptions = Omit<WithLockOptions, 'mode'>;

/**
 * Many readers or one writer. The cell queues both fairly: a writer that waits is not overtaken by readers that come
 * after it. ([CH] 2.4)
 *
 * ```ts
 * const tables = new ReadWriteLock(client, '/ls/local/tables');
 * const rows = await tables.read(() => select());
 * await tables.write(async ({ signal, sequencer }) => update(sequencer, signal));
 * ```
 */
export class ReadWriteLock {
  /** @param name of the node whose lock it is; created as an empty file where there is none */
  constructor(
    private readonly client: Client,
    readonly name: string,
  ) {}

  /**
   * Runs `work` while nobody writes; others may read.
   *
   * @throws ChubbyError as Client.withLock does
   */
  read<Result>(
    work: (lock: HeldLock) => Promise<Result> | Result,
    options: ReadWriteLockOptions = {},
  ): Promise<Result> {
    return this.client.withLock(this.name, work, { ...options, mode: 'shared' });
  }

  /**
   * Runs `work` while nobody else reads or writes.
   *
   * @throws ChubbyError as Client.withLock does
   */
  write<Result>(
    work: (lock: HeldLock) => Promise<Result> | Result,
    options: ReadWriteLockOptions = {},
  ): Promise<Result> {
    return this.client.withLock(this.name, work, { ...options, mode: 'exclusive' });
  }
}

import type { Clock } from '../common/clock.js';
import type { AcceptedRecord } from '../paxos/accepted-record.js';
import type { Slot } from '../paxos/ballot.js';
import type { RecoveredLog, ReplayLog, Turn } from '../storage/replay-log.js';

/** A replay log that tells how long its disk takes. */
export class MeasuredLog implements ReplayLog {
  readonly #log: ReplayLog;
  readonly #clock: Clock;
  readonly #appended: (durationMs: number) => void;
  #appendingSinceMs: number | undefined;

  /** @param appended told the duration of each synced write */
  constructor(log: ReplayLog, clock: Clock, appended: (durationMs: number) => void) {
    this.#log = log;
    this.#clock = clock;
    this.#appended = appended;
  }

  /** When the write began that the disk has not answered yet, by the monotonic clock. */
  get appendingSinceMs(): number | undefined {
    return this.#appendingSinceMs;
  }

  async append(turn: Turn): Promise<void> {
    const startedAtMs = this.#clock.monotonicMs();
    this.#appendingSinceMs = startedAtMs;
    await this.#log.append(turn);
    this.#appendingSinceMs = undefined;
    this.#appended(this.#clock.monotonicMs() - startedAtMs);
  }

  recover(): Promise<RecoveredLog> {
    return this.#log.recover();
  }

  read(from: Slot, upTo: Slot, maxBytes: number): Promise<AcceptedRecord[]> {
    return this.#log.read(from, upTo, maxBytes);
  }

  reclaim(): Promise<void> {
    return this.#log.reclaim();
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}

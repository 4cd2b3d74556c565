import type { Clock } from '../common/clock.js';
import type { AcceptedRecord } from '../paxos/accepted-record.js';
import type { Slot } from '../paxos/ballot.js';
import type { RecoveredLog, ReplayLog, Turn } from '../storage/replay-log.js';

/** The newest so many synced writes are looked at together. */
const LOOKED_AT = 101;

/** A replay log that tells how long its disk takes. */
export class MeasuredLog implements ReplayLog {
  readonly #log: ReplayLog;
  readonly #clock: Clock;
  readonly #appended: (durationMs: number) => void;
  #appendingSinceMs: number | undefined;
  readonly #newestMs = new Float64Array(LOOKED_AT);
  #appends = 0;

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

  /** What a synced write took: the median of the newest ones. Absent before the first. */
  get appendMs(): number | undefined {
    const sorted = this.#newestMs.slice(0, Math.min(this.#appends, LOOKED_AT)).sort();
    return sorted[Math.floor(sorted.length / 2)];
  }

  async append(turn: Turn): Promise<void> {
    const startedAtMs = this.#clock.monotonicMs();
    this.#appendingSinceMs = startedAtMs;
    await this.#log.append(turn);
    this.#appendingSinceMs = undefined;
    const durationMs = this.#clock.monotonicMs() - startedAtMs;
    this.#newestMs[this.#appends++ % LOOKED_AT] = durationMs;
    this.#appended(durationMs);
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

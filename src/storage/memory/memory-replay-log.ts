import { assert } from '../../common/assert.js';
import { ownedCopy } from '../../common/bytes.js';
import type { AcceptedRecord } from '../../paxos/accepted-record.js';
import type { Slot } from '../../paxos/ballot.js';
import type { Value } from '../../paxos/value.js';
import { afterTurn } from '../log-state.js';
import type { RecoveredLog, ReplayLog, Turn } from '../replay-log.js';
import { StorageFailure } from '../storage-failure.js';
import type { Life, MemoryDisk } from './memory-disk.js';

/** The replay log of one life of a process on a {@link MemoryDisk}. What a dead process awaits never comes. */
export class MemoryReplayLog implements ReplayLog {
  readonly #disk: MemoryDisk;
  readonly #life: Life;
  #recovered = false;
  #appending = false;
  #failure: StorageFailure | undefined;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
    this.#life = disk.life;
  }

  async recover(): Promise<RecoveredLog> {
    assert(!this.#recovered, 'a log is recovered once');
    this.#recovered = true;
    return this.#life.over ? never() : this.#disk.durable.log;
  }

  /** @throws StorageFailure for this turn and every later one, once the disk refused one or the log was closed */
  async append(turn: Turn): Promise<void> {
    assert(this.#recovered, 'a log is recovered before it is written');
    assert(!this.#appending, 'one append at a time');
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#life.over) return never();
    const after = afterTurn(this.#disk.durable.log, turn);
    const records = turn.accepted.map(copyOf);
    this.#appending = true;
    return new Promise((resolve, reject) => {
      this.#disk.write(
        this.#life,
        () => this.#disk.addTurn(after, records),
        (failure) => {
          this.#appending = false;
          if (failure === undefined) return resolve();
          this.#failure = new StorageFailure('cannot write the replay log', failure);
          reject(this.#failure);
        },
      );
    });
  }

  async read(from: Slot, upTo: Slot, maxBytes: number): Promise<AcceptedRecord[]> {
    assert(this.#recovered, 'a log is recovered before it is read');
    if (this.#life.over) return never();
    const { log, records } = this.#disk.durable;
    const found: AcceptedRecord[] = [];
    const last = Math.min(upTo, log.lastSlot);
    let sizeBytes = 0;
    for (let slot = Math.max(from, log.firstSlot); slot <= last; slot++) {
      const record = records.get(slot as Slot);
      if (record === undefined) continue;
      sizeBytes += record.value.length;
      if (sizeBytes > maxBytes && found.length > 0) break;
      found.push(copyOf(record));
    }
    return found;
  }

  async reclaim(): Promise<void> {
    // A disk in memory keeps nothing below the first slot.
  }

  async close(): Promise<void> {
    this.#failure ??= new StorageFailure('cannot write the replay log', 'it is closed');
  }
}

/** A record that no later change of the other reaches. */
const copyOf = ({ slot, ballot, value }: AcceptedRecord): AcceptedRecord => ({
  slot,
  ballot,
  value: ownedCopy(value) as Value,
});

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

import { assert } from '../common/assert.js';

/** Where events wait for one session's client. */
interface Waiting {
  readonly nodeEventBytes: number;
  lose(upToRevision: number): void;
}

/**
 * What the node events of all sessions together may take. Over it, the sessions lose theirs that acknowledged nothing for
 * the longest time, until the others have room: a client that listens loses nothing to those that do not.
 */
export class EventBudget {
  readonly #limitBytes: number;
  /** Who has events that wait: longest without an acknowledgement first. */
  readonly #waiting = new Set<Waiting>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** One more event waits there. */
  took(outbox: Waiting, sizeBytes: number): void {
    this.#bytes += sizeBytes;
    this.#waiting.add(outbox);
    while (this.#bytes > this.#limitBytes) {
      const [slowest] = this.#waiting;
      assert(slowest !== undefined, 'what is counted waits somewhere');
      slowest.lose(0);
    }
  }

  /** So much does not wait there any more: it was acknowledged, or thrown away. */
  gave(outbox: Waiting, sizeBytes: number): void {
    this.#bytes -= sizeBytes;
    this.#waiting.delete(outbox);
    if (outbox.nodeEventBytes > 0) this.#waiting.add(outbox);
  }
}

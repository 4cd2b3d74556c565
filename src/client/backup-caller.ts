import type { BackupSummary } from '../wire/types.js';
import { retryAdvice } from '../wire/errors.js';
import type { Clock } from '../common/clock.js';
import { CallLimit, timeOutError } from './call-limit.js';
import type { ChannelPool } from './channel-pool.js';
import { ChubbyError, retryAfterOf } from './chubby-error.js';
import type { MasterLocator } from './master-locator.js';
import type { UnaryTerms } from './unary-caller.js';

/** Between two attempts. */
const PAUSE_MS = 200;

/** Where a backup goes. */
export interface BackupSink {
  /** A backup begins: whatever came of one before is not to be kept. */
  begin(summary: BackupSummary): Promise<void>;
  /** Its next bytes. The next ones are asked for when these are taken. */
  piece(bytes: Uint8Array): Promise<void>;
}

/** Takes backups from whoever is master. */
export class BackupCaller {
  readonly #open = new Set<CallLimit>();

  constructor(
    private readonly clock: Clock,
    private readonly locator: MasterLocator,
    private readonly channels: ChannelPool,
  ) {}

  /**
   * Begins anew when the master changes meanwhile.
   *
   * @throws ChubbyError the cell's refusal, TIME_LIMIT or CANCELLED; and whatever the sink throws
   */
  async take(sink: BackupSink, { timeoutMs, signal }: UnaryTerms): Promise<void> {
    let refused: ChubbyError | undefined;
    const timeOut = (): ChubbyError => refused ?? timeOutError('the backup', timeoutMs, false, this.locator.obstacle());
    const limit = new CallLimit(this.clock, 'the backup', signal, timeoutMs, timeOut);
    this.#open.add(limit);
    try {
      for (;;) {
        const address = await this.#master(limit);
        const failure = await this.#attempt(address, sink, limit);
        if (failure === undefined) return;
        const advice = retryAdvice(failure);
        if (advice === 'later') refused = ChubbyError.of(failure);
        if (advice === 'other-replica' || failure.reason === 'UNREACHABLE') this.locator.lost(address, failure);
        else if (advice !== 'later' && advice !== 'same-number') throw ChubbyError.of(failure);
        await limit.pause(retryAfterOf(failure) ?? PAUSE_MS);
      }
    } finally {
      this.#open.delete(limit);
      limit.end();
    }
  }

  /** Gives up every backup that is being taken. */
  failAll(error: ChubbyError): void {
    for (const limit of this.#open) limit.fail(error);
  }

  /** @returns why it is not whole; nothing when it is */
  async #attempt(address: string, sink: BackupSink, limit: CallLimit) {
    const messages = this.channels.to(address).backup()[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await limit.within(messages.next());
        if (next.done === true) return undefined;
        if ('failure' in next.value) return next.value.failure;
        const { summary, piece } = next.value.response;
        if (summary !== null) await sink.begin(summary);
        if (piece.length > 0) await sink.piece(piece);
      }
    } finally {
      // Not waited for: what is behind may never come.
      void messages.return?.();
    }
  }

  async #master(limit: CallLimit): Promise<string> {
    let stopWaiting: (() => void) | undefined;
    try {
      return await limit.within(new Promise((resolve) => (stopWaiting = this.locator.whenFound(resolve))));
    } finally {
      stopWaiting?.();
    }
  }
}

import type { Clock } from '../common/clock.js';
import { ChubbyError } from './chubby-error.js';
import type { AcquireOptions, Handle } from './handle.js';
import { LeaseGuard } from './lease-guard.js';
import type { Session } from './session.js';

export interface WithLockOptions extends AcquireOptions {
  /**
   * How long the lock stays unclaimable for others when the session expires, for what was sent under it to arrive; at
   * most 60,000.
   */
  readonly lockDelayMs?: number;
  /** How long before the lease may end the signal fires: time to stop. 1,000 unless given. */
  readonly marginMs?: number;
}

/** What the holder of a lock is given. */
export interface HeldLock {
  /** Fires before the lock can be lost: then stop. */
  readonly signal: AbortSignal;
  /** For the servers that the lock's holder calls: they refuse one older than they have seen. */
  readonly sequencer: Buffer;
  /** How long the lock is held for certain, in milliseconds from now. It grows as long as the cell answers. */
  readonly leftMs: number;
  /**
   * Compares the clocks now.
   *
   * @throws ChubbyError LOCK_LOST when the lock may be gone
   */
  assertHeld(): void;
}

const MARGIN_MS = 1_000;

/**
 * Runs `work` under the lock of an open node and releases it.
 *
 * @throws ChubbyError LOCK_LOST when the lock may have been lost before `work` was done, whatever its result; LOCK_BUSY
 *   when `waitMs` ran out
 */
export async function holdLock<Result>(
  { handle, session, clock }: { readonly handle: Handle; readonly session: Session; readonly clock: Clock },
  work: (lock: HeldLock) => Promise<Result> | Result,
  options: WithLockOptions,
): Promise<Result> {
  const answer = await handle.acquire(options);
  if (!answer.granted) {
    const holder = answer.holderSessionId === '' ? '' : `, session ${answer.holderSessionId} has it`;
    throw new ChubbyError('LOCK_BUSY', `the lock of ${handle.name} was not granted in ${options.waitMs} ms${holder}`);
  }
  const guard = new LeaseGuard(session, clock, options.marginMs ?? MARGIN_MS);
  try {
    const sequencer = await handle.getSequencer({ signal: options.signal });
    const lock: HeldLock = {
      signal: guard.signal,
      sequencer,
      get leftMs() {
        return guard.leftMs;
      },
      assertHeld: () => guard.assertHeld(),
    };
    const result = await work(lock);
    guard.assertHeld();
    return result;
  } catch (error) {
    throw guard.signal.aborted ? lostUnder(error) : error;
  } finally {
    guard.end();
  }
}

/** What `work` threw after the lock may have been lost is a consequence, or at least no longer the point. */
const lostUnder = (error: unknown): unknown =>
  error instanceof ChubbyError && error.reason === 'LOCK_LOST'
    ? error
    : new ChubbyError('LOCK_LOST', 'the lock may have been lost while the work under it went on', { cause: error });

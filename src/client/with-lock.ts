import type { Clock, Timer } from '../common/clock.js';
import { ChubbyError } from './chubby-error.js';
import type { AcquireOptions, Handle } from './handle.js';
import { LeaseGuard } from './lease-guard.js';
import type { Session } from './session.js';

export interface WithLockOptions extends Omit<AcquireOptions, 'waitMs'> {
  /** How long to wait for the lock at most, in ms; 0 to take it or leave it; as long as the session lives unless given. */
  readonly waitMs?: number;
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

/** What a held lock rests on. */
interface LockParts {
  readonly handle: Handle;
  readonly session: Session;
  readonly clock: Clock;
}

/**
 * Runs `work` under the lock of an open node, then closes the handle, and so releases the lock.
 *
 * @throws ChubbyError LOCK_LOST when the lock may have been lost before `work` was done, whatever its result; LOCK_BUSY
 *   when `waitMs` ran out
 */
export async function holdLock<Result>(
  parts: LockParts,
  work: (lock: HeldLock) => Promise<Result> | Result,
  options: WithLockOptions,
): Promise<Result> {
  let guard: LeaseGuard | undefined;
  try {
    await acquire(parts.handle, options);
    guard = new LeaseGuard(parts.session, parts.clock, options.marginMs ?? MARGIN_MS);
    return await workUnder(guard, parts.handle, work, options);
  } finally {
    guard?.end();
    await giveBack(parts, guard === undefined || guard.signal.aborted ? 0 : guard.leftMs);
  }
}

/** @throws ChubbyError LOCK_BUSY */
async function acquire(handle: Handle, options: WithLockOptions): Promise<void> {
  const answer = await (options.waitMs === 0 ? handle.tryAcquire(options) : handle.acquire(options));
  if (answer.granted) return;
  const late = options.waitMs === 0 ? 'is not free' : `was not granted in ${options.waitMs} ms`;
  const holder = answer.holderSessionId === '' ? '' : `: session ${answer.holderSessionId} has it`;
  throw new ChubbyError('LOCK_BUSY', `the lock of ${handle.name} ${late}${holder}`);
}

async function workUnder<Result>(
  guard: LeaseGuard,
  handle: Handle,
  work: (lock: HeldLock) => Promise<Result> | Result,
  options: WithLockOptions,
): Promise<Result> {
  try {
    const sequencer = await handle.getSequencer({ signal: options.signal });
    guard.assertHeld();
    const result = await work({
      signal: guard.signal,
      sequencer,
      get leftMs() {
        return guard.leftMs;
      },
      assertHeld: () => guard.assertHeld(),
    });
    guard.assertHeld();
    return result;
  } catch (error) {
    throw guard.signal.aborted ? lostUnder(error) : error;
  }
}

/**
 * Closes the handle, and waits for the cell's word for as long as the lease certainly runs: whoever has lost the lock,
 * or never got it, must not wait for a cell that is away. It goes on unseen, so that a session that survives does not
 * keep what nobody uses.
 */
async function giveBack({ handle, clock }: LockParts, patienceMs: number): Promise<void> {
  const closed = handle.close({ timeoutMs: Infinity }).catch(sessionIsOver);
  if (patienceMs <= 0) return;
  let timer: Timer | undefined;
  await Promise.race([closed, new Promise<void>((resolve) => (timer = clock.after(patienceMs, resolve)))]);
  timer?.cancel();
}

/** The client was closed meanwhile: with the session, the handle and the lock end by themselves. */
function sessionIsOver(error: unknown): void {
  if (!(error instanceof ChubbyError)) throw error;
}

/** What `work` threw after the lock may have been lost is a consequence, or at least no longer the point. */
const lostUnder = (error: unknown): unknown =>
  error instanceof ChubbyError && error.reason === 'LOCK_LOST'
    ? error
    : new ChubbyError('LOCK_LOST', 'the lock may have been lost while the work under it went on', { cause: error });

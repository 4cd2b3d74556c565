import type { Clock, Timer } from '../common/clock.js';
import { acquireAll } from './acquire-all.js';
import { assertKnownOptions, badArgument, CALL_OPTIONS } from './arguments.js';
import { ChubbyError } from './chubby-error.js';
import { Handle } from './handle.js';
import type { AcquireOptions, HandleSurroundings } from './handle.js';
import { KEPT_LOCK_EVENTS, KeptLock } from './kept-locks.js';
import type { LockHandle } from './kept-locks.js';
import { LeaseGuard } from './lease-guard.js';
import type { LockWait, WaitOptions } from './lock-wait.js';
import type { OpenOptions } from './open-request.js';
import type { CallOptions } from './options.js';
import type { Mode } from './requests.js';

/** Who has a lock that is waited for. */
export interface LockObstacle {
  /** The whole name of the lock's node. */
  readonly name: string;
  /** One of the sessions that have it, in hex; empty where there is none to name. */
  readonly holderSessionId: string;
  /** How long the lock is still held back after its holder's session expired, in ms; 0 while that lives. */
  readonly lockDelayLeftMs: number;
}

export interface WithLockOptions extends Omit<AcquireOptions, 'waitMs'> {
  /**
   * How long to wait for the lock at most, in ms, and for a cell that is away on the way to it; 0 to take it or leave it,
   * once the cell answers; as long as the session lives unless given.
   */
  readonly waitMs?: number;
  /**
   * How long the lock stays unclaimable for others when the session expires, for what was sent under it to arrive; at
   * most 60,000.
   */
  readonly lockDelayMs?: number;
  /** How long before the lease may end the signal fires: time to stop. 1,000 unless given. */
  readonly marginMs?: number;
  /**
   * How long to keep the lock after the work for the next work of this client under the same name, mode and lock-delay,
   * in ms: that costs the cell nothing then. It is given up at once when somebody else asks for it. 0 unless given; of one
   * lock, not of several.
   */
  readonly keepMs?: number;
  /** Called once if the lock is not free and has to be waited for. What it throws ends the wait, and is thrown. */
  readonly onWait?: (obstacle: LockObstacle) => void;
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
const KEEP_MAX_MS = 3_600_000;
const LOCK_OPTIONS = [
  ...CALL_OPTIONS,
  ...(['mode', 'waitMs', 'lockDelayMs', 'marginMs', 'keepMs', 'onWait'] as const),
] satisfies readonly (keyof WithLockOptions)[];

/**
 * Opens the nodes, runs `work` under their locks, then closes the handles, and so releases the locks.
 *
 * @param names one or more; where there is no node, an empty file is created
 * @throws ChubbyError LOCK_LOST when a lock may have been lost before `work` was done, whatever its result; LOCK_BUSY
 *   when `waitMs` ran out
 */
export async function withLocks<Result>(
  around: HandleSurroundings,
  names: readonly string[],
  work: (lock: HeldLock) => Promise<Result> | Result,
  options: WithLockOptions,
  wait: LockWait,
): Promise<Result> {
  if (names.length === 0) throw badArgument('a lock is the lock of a node: name one or more');
  assertKnownOptions(options, LOCK_OPTIONS);
  const key = keptAs(names, options);
  // In jeopardy nothing is held for certain: the call waits for its end as any other.
  const mayTake = key !== undefined && options.signal?.aborted !== true && around.session.isSafe();
  const kept = mayTake ? around.session.keptLocks.take(key) : undefined;
  const opened = kept === undefined ? await openAll(around, names, options, wait) : [];
  const handles: readonly LockHandle[] = kept === undefined ? opened : [kept.handle];
  let lock = kept;
  let guard: LeaseGuard | undefined;
  const stops: (() => void)[] = [];
  try {
    if (kept === undefined) await acquire(around, opened, options, wait);
    guard = new LeaseGuard(around.session, around.clock, options.marginMs ?? MARGIN_MS);
    for (const handle of handles) stops.push(...loseWith(handle, guard));
    const sequencer = kept?.sequencer ?? (await sequencerUnder(guard, opened, wait));
    if (key !== undefined) lock ??= new KeptLock(handles[0]!, sequencer);
    return await workUnder(guard, sequencer, work);
  } finally {
    for (const stop of stops) stop();
    const heldMs = guard === undefined || guard.signal.aborted ? 0 : guard.leftMs;
    guard?.end();
    const { keptLocks } = around.session;
    const isKept = lock !== undefined && heldMs > 0 && keptLocks.keep(key!, lock, options.keepMs!);
    if (!isKept) await giveBack(around.clock, handles, heldMs);
  }
}

/** Under what the lock is kept, if it is to be. */
function keptAs(names: readonly string[], { keepMs = 0, mode = 'exclusive', lockDelayMs = 0 }: WithLockOptions) {
  if (keepMs === 0) return undefined;
  if (names.length > 1) throw badArgument('keepMs is for one lock, not for several');
  if (!(keepMs > 0 && keepMs <= KEEP_MAX_MS)) throw badArgument(`keepMs is from 0 to ${KEEP_MAX_MS}`);
  return `${mode} ${lockDelayMs} ${names[0]!}`;
}

/** All of them, or none stays open. */
async function openAll(
  around: HandleSurroundings,
  names: readonly string[],
  { lockDelayMs, keepMs = 0 }: WithLockOptions,
  wait: LockWait,
): Promise<Handle[]> {
  const opening: OpenOptions & CallOptions = {
    write: true,
    create: 'may',
    events: keepMs > 0 ? KEPT_LOCK_EVENTS : ['lockInvalid', 'handleInvalid'],
    ...wait.before,
    ...(lockDelayMs !== undefined && { lockDelayMs }),
  };
  const openings = names.map((name) => openToLock(around, name, opening));
  try {
    return await Promise.all(openings);
  } catch (error) {
    const opened = (await Promise.allSettled(openings)).flatMap((one) => ('value' in one ? [one.value] : []));
    await giveBack(around.clock, opened, 0);
    throw error;
  }
}

/** Any node can be locked: a directory, too, if it is there. */
async function openToLock(
  around: HandleSurroundings,
  name: string,
  opening: OpenOptions & CallOptions,
): Promise<Handle> {
  try {
    return await Handle.open(around, name, opening);
  } catch (error) {
    if (!(error instanceof ChubbyError && error.reason === 'IS_A_DIRECTORY')) throw error;
    return Handle.open(around, name, { ...opening, create: 'never' });
  }
}

/** Whoever deletes the node takes its lock away from a session that lives. */
function loseWith(handle: LockHandle, guard: LeaseGuard): (() => void)[] {
  return [
    handle.on('lockInvalid', () => guard.lose(`the node ${handle.name} was deleted`)),
    handle.on('handleInvalid', () => guard.lose(`the handle on ${handle.name} is of no more use`)),
  ];
}

/** @throws ChubbyError LOCK_BUSY */
async function acquire(
  around: HandleSurroundings,
  handles: readonly Handle[],
  { mode = 'exclusive', waitMs, onWait }: WithLockOptions,
  wait: LockWait,
): Promise<void> {
  let obstacle: LockObstacle | undefined;
  if (waitMs === 0 || onWait !== undefined) {
    obstacle = await ask(around, handles, mode, { ...wait.before, waitMs: 0 });
    if (obstacle === undefined) return;
  }
  if (waitMs !== 0) {
    if (obstacle !== undefined) onWait?.(obstacle);
    obstacle = await ask(around, handles, mode, wait.within);
    if (obstacle === undefined) return;
  }
  const late = waitMs === 0 ? 'is not free' : `was not granted in ${Math.round(waitMs!)} ms`;
  throw new ChubbyError('LOCK_BUSY', `the lock of ${obstacle!.name} ${late}${inTheWay(obstacle!)}`);
}

function inTheWay({ holderSessionId, lockDelayLeftMs }: LockObstacle): string {
  if (lockDelayLeftMs > 0) return `: it is held back for ${lockDelayLeftMs} ms, since its holder's session expired`;
  return holderSessionId === '' ? '' : `: session ${holderSessionId} has it`;
}

/** @returns what is in the way; nothing when the locks were granted */
async function ask(
  around: HandleSurroundings,
  handles: readonly Handle[],
  mode: Mode,
  { waitMs, ...limits }: WaitOptions,
): Promise<LockObstacle | undefined> {
  const options = { ...limits, ...(waitMs !== undefined && { waitMs }) };
  const [first, ...others] = handles;
  if (others.length > 0) {
    const wanted = handles.map((handle) => ({ handle, mode }));
    const answer = await acquireAll(around, wanted, options);
    return answer.granted ? undefined : { name: answer.busyName, ...whoIsInTheWay(answer) };
  }
  const answer = await (waitMs === 0 ? first!.tryAcquire({ ...limits, mode }) : first!.acquire({ ...options, mode }));
  return answer.granted ? undefined : { name: first!.name, ...whoIsInTheWay(answer) };
}

const whoIsInTheWay = ({ holderSessionId, lockDelayLeftMs }: Omit<LockObstacle, 'name'>) => ({
  holderSessionId,
  lockDelayLeftMs,
});

async function sequencerUnder(
  guard: LeaseGuard,
  [first, ...furtherHandles]: readonly Handle[],
  wait: LockWait,
): Promise<Buffer> {
  try {
    return await first!.getSequencer({ ...wait.after, furtherHandles });
  } catch (error) {
    throw guard.signal.aborted ? lostUnder(error) : error;
  }
}

async function workUnder<Result>(
  guard: LeaseGuard,
  sequencer: Buffer,
  work: (lock: HeldLock) => Promise<Result> | Result,
): Promise<Result> {
  try {
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
 * Closes the handles, and waits for the cell's word for as long as the lease certainly runs: whoever has lost the lock,
 * or never got it, must not wait for a cell that is away. It goes on unseen, so that a session that survives does not
 * keep what nobody uses.
 */
async function giveBack(clock: Clock, handles: readonly LockHandle[], patienceMs: number): Promise<void> {
  const closed = Promise.all(handles.map((handle) => handle.close({ timeoutMs: Infinity }).catch(sessionIsOver)));
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

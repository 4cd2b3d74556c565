import type { Explanation, LockDescription, LockHolder, LockWaiter } from '../../client/index.js';
import { counted } from '../../common/counted.js';
import { agoInWords, durationInWords } from '../duration.js';
import type { Cell, Output } from '../output.js';
import { printable } from '../printable.js';
import { fromOf } from './session-row.js';

const HOLDER_HEAD = ['HOLDER', 'PRINCIPAL', 'FROM', 'SINCE', 'FOR', 'LEASE LEFT', 'LOCK-DELAY', 'STATE'];
const WAITER_HEAD = ['WAITER', 'PRINCIPAL', 'FROM', 'WANTS', 'WAITS FOR', 'GIVES UP IN', 'STATE'];

/** Writes for people why a lock is not free. */
export async function explanationInWords(output: Output, explanation: Explanation): Promise<void> {
  const { lock, deadlock, cachingSessions, subscriptions } = explanation;
  await output.line(`${printable(lock.name)}: ${stateInWords(lock)}`);
  await output.line(`sequencer pair: instance ${lock.instanceNumber}, lock generation ${lock.lockGeneration}`);
  if (lock.holders.length > 0) await output.table(HOLDER_HEAD, lock.holders.map(holderRow));
  if (lock.waiterCount > 0) {
    const listed = lock.waiters.length < lock.waiterCount ? `, of which the first ${lock.waiters.length} are` : ':';
    await output.line(`${counted(lock.waiterCount, 'request')} in the queue${listed}`);
    await output.table(WAITER_HEAD, lock.waiters.map(waiterRow));
  }
  if (deadlock.length > 0) {
    await output.line('deadlock: none of these goes on until one gives up (chubby sessions end ID ends one)');
    for (const { sessionId, lockName } of deadlock)
      await output.line(`  ${sessionId} waits for ${printable(lockName)}`);
  }
  if (cachingSessions + subscriptions > 0) {
    const cachers = counted(cachingSessions, 'session');
    const handles = counted(subscriptions, 'handle');
    await output.line(
      `${cachers} may cache the node, ${handles} ${subscriptions === 1 ? 'is' : 'are'} told of its events`,
    );
  }
}

function stateInWords({ mode, holders, waiterCount }: LockDescription): string {
  const [first] = holders;
  if (first === undefined) return waiterCount === 0 ? 'nobody has the lock' : 'nobody has the lock yet';
  if (first.lockDelayLeftMs > 0) {
    return `held back for ${durationInWords(first.lockDelayLeftMs)} more, since the session of its holder expired`;
  }
  if (mode === 'shared') return `shared by ${counted(holders.length, 'handle')}`;
  return first.session.silent ? 'held by a session that may be about to expire' : 'held';
}

const holderRow = ({ session, acquiredAtMs, lockDelayMs, lockDelayLeftMs }: LockHolder): Cell[] => [
  session.id,
  printable(session.principal),
  fromOf(session),
  new Date(acquiredAtMs).toISOString(),
  agoInWords(acquiredAtMs),
  lockDelayLeftMs > 0 ? null : durationInWords(session.leaseLeftMs),
  durationInWords(lockDelayMs),
  lockDelayLeftMs > 0 ? 'expired' : aliveOrSilent(session.silent),
];

const waiterRow = ({ session, mode, waitingMs, waitLeftMs }: LockWaiter): Cell[] => [
  session.id,
  printable(session.principal),
  fromOf(session),
  mode,
  durationInWords(waitingMs),
  waitLeftMs === 0 ? null : durationInWords(waitLeftMs),
  aliveOrSilent(session.silent),
];

/** A silent session's KeepAlive is overdue: by its own count it may be in jeopardy. */
const aliveOrSilent = (silent: boolean): string => (silent ? 'silent' : 'alive');

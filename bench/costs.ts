import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SoloService } from './solo-service.js';
import type { SoloSession } from './solo-service.js';

/** What something costs the master, beside what it may cost. */
export interface Cost {
  readonly name: string;
  readonly cost: number;
  readonly bound: number;
  readonly unit: string;
}

const SESSIONS = 10_000;
const HANDLES = 50_000;
const FILES = 1_000;
const LOCK_PAIRS = 1_000;
const WAITERS = 100;

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of live memory. */
function liveBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Measured on a master without a network, database included: the connection's cost is the connection's. */
export function costs(): Cost[] {
  return [...memory(), ...logValues()];
}

function* memory(): Generator<Cost> {
  const solo = new SoloService();
  const names = Array.from({ length: FILES }, (_, file) => `/ls/local/a-file-with-a-name-of-usual-length-${file}`);
  const first = solo.session();
  for (const name of names) first.open(name, 'may');
  const before = liveBytes();
  const sessions: SoloSession[] = [];
  for (let count = 0; count < SESSIONS; count++) sessions.push(solo.session());
  const withSessions = liveBytes();
  yield { name: 'a session', cost: (withSessions - before) / SESSIONS, bound: 4_096, unit: 'bytes' };
  for (let count = 0; count < HANDLES; count++) sessions[count % SESSIONS]!.open(names[count % FILES]!);
  yield { name: 'an open handle', cost: (liveBytes() - withSessions) / HANDLES, bound: 1_024, unit: 'bytes' };
  solo.service.reignEnded('the measurement is over');
}

function* logValues(): Generator<Cost> {
  const solo = new SoloService();
  const holder = solo.session();
  const handle = holder.open('/ls/local/lock', 'may');
  let before = solo.values;
  for (let pair = 0; pair < LOCK_PAIRS; pair++) {
    if (!holder.acquire(handle)) throw new Error('an uncontended lock is granted at once');
    holder.release(handle);
  }
  const perPair = (solo.values - before) / LOCK_PAIRS;
  yield { name: 'acquire + release, uncontended', cost: perPair, bound: 2, unit: 'log values' };
  holder.acquire(handle);
  const waiters = Array.from({ length: WAITERS }, () => solo.session()).map((session) => ({
    session,
    handle: session.open('/ls/local/lock'),
  }));
  for (const waiter of waiters) waiter.session.acquire(waiter.handle);
  before = solo.values;
  holder.release(handle);
  for (const waiter of waiters.slice(0, -1)) waiter.session.release(waiter.handle);
  const perHandOn = (solo.values - before) / WAITERS;
  yield { name: `handing a lock on, ${WAITERS} waiters`, cost: perHandOn, bound: 1, unit: 'log values' };
  solo.service.reignEnded('the measurement is over');
}

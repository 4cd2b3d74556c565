// What the simulator judges by, and the worlds it makes: each must be able to say no.
import { describe, expect, test } from 'vitest';
import { SeededRng } from '../../src/common/rng.js';
import { contentsOf, valueOf } from '../../src/sim/contents.js';
import { LockJudge } from '../../src/sim/lock-judge.js';
import { MachineTime } from '../../src/testing/machine-time.js';
import { Presence } from '../../src/sim/presence.js';
import { Reigns } from '../../src/sim/reigns.js';
import { Scheduler } from '../../src/testing/scheduler.js';
import { GOOD_LINK, SimNetwork } from '../../src/sim/sim-network.js';
import { SimClock, SimProcess } from '../../src/testing/sim-process.js';
import { Violation } from '../../src/sim/violation.js';
import { ballot } from '../unit/paxos/ids.js';

/** A machine whose clocks run a tenth too fast, and one process on it. */
function machine() {
  const scheduler = new Scheduler();
  const process = new SimProcess(new MachineTime(scheduler, 1.1));
  const clock = new SimClock(process);
  const runUntil = (endMs: number): void => {
    let ended = false;
    scheduler.after(endMs - scheduler.nowMs, () => (ended = true));
    while (!ended) scheduler.step();
  };
  return { process, clock, runUntil };
}

describe('a suspended machine', () => {
  test('its monotonic clock stands still, boot time and wall clock go on', () => {
    const { process, clock, runUntil } = machine();
    const wallMs = clock.wallMs();
    runUntil(100);
    process.suspend();
    runUntil(1100);
    process.wake();
    runUntil(1200);
    expect(clock.monotonicMs()).toBeCloseTo(220);
    expect(clock.bootMs()).toBeCloseTo(1320);
    expect(clock.wallMs() - wallMs).toBeCloseTo(1320);
  });

  test('its timers are put off by as much as it slept', () => {
    const { process, clock, runUntil } = machine();
    let firedAtMs: number | undefined;
    clock.after(110, () => (firedAtMs = clock.bootMs()));
    runUntil(50);
    process.suspend();
    runUntil(1050);
    process.wake();
    runUntil(1099);
    expect(firedAtMs).toBeUndefined();
    runUntil(1101);
    expect(firedAtMs).toBeCloseTo(1210);
  });

  test('a process that is stopped goes on when both it and its machine do', () => {
    const { process, runUntil } = machine();
    let ran = false;
    process.pause();
    process.suspend();
    process.run(() => (ran = true));
    process.wake();
    runUntil(1);
    expect(ran).toBe(false);
    process.resume();
    runUntil(2);
    expect(ran).toBe(true);
  });
});

test('a link sends one message after the other, at its rate', () => {
  const scheduler = new Scheduler();
  const network = new SimNetwork(scheduler, new SeededRng(1), 100);
  network.quality = { ...GOOD_LINK, delayMs: 0, jitterMs: 0 };
  const arrivals: number[] = [];
  const send = (to: number): void => network.send(1, to, 1000, () => arrivals.push(scheduler.nowMs));
  send(2);
  send(2);
  send(3);
  while (scheduler.step());
  expect(arrivals).toEqual([10, 10, 20]);
});

describe('presence', () => {
  test('a file that was seen is there until its owner deletes it', () => {
    const presence = new Presence();
    presence.attempt('f', 1);
    presence.looked('f', true, presence.floor('f'));
    expect(() => presence.looked('f', false, presence.floor('f'))).toThrow(Violation);
    presence.attempt('f', 2);
    presence.looked('f', false, presence.floor('f'));
  });

  test('a look that began before a creation may see either state', () => {
    const presence = new Presence();
    const floor = presence.floor('f');
    presence.attempt('f', 1);
    presence.acknowledged('f', 1);
    presence.looked('f', false, floor);
    presence.looked('f', true, floor);
    expect(() => presence.looked('f', false, presence.floor('f'))).toThrow(Violation);
  });
});

describe('the lock', () => {
  test('is not granted to another while its holder relies on it', () => {
    const judge = new LockJudge();
    let relies = true;
    judge.granted('a', 1, () => relies);
    expect(() => judge.granted('b', 2, () => true)).toThrow(/relies/);
    relies = false;
    judge.granted('b', 2, () => true);
  });

  test('is granted once under each generation', () => {
    const judge = new LockJudge();
    judge.granted('a', 2, () => false);
    expect(() => judge.granted('b', 2, () => false)).toThrow(/generation/);
  });
});

test('whoever answers has the newest reign that anybody was told of', () => {
  const reigns = new Reigns();
  reigns.inForce(ballot(3, 1).replicaId, ballot(3, 1));
  reigns.inForce(ballot(4, 2).replicaId, ballot(4, 2));
  expect(() => reigns.inForce(ballot(3, 1).replicaId, ballot(3, 1))).toThrow(Violation);
});

test('contents that lost a part are no contents', () => {
  const contents = contentsOf(9, 1000);
  expect(contents.length).toBeGreaterThan(400);
  expect(valueOf(contents, 1000)).toBe(9);
  expect(() => valueOf(contents.subarray(1), 1000)).toThrow(Violation);
  expect(() => valueOf(contents.subarray(0, -1), 1000)).toThrow(Violation);
});

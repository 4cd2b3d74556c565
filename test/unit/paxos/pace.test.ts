import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/paxos/pace.js';
import { slot } from './ids.js';

/** Values one after the other, each so long on its way to the own disk and to those of the others. */
function timed(pace: Pace, values: number, ownMs: number, othersMs: number, fromMs = 0): number {
  let nowMs = fromMs;
  for (let number = 1; number <= values; number++) {
    const sentAtMs = nowMs;
    pace.sent(slot(number), sentAtMs);
    const arrivals = [
      { atMs: sentAtMs + ownMs, tell: (atMs: number) => pace.ownDurable(slot(number), atMs) },
      { atMs: sentAtMs + othersMs, tell: (atMs: number) => pace.othersDurable(slot(number), atMs) },
    ];
    for (const { atMs, tell } of arrivals.sort((a, b) => a.atMs - b.atMs)) tell((nowMs = atMs));
  }
  return nowMs;
}

describe('the pace of disks', () => {
  it('is too slow where the own one takes much longer than those of the others', () => {
    const pace = new Pace();
    const nowMs = timed(pace, 16, 300, 2);
    expect(pace.tooSlow(nowMs)).toEqual({ ownMs: 300, othersMs: 2 });
  });

  it.each([
    ['the others are slow, too', 300, 100],
    ['it is fast enough all the same', 40, 1],
    ['the others are slower', 2, 300],
  ])('is none to give way for where %s', (_case, ownMs, othersMs) => {
    const pace = new Pace();
    expect(pace.tooSlow(timed(pace, 16, ownMs, othersMs))).toBeUndefined();
  });

  it('is judged by the newest values only, and not by a few', () => {
    const pace = new Pace();
    let nowMs = timed(pace, 7, 300, 2);
    expect(pace.lately(nowMs)).toBeUndefined();
    nowMs = timed(pace, 9, 300, 2, nowMs);
    expect(pace.tooSlow(nowMs)).toBeDefined();
    expect(pace.tooSlow(timed(pace, 9, 3, 2, nowMs))).toBeUndefined();
    expect(pace.lately(nowMs + 100_000)).toBeUndefined();
  });

  it('times no value twice, and none whose answer comes before it was sent again at another ballot', () => {
    const pace = new Pace();
    pace.sent(slot(1), 0);
    pace.forgetRunning();
    pace.ownDurable(slot(1), 500);
    pace.othersDurable(slot(1), 500);
    expect(pace.sinceSentMs(slot(1), 500)).toBeUndefined();
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines } from '../../../src/rpc/deadlines.js';

describe('deadlines', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
  afterEach(() => vi.useRealTimers());

  const start = () => {
    const late: string[] = [];
    return { late, deadlines: new Deadlines<string>(1_000, (key) => late.push(key)) };
  };

  it('are called late once each, and never early', () => {
    const { late, deadlines } = start();
    deadlines.begin('a');
    vi.advanceTimersByTime(600);
    deadlines.begin('b');
    vi.advanceTimersByTime(390);
    expect(late).toEqual([]);
    vi.advanceTimersByTime(260);
    expect(late).toEqual(['a']);
    vi.advanceTimersByTime(2_000);
    expect(late).toEqual(['a', 'b']);
  });

  it('that are met are not called late', () => {
    const { late, deadlines } = start();
    deadlines.begin('a');
    deadlines.begin('b');
    deadlines.end('a');
    deadlines.end('never begun');
    vi.advanceTimersByTime(2_000);
    expect(late).toEqual(['b']);
  });

  it('run on when they are begun again', () => {
    const { late, deadlines } = start();
    deadlines.begin('a');
    vi.advanceTimersByTime(900);
    deadlines.begin('a');
    vi.advanceTimersByTime(350);
    expect(late).toEqual(['a']);
  });

  it('begin anew when they are restarted', () => {
    const { late, deadlines } = start();
    deadlines.begin('a');
    vi.advanceTimersByTime(900);
    deadlines.restart('a');
    vi.advanceTimersByTime(900);
    expect(late).toEqual([]);
    vi.advanceTimersByTime(400);
    expect(late).toEqual(['a']);
  });

  it('leave no timer behind', () => {
    const { deadlines } = start();
    deadlines.begin('a');
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(2_000);
    expect(vi.getTimerCount()).toBe(0);
    deadlines.begin('b');
    deadlines.clear();
    expect(vi.getTimerCount()).toBe(0);
  });
});

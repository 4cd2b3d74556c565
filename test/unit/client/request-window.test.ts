import { describe, expect, it } from 'vitest';
import { RequestWindow } from '../../../src/client/request-window.js';

const opened = (window: RequestWindow<{ number: number }>, count: number): { number: number }[] =>
  Array.from({ length: count }, () => {
    const request = { number: 0 };
    window.open(request);
    return request;
  });

describe('RequestWindow', () => {
  it('numbers from 1 on and acknowledges up to the first gap', () => {
    const window = new RequestWindow<{ number: number }>(8);
    const [one, two, three] = opened(window, 3);
    expect([one!.number, two!.number, three!.number]).toEqual([1, 2, 3]);
    window.close(two!);
    expect(window.acknowledged).toBe(0);
    window.close(one!);
    expect(window.acknowledged).toBe(2);
    window.close(three!);
    expect(window.acknowledged).toBe(3);
  });

  it('has no room while the oldest open request is a whole window back', () => {
    const window = new RequestWindow<{ number: number }>(4);
    const requests = opened(window, 4);
    expect(window.hasRoom()).toBe(false);
    for (const request of requests.slice(1)) window.close(request);
    expect(window.hasRoom()).toBe(false);
    window.close(requests[0]!);
    expect(window.hasRoom()).toBe(true);
  });

  it('finds a request by its own number alone', () => {
    const window = new RequestWindow<{ number: number }>(4);
    const [one] = opened(window, 1);
    expect(window.find(1)).toBe(one);
    expect(window.find(5)).toBeUndefined();
    window.close(one!);
    expect(window.find(1)).toBeUndefined();
  });

  it('is not held back by a request that waits, and still finds it', () => {
    const window = new RequestWindow<{ number: number }>(4);
    const [waiting] = opened(window, 1);
    window.leaveWaiting(waiting!);
    expect(window.acknowledged).toBe(1);
    for (let round = 0; round < 3; round++) for (const request of opened(window, 4)) window.close(request);
    expect(window.acknowledged).toBe(13);
    expect(window.find(1)).toBe(waiting);
    expect(window.openCount).toBe(1);
    window.close(waiting!);
    expect(window.openCount).toBe(0);
  });

  it('lists what is open by number, also where the ring has wrapped', () => {
    const window = new RequestWindow<{ number: number }>(4);
    const [first] = opened(window, 1);
    window.leaveWaiting(first!);
    for (const request of opened(window, 2)) window.close(request);
    opened(window, 3);
    expect(window.inOrder().map(({ number }) => number)).toEqual([1, 4, 5, 6]);
  });
});

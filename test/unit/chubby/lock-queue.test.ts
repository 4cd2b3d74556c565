import { describe, expect, it } from 'vitest';
import { LockQueues } from '../../../src/chubby/lock-queue.js';
import type { LocksWanted } from '../../../src/chubby/lock-queue.js';
import type { LockRequest } from '../../../src/chubby/calls/acquire.js';
import type { SessionId } from '../../../src/chubby/records/ids.js';
import type { NodePath } from '../../../src/chubby/records/node-path.js';
import { below, SeededRng } from '../../../src/common/rng.js';

const pathOf = (name: string): NodePath => `\u0001/${name}` as NodePath;

/** Somebody who wants the locks of these names; all is exclusive here. */
function wanting(number: number, ...names: [string, ...string[]]): LocksWanted {
  const locks = names.map((name, i): LockRequest => {
    const handle = {
      sessionId: `session${number % 10}` as SessionId,
      handleId: 100 * number + i,
      path: pathOf(name),
      instanceNumber: 1,
      mode: { read: true, write: true, changeAcl: false },
      lockDelayMs: 0,
      events: 0,
      recursive: false,
      epoch: { round: 1, replicaId: 1 },
      claims: [],
    };
    return { handle, number, mode: 'exclusive' };
  });
  return { number, locks: locks as [LockRequest, ...LockRequest[]] };
}

/** Queues over locks that one at a time can hold. */
class Locks {
  readonly queues = new LockQueues<LocksWanted>();
  readonly held = new Map<NodePath, LocksWanted>();

  free(...names: string[]): number[] {
    for (const name of names) this.held.delete(pathOf(name));
    return this.serve(names.map(pathOf));
  }

  serve(paths: NodePath[]): number[] {
    const left = new Set(paths);
    const served: number[] = [];
    while (left.size > 0) {
      for (const { waiter } of this.queues.serve(left, (waiter) => this.#take(waiter))) served.push(waiter.number);
    }
    return served;
  }

  #take(waiter: LocksWanted): true | undefined {
    if (waiter.locks.some(({ handle }) => this.held.has(handle.path))) return undefined;
    for (const { handle } of waiter.locks) this.held.set(handle.path, waiter);
    return true;
  }
}

describe('the lines before locks', () => {
  it('keep a free lock for who is first in line for it and waits for another', () => {
    const locks = new Locks();
    locks.held.set(pathOf('b'), wanting(0, 'b'));
    locks.queues.enqueue(wanting(1, 'a', 'b'));
    locks.queues.enqueue(wanting(2, 'a'));
    expect(locks.queues.size).toBe(3);
    expect(locks.serve([pathOf('a')])).toEqual([]);
    expect(locks.free('b')).toEqual([1]);
    expect(locks.free('a')).toEqual([2]);
    expect(locks.queues.size).toBe(0);
  });

  it('let those go ahead who stood behind somebody that was served elsewhere', () => {
    const locks = new Locks();
    for (const name of ['a', 'b']) locks.held.set(pathOf(name), wanting(0, name));
    const first = wanting(1, 'a', 'b');
    locks.queues.enqueue(first);
    locks.queues.enqueue(wanting(2, 'b', 'c'));
    locks.queues.enqueue(wanting(3, 'c'));
    locks.held.delete(pathOf('b'));
    locks.queues.remove(first);
    expect(locks.serve([pathOf('a'), pathOf('b')])).toEqual([2]);
    expect(locks.free('c')).toEqual([3]);
  });

  it('serve so many locks by one value, and the rest by the next', () => {
    const queues = new LockQueues<LocksWanted>();
    const all = Array.from({ length: 150 }, (_, i) => wanting(i, 'a'));
    for (const waiter of all) queues.enqueue(waiter);
    const left = new Set([pathOf('a')]);
    const counts: number[] = [];
    while (left.size > 0) counts.push(queues.serve(left, () => true).length);
    expect(counts).toEqual([64, 64, 22]);
  });

  it('overtake nobody, and leave nobody waiting for ever, whatever everybody wants', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const rng = new SeededRng(seed);
      const locks = new Locks();
      const names = ['a', 'b', 'c', 'd', 'e'];
      const served: LocksWanted[] = [];
      const waiting = new Map<number, LocksWanted>();
      const note = (numbers: number[]): void => {
        for (const number of numbers) {
          const waiter = waiting.get(number)!;
          waiting.delete(number);
          for (const older of waiting.values()) {
            if (older.number > number) continue;
            const shared = older.locks.some((a) => waiter.locks.some((b) => a.handle.path === b.handle.path));
            expect(shared, `seed ${seed}: ${number} overtook ${older.number}`).toBe(false);
          }
          served.push(waiter);
        }
      };
      for (let number = 1; number <= 40; number++) {
        const wanted = names.filter(() => below(rng, 3) === 0);
        const waiter = wanting(number, wanted[0] ?? 'a', ...wanted.slice(1));
        waiting.set(number, waiter);
        locks.queues.enqueue(waiter);
        note(locks.serve(waiter.locks.map(({ handle }) => handle.path)));
        if (below(rng, 2) === 0) note(locks.free(names[below(rng, names.length)]!));
      }
      for (let round = 0; round < 41; round++) note(locks.free(...names));
      expect(served.length).toBe(40);
    }
  });
});

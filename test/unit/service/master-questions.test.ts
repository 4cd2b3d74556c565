import { describe, expect, it } from 'vitest';
import type { GetMasterResponse } from '../../../src/wire/types.js';
import { MasterQuestions } from '../../../src/service/master-questions.js';
import { VirtualClock } from './virtual-clock.js';

/** A replica that is asked for the master, and hears of masters when a test says so. */
class Replica {
  master: string | undefined;
  readonly clock = new VirtualClock();
  readonly #questions = new MasterQuestions(() => this.#location(), this.clock);

  ask(waitMs: number, otherThan = ''): { named: string | undefined; answers: number } {
    const asked: { named: string | undefined; answers: number } = { named: undefined, answers: 0 };
    this.#questions.ask({ waitMs, otherThan }, ({ master }) => {
      asked.named = master?.address;
      asked.answers++;
    });
    return asked;
  }

  advance(byMs: number): void {
    this.clock.advance(byMs, () => undefined);
  }

  #location(): GetMasterResponse {
    const base = { cell: 'test', cellId: Buffer.alloc(16), replicas: [], signingKeys: [], spreadMs: 0 };
    return this.master === undefined ? base : { ...base, master: { id: 1, address: this.master } };
  }
}

describe('a question for the master', () => {
  it('is answered at once where one is known, and where nobody wants to wait', () => {
    const replica = new Replica();
    expect(replica.ask(0)).toEqual({ named: undefined, answers: 1 });
    replica.master = 'a:1';
    expect(replica.ask(1_000)).toEqual({ named: 'a:1', answers: 1 });
    expect(replica.ask(1_000, 'b:1')).toEqual({ named: 'a:1', answers: 1 });
  });

  it('is held until a master is known, and answered soon after', () => {
    const replica = new Replica();
    const asked = replica.ask(1_000);
    replica.advance(500);
    expect(asked.answers).toBe(0);
    replica.master = 'a:1';
    replica.advance(20);
    expect(asked).toEqual({ named: 'a:1', answers: 1 });
    replica.advance(5_000);
    expect(asked.answers).toBe(1);
  });

  it('is not answered by the master that was lost', () => {
    const replica = new Replica();
    replica.master = 'a:1';
    const asked = replica.ask(1_000, 'a:1');
    replica.advance(500);
    expect(asked.answers).toBe(0);
    replica.master = 'b:1';
    replica.advance(20);
    expect(asked).toEqual({ named: 'b:1', answers: 1 });
  });

  it('is answered with what is known when its time is over, a second at the latest', () => {
    const replica = new Replica();
    replica.master = 'a:1';
    const short = replica.ask(100, 'a:1');
    const long = replica.ask(3_600_000, 'a:1');
    replica.advance(120);
    expect(short).toEqual({ named: 'a:1', answers: 1 });
    expect(long.answers).toBe(0);
    replica.advance(900);
    expect(long).toEqual({ named: 'a:1', answers: 1 });
  });
});

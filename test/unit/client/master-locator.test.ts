import { describe, expect, it } from 'vitest';
import { AddressBook } from '../../../src/client/address-book.js';
import { MasterLocator } from '../../../src/client/master-locator.js';
import type { MasterAnswer } from '../../../src/client/master-locator.js';
import { SeededRng } from '../../../src/common/rng.js';
import { METADATA, refusal } from '../../../src/wire/errors.js';
import { VirtualClock } from './virtual-clock.js';

const ADDRESSES = ['a:1', 'b:1', 'c:1', 'd:1', 'e:1'];
const NO_ANSWER: MasterAnswer = { failure: 'connection refused' };
const GONE = { code: 14, reason: 'UNREACHABLE', message: 'connection refused', metadata: {} };

class World {
  readonly clock = new VirtualClock();
  /** Address → what it answers. */
  readonly answers = new Map<string, MasterAnswer>(ADDRESSES.map((address) => [address, NO_ANSWER]));
  readonly asked: { readonly address: string; readonly atMs: number }[] = [];
  readonly found: string[] = [];
  readonly book: AddressBook;
  readonly locator: MasterLocator;
  hosts: readonly string[] | Error = [];
  resolve = (): Promise<string[]> =>
    this.hosts instanceof Error ? Promise.reject(this.hosts) : Promise.resolve(this.hosts as string[]);

  constructor(dns = false, seed = 1) {
    const rng = new SeededRng(seed);
    const resolver = { addressesOf: () => this.resolve() };
    const cell = dns
      ? ({ kind: 'dns', name: 'cell', port: 1 } as const)
      : ({ kind: 'list', addresses: ADDRESSES } as const);
    this.book = new AddressBook(cell, resolver, rng);
    const ask = async (address: string): Promise<MasterAnswer> => {
      this.asked.push({ address, atMs: this.clock.monotonicMs() });
      await Promise.resolve();
      return this.answers.get(address) ?? NO_ANSWER;
    };
    this.locator = new MasterLocator(this.book, ask, this.clock, rng);
  }

  everybodySays(master: string | undefined): void {
    for (const address of ADDRESSES) this.answers.set(address, { master, replicas: ADDRESSES });
  }

  search(): () => void {
    return this.locator.whenFound((address) => this.found.push(address));
  }
}

describe('MasterLocator', () => {
  it('asks one replica and then the one it names', async () => {
    const world = new World();
    world.everybodySays('e:1');
    world.search();
    await world.clock.settle();
    expect(world.found).toEqual(['e:1']);
    expect(world.asked.length).toBeLessThanOrEqual(2);
  });

  it('does not believe in a master that does not say so itself', async () => {
    const world = new World();
    world.everybodySays('a:1');
    world.answers.set('a:1', { master: undefined, replicas: [] });
    world.search();
    await world.clock.advance(500);
    expect(world.found).toEqual([]);
    world.answers.set('a:1', { master: 'a:1', replicas: ADDRESSES });
    await world.clock.advance(1_000);
    expect(world.found).toEqual(['a:1']);
  });

  it.each([1, 2, 3, 4, 5])('tries the others at once when replicas do not answer (seed %i)', async (seed) => {
    const world = new World(false, seed);
    world.answers.set('d:1', { master: 'd:1', replicas: ADDRESSES });
    world.search();
    await world.clock.settle();
    expect(world.found).toEqual(['d:1']);
  });

  it('asks replicas that hold no question in rounds that grow rarer, and never more than a second apart', async () => {
    const world = new World();
    world.search();
    await world.clock.advance(30_000);
    const rounds = [...new Set(world.asked.map(({ atMs }) => atMs))];
    const pauses = rounds.slice(1).map((atMs, i) => atMs - rounds[i]!);
    expect(pauses[0]).toBeLessThanOrEqual(400);
    for (const pause of pauses) {
      expect(pause).toBeGreaterThanOrEqual(200);
      expect(pause).toBeLessThanOrEqual(1_000);
    }
    for (const pause of pauses.slice(5)) expect(pause).toBeGreaterThanOrEqual(500);
    expect(new Set(pauses).size).toBeGreaterThan(10);
  });

  it('goes to the next master after a part of the time over which all who lost the last one are spread', async () => {
    const delaysMs = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const world = new World(false, seed);
      world.everybodySays('a:1');
      world.search();
      await world.clock.settle();
      for (const address of ADDRESSES) {
        world.answers.set(address, { master: 'b:1', replicas: ADDRESSES, spreadMs: 3_000 });
      }
      world.locator.lost('a:1', refusal('NOT_MASTER', 'no longer'));
      const beganMs = world.clock.monotonicMs();
      world.search();
      while (world.found.length < 2) await world.clock.advance(10);
      delaysMs.add(world.clock.monotonicMs() - beganMs);
    }
    expect(delaysMs.size).toBeGreaterThan(10);
    expect(Math.max(...delaysMs)).toBeLessThanOrEqual(3_500);
  });

  it('knocks at the next master, and follows a hint to it, no sooner than that', async () => {
    const knocksMs: number[] = [];
    for (const hint of [{}, { [METADATA.master]: 'b:1' }]) {
      for (let seed = 1; seed <= 20; seed++) {
        const world = new World(false, seed);
        const everybody = (master: string): void => {
          for (const address of ADDRESSES) world.answers.set(address, { master, replicas: ADDRESSES, spreadMs: 3_000 });
        };
        everybody('a:1');
        world.answers.set('b:1', NO_ANSWER);
        world.search();
        await world.clock.settle();
        everybody('c:1');
        world.answers.set('a:1', NO_ANSWER);
        world.locator.lost('a:1', refusal('NOT_MASTER', 'no longer', hint));
        world.asked.length = 0;
        world.search();
        const beganMs = world.clock.monotonicMs();
        while (world.found.length < 2) await world.clock.advance(10);
        const named = Object.keys(hint).length > 0 ? 'b:1' : 'c:1';
        const knock = world.asked.filter(({ address }) => address === named).at(-1);
        knocksMs.push(knock!.atMs - beganMs);
      }
    }
    expect(knocksMs.filter((knockMs) => knockMs < 300).length).toBeLessThan(knocksMs.length / 3);
    expect(Math.max(...knocksMs)).toBeLessThanOrEqual(3_500);
  });

  it('has no more than two questions open, however slow the answers are', async () => {
    const world = new World();
    let open = 0;
    let most = 0;
    const slow = async (): Promise<MasterAnswer> => {
      most = Math.max(most, ++open);
      await new Promise<void>((resolve) => world.clock.after(5_000, resolve));
      open--;
      return NO_ANSWER;
    };
    const locator = new MasterLocator(world.book, slow, world.clock, new SeededRng(1));
    locator.whenFound(() => undefined);
    await world.clock.advance(30_000);
    expect(most).toBe(2);
  });

  it('waits longer for each answer after one that did not come in time', async () => {
    const world = new World();
    const limitsMs: number[] = [];
    const locator = new MasterLocator(
      world.book,
      async (_address, { waitMs }, timeLimitMs) => {
        limitsMs.push(timeLimitMs);
        await new Promise<void>((resolve) => world.clock.after(waitMs + timeLimitMs, resolve));
        return NO_ANSWER;
      },
      world.clock,
      new SeededRng(1),
    );
    locator.whenFound(() => undefined);
    await world.clock.advance(120_000);
    expect(limitsMs[0]).toBe(1_000);
    expect(limitsMs.slice(1).every((limitMs, i) => limitMs >= limitsMs[i]!)).toBe(true);
    expect(limitsMs.at(-1)).toBe(16_000);
  });

  it.each([1, 2, 3, 4, 5])('asks the next as soon as one that says nothing is given up (seed %i)', async (seed) => {
    const world = new World(false, seed);
    const silent = new Set<string>();
    const givenUpMs: number[] = [];
    const ask = async (address: string): Promise<MasterAnswer> => {
      if (silent.size < 2) silent.add(address);
      if (!silent.has(address)) return { master: address, replicas: ADDRESSES };
      await new Promise<void>((resolve) => world.clock.after(2_000, resolve));
      givenUpMs.push(world.clock.monotonicMs());
      return NO_ANSWER;
    };
    const locator = new MasterLocator(world.book, ask, world.clock, new SeededRng(seed));
    let foundMs = Infinity;
    locator.whenFound(() => (foundMs = world.clock.monotonicMs()));
    await world.clock.advance(10_000);
    expect(foundMs).toBe(givenUpMs[0]);
  });

  it('asks the replica that was named, though two that say nothing are being asked', async () => {
    const world = new World();
    const ask = async (address: string): Promise<MasterAnswer> => {
      if (address === 'new:1') return { master: address, replicas: [] };
      await new Promise<void>((resolve) => world.clock.after(2_000, resolve));
      return NO_ANSWER;
    };
    const locator = new MasterLocator(world.book, ask, world.clock, new SeededRng(1));
    const stop = locator.whenFound(() => undefined);
    await world.clock.advance(1_000);
    stop();
    locator.lost('a:1', refusal('NOT_MASTER', 'no longer', { [METADATA.master]: 'new:1' }));
    locator.whenFound((address) => world.found.push(address));
    await world.clock.advance(3_000);
    expect(world.found).toEqual(['new:1']);
  });

  it('asks nobody while nobody waits', async () => {
    const world = new World();
    const stop = world.search();
    await world.clock.advance(100);
    stop();
    const before = world.asked.length;
    await world.clock.advance(10_000);
    expect(world.asked.length).toBe(before);
    expect(world.clock.timers).toBe(0);
  });

  it('asks first whom the lost master names', async () => {
    const world = new World();
    world.everybodySays('a:1');
    world.search();
    await world.clock.advance(2_000);
    world.everybodySays('b:1');
    world.asked.length = 0;
    world.locator.lost('a:1', refusal('NOT_MASTER', 'not the master', { [METADATA.master]: 'b:1' }));
    world.search();
    expect(world.asked[0]!.address).toBe('b:1');
    await world.clock.settle();
    expect(world.found).toEqual(['a:1', 'b:1']);
  });

  it('pauses before it returns to a master that is lost as soon as it is found', async () => {
    const world = new World();
    world.everybodySays('a:1');
    let lost = 0;
    const again = (address: string): void => {
      lost++;
      world.locator.lost(address, GONE);
      world.locator.whenFound(again);
    };
    world.locator.whenFound(again);
    await world.clock.advance(10_000);
    expect(lost).toBeGreaterThan(5);
    expect(lost).toBeLessThan(60);
  });

  it('finds another master for those who doubt theirs, and only then gives it up', async () => {
    const world = new World();
    world.everybodySays('a:1');
    world.search();
    await world.clock.settle();
    expect(await world.locator.findAnother('a:1')).toBe(false);
    expect(world.locator.master).toBe('a:1');
    world.everybodySays('c:1');
    expect(await world.locator.findAnother('a:1')).toBe(true);
    expect(world.locator.master).toBe('c:1');
  });

  it('looks a name up again while the search goes on', async () => {
    const world = new World(true);
    world.hosts = new Error('queryA ESERVFAIL cell');
    world.search();
    await world.clock.advance(1_000);
    expect(world.locator.obstacle()).toContain('ESERVFAIL');
    world.hosts = ['10.0.0.7'];
    world.answers.set('10.0.0.7:1', { master: '10.0.0.7:1', replicas: [] });
    await world.clock.advance(5_000);
    expect(world.found).toEqual(['10.0.0.7:1']);
  });

  it('goes on in rounds while a name has no address for long, and while looking it up takes long', async () => {
    const world = new World(true);
    let lookUps = 0;
    let answer: (hosts: string[]) => void = () => undefined;
    world.resolve = () => {
      return ++lookUps < 20
        ? Promise.reject(new Error('queryA ENOTFOUND cell'))
        : new Promise((resolve) => (answer = resolve));
    };
    // A loop of promises alone would never let the test end.
    let looks = 0;
    const look = world.clock.monotonicMs.bind(world.clock);
    world.clock.monotonicMs = () => {
      if (++looks > 100_000) throw new Error('it goes round without a pause');
      return look();
    };
    world.search();
    await world.clock.advance(60_000);
    expect(lookUps).toBe(20);
    answer(['10.0.0.7']);
    world.answers.set('10.0.0.7:1', { master: '10.0.0.7:1', replicas: [] });
    await world.clock.advance(1_000);
    expect(world.found).toEqual(['10.0.0.7:1']);
  });

  it('learns of replicas that it was not told of', async () => {
    const world = new World(true);
    world.hosts = ['10.0.0.7'];
    world.answers.set('10.0.0.7:1', { master: 'b:1', replicas: ADDRESSES });
    world.answers.set('b:1', { master: 'b:1', replicas: ADDRESSES });
    world.search();
    await world.clock.settle();
    expect(world.found).toEqual(['b:1']);
    expect(world.book.addresses).toEqual(['10.0.0.7:1', ...ADDRESSES]);
  });

  it('says of each replica what became of the question', async () => {
    const world = new World();
    world.answers.set('a:1', { master: undefined, replicas: [] });
    world.search();
    await world.clock.advance(2_000);
    expect(world.locator.obstacle()).toContain('a:1: knows of no master');
    expect(world.locator.obstacle()).toContain('b:1: connection refused');
  });
});

import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { OpenRequest } from '../wire/types.js';
import { Asker, SessionLost } from './asker.js';
import { ClientSession, responseOf } from './client-session.js';
import { contentsOf, valueOf } from './contents.js';
import type { LockJudge } from './lock-judge.js';
import type { Presence } from './presence.js';
import type { Registers } from './registers.js';
import type { SimClock } from '../testing/sim-process.js';
import type { SituationCounts } from './situations.js';
import { check } from './violation.js';
import type { Wire } from './wire.js';

export interface SimClientOptions {
  readonly name: string;
  /** Those who have files of their own; others only look. */
  readonly writers: readonly string[];
  readonly replicas: readonly ReplicaId[];
  readonly wire: Wire;
  readonly clock: SimClock;
  readonly rng: Rng;
  readonly registers: Registers;
  readonly presence: Presence;
  readonly lock: LockJudge;
  readonly situations: SituationCounts;
  readonly maxClockDrift: number;
  /** Of this client's sessions. */
  readonly leaseMs: number;
  /** How large its files may become. */
  readonly fileBytes: number;
}

/** What a client has as long as its session lives. */
interface Standing {
  readonly session: ClientSession;
  readonly fileHandle: Buffer;
  readonly lockHandle: Buffer;
  readonly lockDelayMs: number;
  /** Of this client's file, with every write acknowledged so far. */
  generation: number;
}

const LOCK = '/ls/local/lock';
/** Whoever caches under a longer lease, and is cut off, holds up writers for most of a run. */
const LONGEST_CACHING_LEASE_MS = 2_000;
/** How many writes one operation has in flight at the most. */
const MAX_BURST = 4;
const LOCK_DELAYS_MS = [0, 500, 2000];
const OPEN = { context: null, read: true, write: true, changeAcl: false, kind: 'NODE_KIND_FILE' } as const;
const NOT_BELOW_A_HANDLE = { directory: Buffer.alloc(0), sequential: false } as const;
const NO_EVENTS = { events: [], recursive: false } satisfies Partial<OpenRequest>;
const PERMANENT = {
  ...NOT_BELOW_A_HANDLE,
  ...NO_EVENTS,
  ephemeral: false,
  initialContents: contentsOf(0, 0),
  lockDelayMs: 0,
} as const;

export const fileOf = (client: string): string => `/ls/local/file-${client}`;
/** As the cell itself calls the file. */
const nameInCell = (file: string): string => file.replace('/ls/local/', '/ls/sim/');
const switchOf = (client: string): string => `/ls/local/switch-${client}`;

/**
 * A client that writes its own file, creates and deletes another, looks at those of the others, and takes turns at one
 * lock. It asks until it has an answer; so every answer of the cell can be judged.
 */
export class SimClient {
  readonly #options: SimClientOptions;
  readonly #asker: Asker;
  #standing: Standing | undefined;
  #value = 0;
  /** Of its file that comes and goes: how often it came or went. */
  #state = 0;
  #done = 0;
  #stopping = false;

  constructor(options: SimClientOptions) {
    this.#options = options;
    this.#asker = new Asker(options);
  }

  /** Operations that ended well. */
  get done(): number {
    return this.#done;
  }

  /** Starts nothing new. */
  stop(): void {
    this.#stopping = true;
  }

  async run(): Promise<void> {
    while (!this.#stopping) {
      try {
        this.#standing ??= await this.#begin();
        await this.#operate(this.#standing);
        this.#done++;
        await this.#asker.pause(below(this.#options.rng, 30));
      } catch (error) {
        if (!(error instanceof SessionLost)) throw error;
        this.#standing = undefined;
      }
    }
  }

  #operate(standing: Standing): Promise<void> {
    const { writers, name, rng } = this.#options;
    const kind = rng.next();
    if (!writers.includes(name)) {
      if (kind < 0.4) return this.#readCached(standing.session);
      return kind < 0.6 ? this.#read() : this.#look(standing.session);
    }
    if (kind < 0.35) return this.#write(standing);
    if (kind < 0.5) return this.#read();
    if (kind < 0.65) return this.#readCached(standing.session);
    if (kind < 0.78) return this.#switch(standing.session);
    if (kind < 0.85) return this.#look(standing.session);
    return kind < 0.99 ? this.#lock(standing) : this.#leave(standing);
  }

  // --- its sessions ---

  async #begin(): Promise<Standing> {
    const { rng, name, leaseMs, fileBytes } = this.#options;
    const session = await ClientSession.create(
      { ...this.#options, asker: this.#asker },
      Buffer.from(rng.bytes(16)),
      leaseMs,
      leaseMs <= LONGEST_CACHING_LEASE_MS,
    );
    const open = { ...OPEN, ...PERMANENT, create: 'CREATE_MODE_MAY' } as const;
    const mine = await session.get('open', { ...open, name: fileOf(name) });
    const lockDelayMs = LOCK_DELAYS_MS[below(rng, LOCK_DELAYS_MS.length)]!;
    const lock = await session.get('open', { ...open, name: LOCK, lockDelayMs });
    const held = await session.get('getContentsAndStat', { context: null, handle: mine.handle, target: 'handle' });
    const value = valueOf(held.contents, fileBytes);
    // The outcome of an earlier session's last write was unknown; from here on it is known.
    check(value === this.#value || value === this.#value - 1, () => `${name} wrote ${this.#value} and finds ${value}`);
    this.#value = value;
    await this.#findState(session);
    const generation = held.stat?.contentGeneration ?? 0;
    return { session, fileHandle: mine.handle, lockHandle: lock.handle, lockDelayMs, generation };
  }

  /** Likewise of the last creation or deletion. */
  async #findState(session: ClientSession): Promise<void> {
    const there = await this.#isThere(session, switchOf(this.#options.name));
    if (there !== (this.#state % 2 === 1)) this.#state--;
    this.#options.presence.acknowledged(switchOf(this.#options.name), this.#state);
  }

  async #leave({ session }: Standing): Promise<void> {
    this.#options.lock.givenUp(this.#options.name);
    this.#standing = undefined;
    await session.close();
  }

  // --- its file ---

  /**
   * Several writes of one value at once: in whatever order they come to be executed, the file's generation counts each
   * of them once. Being in flight together, the later ones are computed on the earlier ones.
   */
  async #write(standing: Standing): Promise<void> {
    const { registers, name, rng, fileBytes } = this.#options;
    const { session } = standing;
    const file = fileOf(name);
    const value = ++this.#value;
    registers.attempt(file, value);
    const target = { context: null, handle: standing.fileHandle, target: 'handle' } as const;
    const request = { ...target, contents: contentsOf(value, fileBytes), create: false } as const;
    const acknowledged = session.lastNumber;
    const count = 1 + below(rng, MAX_BURST);
    const write = () => Array.from({ length: count }, () => session.get('setContents', request, acknowledged));
    let writes: ReturnType<typeof write>;
    let readBehind: Promise<void> | undefined;
    if (rng.next() < 0.5) {
      writes = write();
    } else {
      [writes, readBehind] = this.#asker.inOneMessage(() => [
        write(),
        this.#readOwn(session, standing.fileHandle, value, acknowledged),
      ]);
    }
    const answers = await Promise.allSettled([...writes, readBehind]);
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
    registers.acknowledged(file, value);
    const generations = (await Promise.all(writes)).map(({ stat }) => stat?.contentGeneration);
    const expected = generations.map((_, index) => standing.generation + 1 + index);
    standing.generation += count;
    check(
      generations.sort((a, b) => Number(a) - Number(b)).join() === expected.join(),
      () => `exactly once: the writes of ${file} made generations ${generations.join()}, not ${expected.join()}`,
    );
  }

  /** Behind writes of the same message: it must not overtake them. (DESIGN 3.7) */
  async #readOwn(session: ClientSession, handle: Buffer, value: number, acknowledged: number): Promise<void> {
    const request = { context: null, handle, target: 'handle' } as const;
    const { reply, atOnce } = await session.ask('getContentsAndStat', request, acknowledged);
    const found = valueOf(responseOf(reply, 'a read behind writes').contents, this.#options.fileBytes);
    check(!atOnce || found === value, () => `a read overtook its own writes: ${found} instead of ${value}`);
  }

  async #read(): Promise<void> {
    const { rng, writers, registers, fileBytes } = this.#options;
    const file = fileOf(writers[below(rng, writers.length)]!);
    const floor = registers.floor(file);
    const { reply } = await this.#asker.ask({
      name: 'getContentsAndStat',
      request: { context: null, name: file, target: 'name' },
      credential: undefined,
      number: 0,
      acknowledged: 0,
      timeLimitMs: 0,
    });
    if ('failure' in reply) {
      check(reply.failure.reason === 'NOT_FOUND', () => `reading ${file}: ${reply.failure.reason}`);
      check(floor === 0, () => `${file} is gone, it held ${floor}`);
      return;
    }
    registers.read(file, valueOf(reply.response.contents, fileBytes), floor);
  }

  /** From its cache, where it has the file and its lease runs: no older than what anybody was told or read before. */
  async #readCached(session: ClientSession): Promise<void> {
    const { rng, writers, registers, fileBytes, situations } = this.#options;
    const file = fileOf(writers[below(rng, writers.length)]!);
    const floor = registers.floor(file);
    const cached = session.cache.get(nameInCell(file));
    if (cached !== undefined) {
      situations.count('cachedRead');
      return registers.read(file, valueOf(cached, fileBytes), floor);
    }
    const { reply } = await session.ask('getContentsAndStat', { context: null, name: file, target: 'name' });
    if ('failure' in reply && reply.failure.reason === 'NOT_FOUND') return;
    const { contents, cacheNumber } = responseOf(reply, 'a read');
    registers.read(file, valueOf(contents, fileBytes), floor);
    if (cacheNumber !== undefined) session.cache.keep(nameInCell(file), contents, cacheNumber);
  }

  // --- its file that comes and goes ---

  async #switch(session: ClientSession): Promise<void> {
    const { presence, name } = this.#options;
    const file = switchOf(name);
    const state = ++this.#state;
    presence.attempt(file, state);
    if (state % 2 === 1) await session.get('open', { ...OPEN, ...PERMANENT, name: file, create: 'CREATE_MODE_MUST' });
    else await session.get('delete', { context: null, name: file, target: 'name' });
    presence.acknowledged(file, state);
  }

  /** An Open that changes nothing: its answer may rest on what is not applied yet, and must wait for it. */
  async #look(session: ClientSession): Promise<void> {
    const { rng, writers, presence } = this.#options;
    const file = switchOf(writers[below(rng, writers.length)]!);
    const floor = presence.floor(file);
    presence.looked(file, await this.#isThere(session, file), floor);
  }

  async #isThere(session: ClientSession, file: string): Promise<boolean> {
    const { reply } = await session.ask('open', { ...OPEN, ...PERMANENT, name: file, create: 'CREATE_MODE_NEVER' });
    if ('failure' in reply && reply.failure.reason === 'NOT_FOUND') return false;
    const { handle } = responseOf(reply, 'a look');
    await session.get('close', { context: null, handle });
    return true;
  }

  // --- the lock ---

  async #lock({ session, lockHandle: handle, lockDelayMs }: Standing): Promise<void> {
    const { lock, name, rng, maxClockDrift } = this.#options;
    const request = { context: null, handle, mode: 'LOCK_MODE_EXCLUSIVE' } as const;
    const { granted, lockGeneration } =
      rng.next() < 0.5
        ? await session.get('tryAcquire', request)
        : await session.get('acquire', { ...request, waitMs: 1 + below(rng, 500) });
    if (!granted) return;
    // The lock-delay follows the lease, measured by another clock.
    const heldBackMs = lockDelayMs * (1 - maxClockDrift);
    if (session.leaseRuns) lock.granted(name, lockGeneration, () => session.leaseRanWithin(heldBackMs));
    await this.#asker.pause(below(rng, rng.next() < 0.2 ? 1000 : 50));
    lock.givenUp(name);
    await session.get('release', { context: null, handle });
  }
}

import { toHex } from '../common/bytes.js';
import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { CallTypes } from '../wire/calls.js';
import type { Call, CallName, CallOf, Reply } from '../service/call.js';
import type { Failure, KeepAliveRequest, KeepAliveResponse, SessionCredential } from '../wire/types.js';
import type { LockJudge } from './lock-judge.js';
import type { Registers } from './registers.js';
import type { SimClock, SimProcess } from './sim-process.js';
import type { SituationCounts } from './situations.js';
import { check } from './violation.js';

/** How a client reaches a replica: through the simulated network, which may lose either way. */
export interface Wire {
  call(to: ReplicaId, call: Call, respond: (reply: Reply) => void): void;
  keepAlive(to: ReplicaId, request: KeepAliveRequest, respond: (reply: Reply<KeepAliveResponse>) => void): void;
}

export interface SimClientOptions {
  readonly name: string;
  readonly peers: readonly string[];
  readonly replicas: readonly ReplicaId[];
  readonly wire: Wire;
  readonly process: SimProcess;
  readonly clock: SimClock;
  readonly rng: Rng;
  readonly registers: Registers;
  readonly lock: LockJudge;
  readonly situations: SituationCounts;
  readonly maxClockDrift: number;
}

/** The session is over: what was under way has an unknown outcome, and the client begins anew. */
class SessionLost extends Error {}

interface Session {
  readonly credential: SessionCredential;
  readonly writeHandle: Buffer;
  readonly lockHandle: Buffer;
  /** By this client's clock, counted from the sending of what was answered. */
  leaseUntilMs: number;
  lastNumber: number;
  /** Of this client's file, with every write acknowledged so far. */
  generation: number;
}

const TIMEOUT_MS = 400;
const LOCK = '/ls/local/lock';
/** How many writes one operation has in flight at the most. */
const MAX_BURST = 4;

export const fileOf = (client: string): string => `/ls/local/file-${client}`;

/**
 * A client that writes its own file, reads the others', and takes turns at one lock. It asks again, with the same
 * request number, until it has an answer; so every answer of the cell can be judged.
 */
export class SimClient {
  readonly #options: SimClientOptions;
  #target: ReplicaId;
  #session: Session | undefined;
  #value = 0;
  #acknowledged = 0;
  #keepAliveNumber = 0;
  #stopping = false;

  constructor(options: SimClientOptions) {
    this.#options = options;
    this.#target = options.replicas[0]!;
  }

  /** Operations that ended well. */
  get done(): number {
    return this.#acknowledged;
  }

  /** Starts nothing new. */
  stop(): void {
    this.#stopping = true;
  }

  async run(): Promise<void> {
    while (!this.#stopping) {
      try {
        this.#session ??= await this.#begin();
        await this.#operate(this.#session);
        this.#acknowledged++;
        await this.#pause(below(this.#options.rng, 30));
      } catch (error) {
        if (!(error instanceof SessionLost)) throw error;
        this.#options.lock.givenUp(this.#options.name);
        this.#session = undefined;
      }
    }
  }

  #operate(session: Session): Promise<void> {
    const kind = this.#options.rng.next();
    if (kind < 0.5) return this.#write(session);
    return kind < 0.85 ? this.#read() : this.#lock(session);
  }

  // --- what it does ---

  async #begin(): Promise<Session> {
    const { rng, clock, name } = this.#options;
    const nonce = Buffer.from(rng.bytes(16));
    const sentAtMs = clock.monotonicMs();
    const created = await this.#ask('createSession', { nonce, cachesNothing: true, leaseMs: 0 }, undefined, 0);
    const credential = created.session;
    check(credential !== null, 'a created session has a credential');
    const open = {
      read: true,
      write: true,
      changeAcl: false,
      create: 'CREATE_MODE_MAY',
      kind: 'NODE_KIND_FILE',
    } as const;
    const rest = { ephemeral: false, initialContents: Buffer.from('0'), lockDelayMs: 0, context: null };
    const mine = await this.#ask('open', { ...open, ...rest, name: fileOf(name) }, credential, 1);
    const lock = await this.#ask('open', { ...open, ...rest, name: LOCK }, credential, 2);
    const held = await this.#ask(
      'getContentsAndStat',
      { context: null, handle: mine.handle, target: 'handle' },
      credential,
      3,
    );
    const value = Number(held.contents.toString());
    // The outcome of an earlier session's last write was unknown; from here on it is known.
    check(value === this.#value || value === this.#value - 1, () => `${name} wrote ${this.#value} and finds ${value}`);
    this.#value = value;
    const session: Session = {
      credential,
      writeHandle: mine.handle,
      lockHandle: lock.handle,
      leaseUntilMs: sentAtMs + created.leaseMs * (1 - this.#options.maxClockDrift),
      lastNumber: 3,
      generation: held.stat?.contentGeneration ?? 0,
    };
    this.#keepAlive(session);
    return session;
  }

  /**
   * Several writes of one value at once: in whatever order they come to be executed, the file's generation counts each
   * of them once. Being in flight together, the later ones are computed on the earlier ones.
   */
  async #write(session: Session): Promise<void> {
    const { registers, name, rng } = this.#options;
    const file = fileOf(name);
    const value = ++this.#value;
    registers.attempt(file, value);
    const contents = Buffer.from(`${value}`);
    const request = { context: null, handle: session.writeHandle, target: 'handle', contents, create: false } as const;
    const acknowledged = session.lastNumber;
    const writes = Array.from({ length: 1 + below(rng, MAX_BURST) }, () => {
      const number = ++session.lastNumber;
      return this.#ask('setContents', request, session.credential, number, acknowledged);
    });
    const answers = await Promise.allSettled(writes);
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
    registers.acknowledged(file, value);
    const generations = answers.map((answer) => answer.status === 'fulfilled' && answer.value.stat?.contentGeneration);
    const expected = generations.map((_, index) => session.generation + 1 + index);
    session.generation += writes.length;
    check(
      generations.sort((a, b) => Number(a) - Number(b)).join() === expected.join(),
      () => `exactly once: the writes of ${file} made generations ${generations.join()}, not ${expected.join()}`,
    );
  }

  async #read(): Promise<void> {
    const { rng, peers, registers } = this.#options;
    const file = fileOf(peers[below(rng, peers.length)]!);
    const floor = registers.floor(file);
    const reply = await this.#attempt(
      'getContentsAndStat',
      { context: null, name: file, target: 'name' },
      undefined,
      0,
      0,
    );
    if ('failure' in reply) {
      check(reply.failure.reason === 'NOT_FOUND', () => `reading ${file}: ${reply.failure.reason}`);
      check(floor === 0, () => `${file} is gone, it held ${floor}`);
      return;
    }
    registers.read(file, Number(reply.response.contents.toString()), floor);
  }

  async #lock(session: Session): Promise<void> {
    const { lock, name, rng } = this.#options;
    const handle = session.lockHandle;
    const request = { context: null, handle, mode: 'LOCK_MODE_EXCLUSIVE' } as const;
    const { granted, lockGeneration } = await this.#number(session, 'tryAcquire', request);
    if (!granted) return;
    if (this.#leaseRuns(session)) lock.granted(name, lockGeneration, () => this.#leaseRuns(session));
    await this.#pause(below(rng, 50));
    lock.givenUp(name);
    await this.#number(session, 'release', { context: null, handle });
  }

  // --- how it asks ---

  #number<Name extends CallName>(session: Session, name: Name, request: CallTypes[Name]['request']) {
    session.lastNumber++;
    return this.#ask(name, request, session.credential, session.lastNumber);
  }

  async #ask<Name extends CallName>(
    name: Name,
    request: CallTypes[Name]['request'],
    credential: SessionCredential | undefined,
    number: number,
    acknowledged = Math.max(0, number - 1),
  ): Promise<CallTypes[Name]['response']> {
    const reply = await this.#attempt(name, request, credential, number, acknowledged);
    if ('response' in reply) return reply.response;
    throw new Error(`${this.#options.name}: ${name} was refused: ${reply.failure.reason} ${reply.failure.message}`);
  }

  /** Asks until there is an answer that is not about who answers. */
  async #attempt<Name extends CallName>(
    name: Name,
    request: CallTypes[Name]['request'],
    credential: SessionCredential | undefined,
    number: number,
    acknowledged: number,
  ): Promise<Reply<CallTypes[Name]['response']>> {
    const call: CallOf<Name> = { name, request, credential, number, acknowledged, timeLimitMs: 0 };
    const asked = new Set<ReplicaId>();
    for (;;) {
      const target = this.#target;
      const reply = await this.#once(target, call);
      if (reply !== undefined && ('response' in reply || !this.#turnTo(reply.failure))) {
        if (number > 0 && asked.size > 0 && !asked.has(target)) this.#options.situations.count('retryAcrossMasters');
        return reply;
      }
      if (reply === undefined || ('failure' in reply && reply.failure.reason === 'UNKNOWN_OUTCOME')) asked.add(target);
      if (reply === undefined) this.#turnAway();
      await this.#pause(5 + below(this.#options.rng, 20));
    }
  }

  /** Whether the failure says no more than that somebody else, or the same one again, has to be asked. */
  #turnTo(failure: Failure): boolean {
    switch (failure.reason) {
      case 'NOT_MASTER': {
        const address = failure.metadata['chubby-master'];
        const master = this.#options.replicas.find((id) => `replica-${id}` === address);
        if (master === undefined || master === this.#target) this.#turnAway();
        else this.#target = master;
        return true;
      }
      case 'UNKNOWN_OUTCOME':
        return true;
      case 'SESSION_EXPIRED':
      case 'UNKNOWN_SESSION':
        throw new SessionLost();
      default:
        return false;
    }
  }

  #turnAway(): void {
    const { replicas, rng } = this.#options;
    this.#target = replicas[below(rng, replicas.length)]!;
  }

  /** One answer, or nothing when none came in time. */
  #once<Name extends CallName>(
    target: ReplicaId,
    call: CallOf<Name>,
  ): Promise<Reply<CallTypes[Name]['response']> | undefined> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(TIMEOUT_MS, () => resolve(undefined));
      // A call and its reply belong together by name; the union of all calls no longer says so.
      this.#options.wire.call(target, call as CallOf<CallName> as Call, (reply) => {
        timer.cancel();
        resolve(reply as Reply<CallTypes[Name]['response']>);
      });
    });
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(delayMs, resolve);
    });
  }

  // --- its session ---

  #leaseRuns(session: Session): boolean {
    return this.#options.clock.monotonicMs() < session.leaseUntilMs;
  }

  /** Keeps asking while the session is this client's; the master holds each question until the lease is nearly over. */
  #keepAlive(session: Session): void {
    const { wire, clock, maxClockDrift } = this.#options;
    if (this.#session !== undefined && this.#session !== session) return;
    const sentAtMs = clock.monotonicMs();
    let open = true;
    const again = (delayMs: number): void => {
      open = false;
      clock.after(delayMs, () => {
        if (this.#session === session) this.#keepAlive(session);
      });
    };
    const timer = clock.after(9_000, () => {
      if (open) again(0);
    });
    this.#keepAliveNumber++;
    const request = { session: session.credential, number: this.#keepAliveNumber, acknowledgedReply: 0 };
    wire.keepAlive(this.#target, request, (reply) => {
      if (!open) return;
      timer.cancel();
      if ('response' in reply && !reply.response.failure) {
        check(
          toHex(reply.response.sessionId) === toHex(session.credential.id),
          'a KeepAlive is answered for the session that asked',
        );
        session.leaseUntilMs = sentAtMs + reply.response.leaseMs * (1 - maxClockDrift);
      }
      again('response' in reply ? 1 : 50);
    });
  }
}

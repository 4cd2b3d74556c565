import { Client } from '../client/client.js';
import type { ClientPorts } from '../client/client.js';
import type { ClientOptions } from '../client/options.js';
import { below, SeededRng } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import { ClientMachine } from './client-machine.js';
import { EventLoop } from './event-loop.js';
import { PromptScheduler } from './prompt-scheduler.js';
import { TestReplica } from './test-replica.js';

export interface TestCellOptions {
  /** How many replicas; 5 unless given. With 1 time passes fastest, and there is no fail-over but by {@link TestCell.restart}. */
  readonly replicas?: 1 | 3 | 5 | 7;
  /** Of all that is random; 1 unless given. The same seed and the same calls give the same run. */
  readonly seed?: number;
}

export interface TestClientOptions extends Omit<ClientOptions, 'cell'> {
  /** Who the client is to the cell's access lists; `anybody` unless given. */
  readonly principal?: string;
}

/** How long a cell may take until it has a master, in virtual time: far more than an election does. */
const ELECTION_MS = 60_000;
const UNTIL_MS = 120_000;

/**
 * A whole cell in this process, on virtual time, without sockets or disk: to test in milliseconds what a program does
 * when its session is in jeopardy or expires, when its lock is lost, when the master fails.
 *
 * The replicas and the clients are the real ones; storage, network and clocks are not. Messages and writes to disk take
 * no time, so what needs no time happens by itself: `await client.open(...)` resolves without help as long as there is
 * a master. Everything that waits for a clock (leases, lock-delays, elections, retries, time limits) waits for
 * {@link advance}. The same seed and the same calls give the same run.
 *
 * ```js
 * const cell = await TestCell.start();
 * const client = cell.client();
 * await client.withLock('/ls/local/job', async (lock) => {
 *   await cell.cut(client);
 *   await cell.advance(12_000);
 *   console.log(lock.signal.aborted); // true
 * }).catch((error) => console.log(error.reason)); // LOCK_LOST
 * await cell.stop();
 * ```
 *
 * It is called `test`: `/ls/test/job` and `/ls/local/job` are the same node, and sequencers name it by the first.
 */
export class TestCell implements AsyncDisposable {
  readonly #rng: Rng;
  readonly #scheduler = new PromptScheduler();
  readonly #loop = new EventLoop();
  readonly #replicas: readonly TestReplica[];
  readonly #machines = new Map<Client | ClientPorts, ClientMachine>();
  #stopped = false;

  /** A cell whose master serves. */
  static async start(options: TestCellOptions = {}): Promise<TestCell> {
    const cell = new TestCell(options);
    for (const replica of cell.#replicas) replica.start();
    await cell.#untilServed();
    return cell;
  }

  private constructor({ replicas = 5, seed = 1 }: TestCellOptions) {
    this.#rng = new SeededRng(seed);
    const addresses = Array.from({ length: replicas }, (_, index) => ({
      id: index + 1,
      address: `replica-${index + 1}:7100`,
    }));
    this.#replicas = addresses.map(
      ({ id }) =>
        new TestReplica({
          id: id as ReplicaId,
          addresses,
          scheduler: this.#scheduler,
          rng: this.#rng,
          deliver: (frame) => this.#replicas[frame.to.replicaId - 1]?.receive(frame),
        }),
    );
  }

  /** Virtual milliseconds since the cell was made. */
  get nowMs(): number {
    return this.#scheduler.nowMs;
  }

  /** The id of the replica that serves, if one does; ids count from 1. */
  get master(): number | undefined {
    return this.#replicas.find(({ serves }) => serves)?.id;
  }

  // --- clients ---

  /**
   * A client of its own, as on a machine of its own. {@link stop} closes it.
   *
   * @throws ChubbyError BAD_ARGUMENT for an option that makes no sense
   */
  client(options: TestClientOptions = {}): Client {
    const { principal, ...rest } = options;
    const machine = this.#machine(principal);
    const client = new Client(machine.ports, { ...rest, cell: this.addresses.join(',') });
    this.#machines.set(client, machine);
    return client;
  }

  /**
   * What a client stands on, for those who talk to the cell below the library: they hand it in for the client below.
   *
   * @param principal who it is to the cell's access lists
   */
  ports(principal?: string): ClientPorts {
    const machine = this.#machine(principal);
    this.#machines.set(machine.ports, machine);
    return machine.ports;
  }

  /** Of the replicas, by their ids. */
  get addresses(): readonly string[] {
    return this.#replicas[0]!.addresses.map(({ address }) => address);
  }

  /** Stops the client's process, as SIGSTOP does: nothing reaches it, its timers do not run, and its clocks go on. */
  async pause(client: Client | ClientPorts): Promise<void> {
    this.#machineOf(client).process.pause();
    await this.settle();
  }

  /** Sends the client's machine to sleep: as {@link pause}, but its monotonic clock stands still, and others tell later. */
  async suspend(client: Client | ClientPorts): Promise<void> {
    this.#machineOf(client).process.suspend();
    await this.settle();
  }

  /** The client's process goes on, with all that happened to it meanwhile. */
  async resume(client: Client | ClientPorts): Promise<void> {
    const { process } = this.#machineOf(client);
    process.wake();
    process.resume();
    await this.settle();
  }

  /**
   * Cuts the client off from the cell: nothing passes either way. After seconds its connections break; after its lease
   * it is in jeopardy, and after the grace period its session has expired.
   */
  async cut(client: Client | ClientPorts): Promise<void> {
    this.#machineOf(client).line.cut();
    await this.settle();
  }

  /** The end of {@link cut}. */
  async heal(client: Client | ClientPorts): Promise<void> {
    this.#machineOf(client).line.heal();
    await this.settle();
  }

  // --- replicas ---

  /**
   * Ends the master at once, as SIGKILL does. There is no other until time passes.
   *
   * @returns its id
   * @throws Error when there is no master
   */
  async killMaster(): Promise<number> {
    const { master } = this;
    if (master === undefined) throw new Error('the cell has no master');
    await this.kill(master);
    return master;
  }

  /** Ends a replica at once, as SIGKILL does; its disk keeps what it wrote. @throws RangeError */
  async kill(id: number): Promise<void> {
    this.#replica(id).kill();
    await this.settle();
  }

  /** Starts a replica on the disk that its last life left, after ending it if it runs. @throws RangeError */
  async restart(id: number): Promise<void> {
    const replica = this.#replica(id);
    replica.kill();
    replica.start();
    await this.settle();
  }

  /**
   * Ends the master, lets time pass until another one serves, and starts the old one again. Clients that had lost the old
   * one need up to a second to find it: let time pass, or wait for their calls by {@link until}.
   *
   * @returns the new master's id
   * @throws Error when there is no master, or when there are too few replicas for another
   */
  async failOver(): Promise<number> {
    const old = await this.killMaster();
    if (this.#replicas.length === 1) await this.restart(old);
    const master = await this.#untilServed();
    await this.restart(old);
    return master;
  }

  // --- time ---

  /**
   * Lets time pass, with all that happens meanwhile.
   *
   * @throws Error when a client never pauses, as {@link settle}
   */
  async advance(ms: number): Promise<void> {
    await this.settle();
    const untilMs = this.nowMs + ms;
    while (this.#scheduler.runNextMoment(untilMs)) await this.#loop.turn();
  }

  /**
   * Lets time pass until the promise is settled.
   *
   * @param withinMs of virtual time
   * @returns what it resolved with; rejects as it did
   * @throws Error when it is not settled by then, or when a client never pauses, as {@link settle}
   */
  async until<T>(promise: Promise<T>, withinMs = UNTIL_MS): Promise<T> {
    let settled = false;
    const end = (): void => {
      settled = true;
    };
    promise.then(end, end);
    await this.settle();
    const untilMs = this.nowMs + withinMs;
    while (!settled && this.#scheduler.runNextMoment(untilMs)) await this.#loop.turn();
    if (!settled) throw new Error(`not within ${withinMs} ms`);
    return promise;
  }

  /**
   * Resolves when all has happened that needs no time.
   *
   * @throws Error when that has no end: a client makes one call after the other, and waits for nothing between them. One
   *   that is answered from its cache alone is told by the call itself.
   */
  settle(): Promise<void> {
    return this.#loop.turn();
  }

  /** Closes the clients and ends the cell. Idempotent. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const { process, line } of this.#machines.values()) {
      line.heal();
      process.wake();
      process.resume();
    }
    const clients = [...this.#machines.keys()].filter((client) => client instanceof Client);
    await this.until(Promise.all(clients.map((client) => client.close())));
    for (const { process } of this.#machines.values()) process.kill();
    for (const replica of this.#replicas) replica.kill();
    this.#loop.close();
  }

  /** {@link stop}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #untilServed(): Promise<number> {
    const untilMs = this.nowMs + ELECTION_MS;
    do {
      await this.settle();
      const { master } = this;
      if (master !== undefined) return master;
    } while (this.#scheduler.runNextMoment(untilMs));
    throw new Error('too few replicas run for a master to be elected');
  }

  #machine(principal = 'anybody'): ClientMachine {
    return new ClientMachine({
      scheduler: this.#scheduler,
      loop: this.#loop,
      seed: below(this.#rng, 2 ** 32),
      principal,
      replicaAt: (address) => this.#replicas.find(({ id }) => this.addresses[id - 1] === address),
    });
  }

  #machineOf(client: Client | ClientPorts): ClientMachine {
    const machine = this.#machines.get(client);
    if (machine === undefined) throw new Error('the client is not of this cell');
    return machine;
  }

  /** @throws RangeError */
  #replica(id: number): TestReplica {
    const found = this.#replicas.find((replica) => replica.id === id);
    if (found === undefined) throw new RangeError(`this cell has no replica ${id}`);
    return found;
  }
}

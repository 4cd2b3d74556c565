import { randomBytes } from 'node:crypto';
import type { Channel } from '../../../src/client/channel.js';
import type { Explanation } from '../../../src/client/admin.js';
import type { Client } from '../../../src/client/client.js';
import { ChubbyError } from '../../../src/client/chubby-error.js';
import type { TestCell, TestClientOptions } from '../../../src/testing/index.js';
import type { Backend, MastersEnd } from './backend.js';
import { answerOf, RawSession } from './raw-session.js';

export interface RawSessionOptions {
  /** The cell's default unless given. */
  readonly leaseMs?: number;
  /** False unless given. */
  readonly cachesNothing?: boolean;
}

const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 10;
const TIME_LIMIT_MS = 5_000;

/** What a case has: a directory of its own in a running cell, and clients that end with it. */
export class Scene {
  readonly #clients: Client[] = [];
  readonly #channels: Channel[] = [];
  readonly #rawSessions: RawSession[] = [];
  #reign: string;

  private constructor(
    readonly backend: Backend,
    /** One for all cases, which no case judges: it looks. */
    private readonly witness: Client,
    /** The case's own directory, which exists: `/ls/local/...`. */
    readonly directory: string,
    reign: string,
  ) {
    this.#reign = reign;
  }

  static async begin(backend: Backend, witness: Client, name: string): Promise<Scene> {
    const scene = new Scene(backend, witness, `/ls/local/${name}`, await backend.reign());
    await backend.until(witness.mkdir(scene.directory));
    return scene;
  }

  /** A name below the case's directory. */
  path(name: string): string {
    return `${this.directory}/${name}`;
  }

  /** As {@link path}, as the cell calls itself. */
  wholeName(name: string): string {
    return this.path(name).replace('/ls/local/', '/ls/test/');
  }

  client(options: TestClientOptions = {}): Client {
    const client = this.backend.client(options);
    this.#clients.push(client);
    return client;
  }

  /** @throws Error where the cell is not in this process: then the case is `inProcessOnly` */
  get cell(): TestCell {
    if (this.backend.inProcess === undefined) throw new Error('the cell is not in this process');
    return this.backend.inProcess;
  }

  // --- below the library ---

  channelTo(address: string): Channel {
    const channel = this.backend.channelTo(address);
    this.#channels.push(channel);
    return channel;
  }

  /** A way to the master, over a connection of its own. */
  async channel(): Promise<Channel> {
    let master = '';
    await this.eventually('a master is known', async () => {
      master = await this.#askForMaster();
      return master !== '';
    });
    return this.channelTo(master);
  }

  /** A session that nobody keeps alive. */
  async rawSession({ leaseMs = 0, cachesNothing = false }: RawSessionOptions = {}): Promise<RawSession> {
    let channel = await this.channel();
    const request = { nonce: randomBytes(16), cachesNothing, leaseMs };
    let outcome = await channel.call('createSession', request, TIME_LIMIT_MS);
    // A busy machine may change the master of a cell at any time.
    while ('failure' in outcome && outcome.failure.reason === 'NOT_MASTER') {
      channel = await this.channel();
      outcome = await channel.call('createSession', request, TIME_LIMIT_MS);
    }
    const { session, leaseMs: granted } = answerOf(outcome);
    if (session === null) throw new Error('createSession was answered without the session');
    const made = new RawSession(channel, session, granted);
    this.#rawSessions.push(made);
    return made;
  }

  // --- time ---

  pass(ms: number): Promise<void> {
    return this.backend.pass(ms);
  }

  until<Result>(promise: Promise<Result>, withinMs?: number): Promise<Result> {
    return this.backend.until(promise, withinMs);
  }

  settle(): Promise<void> {
    return this.backend.settle();
  }

  /** @throws Error naming it when it does not hold in time */
  async eventually(what: string, holds: () => boolean | Promise<boolean>, withinMs = PATIENCE_MS): Promise<void> {
    for (let waitedMs = 0; !(await this.until(Promise.resolve(holds()))); waitedMs += LOOK_EVERY_MS) {
      if (waitedMs > withinMs) throw new Error(`not after ${withinMs} ms: ${what}`);
      await this.pass(LOOK_EVERY_MS);
    }
  }

  /** Whether the promise is settled when all is done that is under way. */
  async isSettled(promise: Promise<unknown>): Promise<boolean> {
    let settled = false;
    const end = (): void => void (settled = true);
    promise.then(end, end);
    await this.settle();
    return settled;
  }

  /** What an operator is told of the node's lock. */
  explain(name: string): Promise<Explanation> {
    return this.until(this.witness.admin.explain(name));
  }

  /** Ends the session as if its lease had run out. */
  async expire(sessionId: string): Promise<void> {
    await this.until(this.witness.admin.endSession(sessionId));
  }

  /** Resolves when so many wait for the node's lock. */
  async waiters(name: string, count: number): Promise<void> {
    await this.eventually(
      `${count} wait for ${name}`,
      async () => (await this.explain(name)).lock.waiterCount === count,
    );
  }

  /** @param how with real processes a master that hands over is followed sooner */
  async failOver(how: MastersEnd = 'handing over'): Promise<void> {
    await this.backend.failOver(how);
    this.#reign = await this.backend.reign();
  }

  /** Whether the cell changed its master though nobody asked it to: then raw sessions were refused for good reasons. */
  async isSpoiled(): Promise<boolean> {
    return (await this.backend.reign()) !== this.#reign;
  }

  async end(): Promise<void> {
    // Nobody shall have to wait for what they cache until their leases are over.
    if (this.#rawSessions.length > 0) {
      const channel = await this.channel();
      for (const { credential } of this.#rawSessions) {
        await this.until(channel.call('closeSession', { session: credential }, TIME_LIMIT_MS));
      }
    }
    for (const channel of this.#channels) channel.close();
    await this.until(Promise.all(this.#clients.map((client) => client.close())));
  }

  async #askForMaster(): Promise<string> {
    for (const address of this.backend.addresses) {
      const outcome = await this.until(
        this.channelTo(address).call('getMaster', { waitMs: 0, otherThan: '' }, TIME_LIMIT_MS),
      );
      if ('response' in outcome && outcome.response.master?.address) return outcome.response.master.address;
    }
    return '';
  }
}

/** Why the call is refused; `none` when it is not. Whatever is no refusal is thrown. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    if (error instanceof ChubbyError) return error.reason;
    throw error;
  }
}

import { toHex } from '../common/bytes.js';
import type { CallName, CallOf } from '../service/call.js';
import type { CallTypes } from '../wire/calls.js';
import type { SessionCredential } from '../wire/types.js';
import { SessionLost } from './asker.js';
import type { Answer, Asker } from './asker.js';
import { ClientCache } from './client-cache.js';
import type { SimClock } from '../testing/sim-process.js';
import type { SituationCounts } from './situations.js';
import { check } from './violation.js';
import type { Wire } from './wire.js';

export interface ClientSessionOptions {
  readonly asker: Asker;
  readonly wire: Wire;
  readonly clock: SimClock;
  readonly situations: SituationCounts;
  readonly maxClockDrift: number;
}

/** After which part of a lease without an answer a KeepAlive is sent again; the master answers after 0.6 of it. */
const ASK_AGAIN_AFTER = 0.75;

/** A client's session: its requests are numbered, and its lease is counted by the client's own clock. */
export class ClientSession {
  readonly #options: ClientSessionOptions;
  readonly #credential: SessionCredential;
  readonly #leaseMs: number;
  /** In boot time: a lease does not stand still while the machine sleeps. */
  #leaseUntilMs: number;
  #lastNumber = 0;
  #keepAliveNumber = 0;
  /** The last reply that the client has handled. */
  #handledReply = 0;
  readonly #cache: ClientCache;
  #over = false;

  private constructor(options: ClientSessionOptions, credential: SessionCredential, sentAtMs: number, leaseMs: number) {
    this.#options = options;
    this.#credential = credential;
    this.#leaseMs = leaseMs;
    this.#cache = new ClientCache(options.situations);
    this.#leaseUntilMs = this.#endOf(sentAtMs, leaseMs);
  }

  /**
   * @param nonce by which the cell knows a repeated request
   * @param caches whether the client may keep what it reads
   */
  static async create(
    options: ClientSessionOptions,
    nonce: Buffer,
    leaseMs: number,
    caches: boolean,
  ): Promise<ClientSession> {
    const sentAtMs = options.clock.bootMs();
    const { reply } = await options.asker.ask({
      name: 'createSession',
      request: { nonce, cachesNothing: !caches, leaseMs },
      credential: undefined,
      number: 0,
      acknowledged: 0,
      timeLimitMs: 0,
    });
    const created = responseOf(reply, 'createSession');
    check(created.session !== null, 'a created session has a credential');
    const session = new ClientSession(options, created.session, sentAtMs, created.leaseMs);
    session.#keepAlive();
    return session;
  }

  /** Whether the client may rely on its session by its own clock. */
  get leaseRuns(): boolean {
    return this.leaseRanWithin(0);
  }

  /** Whether the lease runs, or ran less than so many milliseconds ago. */
  leaseRanWithin(ms: number): boolean {
    return this.#options.clock.bootMs() < this.#leaseUntilMs + ms;
  }

  /** The cache, as long as the lease runs at this very moment. */
  get cache(): ClientCache {
    if (!this.leaseRuns || this.#over) this.#cache.clear();
    return this.#cache;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /**
   * One request, answered.
   *
   * @param acknowledged up to which number answers came; all below this request, unless said otherwise
   */
  async ask<Name extends CallName>(
    name: Name,
    request: CallTypes[Name]['request'],
    acknowledged = this.#lastNumber,
  ): Promise<Answer<CallTypes[Name]['response']>> {
    const number = ++this.#lastNumber;
    // What is asked is the call of that name; the compiler does not follow a name that stands for many.
    const call = { name, request, credential: this.#credential, number, acknowledged, timeLimitMs: 0 } as CallOf<Name>;
    try {
      return await this.#options.asker.ask(call);
    } catch (error) {
      if (error instanceof SessionLost) this.#lost();
      throw error;
    }
  }

  /** As {@link ask}, of what the cell has no reason to refuse. */
  async get<Name extends CallName>(
    name: Name,
    request: CallTypes[Name]['request'],
    acknowledged?: number,
  ): Promise<CallTypes[Name]['response']> {
    const { reply } = await this.ask(name, request, acknowledged);
    return responseOf<CallTypes[Name]['response']>(reply, name);
  }

  async close(): Promise<void> {
    this.#over = true;
    await this.get('closeSession', { session: null });
  }

  /** S6: a session lives as long as its client counts on it. */
  #lost(): void {
    if (this.#over) return;
    this.#over = true;
    check(!this.leaseRuns, () => 'a session is over while its lease runs by its own client');
    this.#options.situations.count('sessionExpired');
  }

  #endOf(sentAtMs: number, leaseMs: number): number {
    return sentAtMs + leaseMs * (1 - this.#options.maxClockDrift);
  }

  /** Keeps asking while the session lives; the master holds each question until the lease is nearly over. */
  #keepAlive(): void {
    if (this.#over) return;
    const { asker, wire, clock } = this.#options;
    const sentAtMs = clock.bootMs();
    let open = true;
    const again = (delayMs: number): void => {
      open = false;
      clock.after(delayMs, () => this.#keepAlive());
    };
    const timer = clock.after(this.#leaseMs * ASK_AGAIN_AFTER, () => {
      if (open) again(0);
    });
    const request = {
      session: this.#credential,
      number: ++this.#keepAliveNumber,
      acknowledgedReply: this.#handledReply,
    };
    wire.keepAlive(asker.target, request, (reply) => {
      if (!open) return;
      timer.cancel();
      if ('failure' in reply) return again(50);
      const { sessionId, leaseMs, failure, replyNumber, events } = reply.response;
      check(toHex(sessionId) === toHex(this.#credential.id), 'a KeepAlive is answered for the session that asked');
      if (failure) return this.#lost();
      this.cache.handle(events);
      this.#handledReply = Math.max(this.#handledReply, replyNumber);
      this.#leaseUntilMs = Math.max(this.#leaseUntilMs, this.#endOf(sentAtMs, leaseMs));
      again(1);
    });
  }
}

export function responseOf<Response>(
  reply: { readonly response: Response } | { readonly failure: { readonly reason: string; readonly message: string } },
  name: string,
): Response {
  if ('response' in reply) return reply.response;
  throw new Error(`${name} was refused: ${reply.failure.reason} ${reply.failure.message}`);
}

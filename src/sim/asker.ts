import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { Call, CallName, CallOf, Reply } from '../service/call.js';
import type { CallTypes } from '../wire/calls.js';
import type { Failure } from '../wire/types.js';
import type { SimClock } from '../testing/sim-process.js';
import type { SituationCounts } from './situations.js';
import type { AskedCall, Wire } from './wire.js';

export interface AskerOptions {
  readonly replicas: readonly ReplicaId[];
  readonly wire: Wire;
  readonly clock: SimClock;
  readonly rng: Rng;
  readonly situations: SituationCounts;
}

/** The cell says that the session is over: what was under way has an unknown outcome. */
export class SessionLost extends Error {}

/** What one call was answered. */
export interface Answer<Response> {
  readonly reply: Reply<Response>;
  /** Whether its very first asking was answered. */
  readonly atOnce: boolean;
}

const TIMEOUT_MS = 400;

/** Asks until there is an answer, of whoever may be master, and under the same request number. */
export class Asker {
  readonly #options: AskerOptions;
  #target: ReplicaId;
  /** The message that is being put together. */
  #message: AskedCall[] | undefined;

  constructor(options: AskerOptions) {
    this.#options = options;
    this.#target = options.replicas[0]!;
  }

  /** Who is master as far as this client knows. */
  get target(): ReplicaId {
    return this.#target;
  }

  /** Whatever `asks` asks at once goes in one message, in that order. */
  inOneMessage<Result>(asks: () => Result): Result {
    const message: AskedCall[] = [];
    this.#message = message;
    const result = asks();
    this.#message = undefined;
    this.#options.wire.call(this.#target, message);
    return result;
  }

  /**
   * Asks until there is an answer that is not about who answers.
   *
   * @throws SessionLost
   */
  async ask<Name extends CallName>(call: CallOf<Name>): Promise<Answer<CallTypes[Name]['response']>> {
    const asked = new Set<ReplicaId>();
    for (let attempt = 1; ; attempt++) {
      const target = this.#target;
      const reply = await this.#once(target, call);
      if (reply !== undefined && ('response' in reply || !this.#turnTo(reply.failure))) {
        if (call.number > 0 && asked.size > 0 && !asked.has(target)) {
          this.#options.situations.count('retryAcrossMasters');
        }
        return { reply, atOnce: attempt === 1 };
      }
      if (reply === undefined || ('failure' in reply && reply.failure.reason === 'UNKNOWN_OUTCOME')) asked.add(target);
      if (reply === undefined) this.#turnAway();
      await this.pause(5 + below(this.#options.rng, 20));
    }
  }

  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(delayMs, resolve);
    });
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
      const asked: AskedCall = {
        // A call and its reply belong together by name; the union of all calls no longer says so.
        call: call as CallOf<CallName> as Call,
        respond: (reply) => {
          timer.cancel();
          resolve(reply as Reply<CallTypes[Name]['response']>);
        },
      };
      if (this.#message === undefined) this.#options.wire.call(target, [asked]);
      else this.#message.push(asked);
    });
  }
}

import type { CallTypes } from '../../../src/wire/calls.js';
import type { Invalidation } from '../../../src/wire/types.js';
import { byName, failureOf, responseOf } from './test-cell.js';
import type { TestCell, TestSession } from './test-cell.js';

/** A session that may cache, and acknowledges when a test says so. */
export class Cacher {
  readonly session: TestSession;
  #held: ReturnType<TestSession['keepAlive']>;
  #lastReply = 0;

  constructor(session: TestSession) {
    this.session = session;
    this.#held = session.keepAlive();
  }

  static of(cell: TestCell, nonceByte: number, leaseMs = 0): Cacher {
    return new Cacher(cell.session(nonceByte, { cachesNothing: false, leaseMs }));
  }

  /** Reads a file. @returns the answer, with its number if it may be cached */
  read(name: string): CallTypes['getContentsAndStat']['response'] {
    return this.session.do('getContentsAndStat', byName(name));
  }

  list(name: string): CallTypes['readDir']['response'] {
    return this.session.do('readDir', byName(name));
  }

  /** Finds that there is no such node. @returns the number under which that may be cached */
  misses(name: string): string | undefined {
    return failureOf(this.session.ask('getStat', byName(name))).metadata['cache-number'];
  }

  /** What the KeepAlive that was answered brought; nothing while it is held. */
  get invalidations(): Invalidation[] | undefined {
    if (this.#held.reply === undefined) return undefined;
    return responseOf(this.#held).events.flatMap((event) =>
      event.event === 'invalidation' ? [event.invalidation!] : [],
    );
  }

  /** The lease that it was promised with the last answer. */
  get leaseMs(): number {
    return responseOf(this.#held).leaseMs;
  }

  /** Of the answer that it was given last. */
  get replyNumber(): number {
    return responseOf(this.#held).replyNumber;
  }

  get isAlive(): boolean {
    return this.session.cell.cellHas(this.session);
  }

  /** Handles the answer, and acknowledges it with the next KeepAlive. */
  acknowledge(): void {
    this.#lastReply = responseOf(this.#held).replyNumber;
    this.#held = this.session.keepAlive(this.#lastReply);
    if (this.session.cell.automatic) this.session.cell.log.run();
  }

  /** Sends the next KeepAlive as if it had not seen the answer. */
  ignore(): void {
    this.#held = this.session.keepAlive(this.#lastReply);
  }

  /** Handles and acknowledges until nothing is left to tell. */
  catchUp(): void {
    while (this.#held.reply !== undefined) this.acknowledge();
  }

  /** Goes on with another master. */
  moveTo(cell: TestCell): void {
    this.session.cell = cell;
    this.#held = this.session.keepAlive(this.#lastReply);
  }
}

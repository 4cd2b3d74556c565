import type { Clock, Timer } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import { METADATA } from '../wire/errors.js';
import type { Failure, GetMasterRequest } from '../wire/types.js';
import type { AddressBook } from './address-book.js';

/** What a replica said when it was asked for the master; `failure` when it did not answer. */
export type MasterAnswer =
  | {
      readonly master: string | undefined;
      readonly replicas: readonly string[];
      readonly spreadMs?: number | undefined;
    }
  | { readonly failure: string };

/** Asks the replica at an address; answers within a time beside that for which it may be held, and never rejects. */
export type AskForMaster = (address: string, request: GetMasterRequest, timeLimitMs: number) => Promise<MasterAnswer>;

/** The question what a replica knows now. */
export const AT_ONCE: GetMasterRequest = { waitMs: 0, otherThan: '' };

/**
 * The pause before one more replica is asked, doubled at most by jitter, so that the clients of a fail-over do not ask in
 * step. One that does not answer is followed by the next at once; one that knows of no master holds the question until it
 * does. So few are needed, and thousands of clients do not keep the cell from the very election that they wait for.
 */
const PAUSE_MIN_MS = 200;
const PAUSE_GROWTH = 2;
const PAUSE_MAX_MS = 500;
/** How long a replica that knows of no master may hold the question. */
const HELD_MS = 1_000;
/**
 * How long to wait for an answer; doubled with each that did not come. Who gives up and asks another, although all are
 * merely slow, makes them slower.
 */
const PATIENCE_MIN_MS = 1_000;
const PATIENCE_MAX_MS = 16_000;
/** Questions open at the same time: each may cost a connection, and a replica that does not answer may just be slow. */
const QUESTIONS_MAX = 2;
/** No client takes longer than this to go to a master that it knows: sessions must not run out over it. */
const SPREAD_MAX_MS = 10_000;
/** All who lose a master lose it at the same time. That they ask over this time costs nobody: an election takes longer. */
const FIRST_QUESTION_MAX_MS = 300;
/** A name is looked up again when an election would be over. */
const LOOK_UP_AFTER_MS = 3_000;
/** A master lost sooner than this after it was found counts as not found. */
const SETTLED_MS = 1_000;
/** The pause after such a loss, doubled with each that follows. */
const FLAP_MS = 40;
/** So many hints in a row are followed without a pause: replicas may send a client round in circles. */
const HINTS_BELIEVED = 2;

/**
 * Finds the replica that is master. It counts as found only when it says so itself: after a fail-over the others still
 * name the dead one for a while. Searches while somebody waits for the answer, and not otherwise.
 */
export class MasterLocator {
  readonly #waiters = new Set<(address: string) => void>();
  /** Asked and not yet answered, in this round or an earlier one. */
  readonly #asked = new Set<string>();
  /** What became of the last question to each address. */
  readonly #findings = new Map<string, string>();
  #master: string | undefined;
  #foundAtMs = -Infinity;
  /** Whom to ask first: whoever was named as the next master, else the one that was lost. */
  #first: string | undefined;
  /** The master that was lost last: to hear of it again from others is no news. */
  #lost: string | undefined;
  /** Over how long the clients of the cell are to spread when they go to another master, as heard last. */
  #spreadMs = 0;
  /** The master that this client may go to now, others having gone before it. */
  #turnFor: string | undefined;
  #searchingSinceMs: number | undefined;
  #pauseMs = PAUSE_MIN_MS;
  #patienceMs = PATIENCE_MIN_MS;
  /** Masters in a row that were lost as soon as they were found. */
  #flaps = 0;
  #timer: Timer | undefined;
  /** Of the present round: who may still be asked. */
  #untried: string[] = [];

  constructor(
    private readonly book: AddressBook,
    private readonly ask: AskForMaster,
    private readonly clock: Clock,
    private readonly rng: Rng,
  ) {}

  /** The replica believed to be master. */
  get master(): string | undefined {
    return this.#master;
  }

  /**
   * Calls back once, as soon as the master is known; at once when it is.
   *
   * @returns stops waiting
   */
  whenFound(found: (address: string) => void): () => void {
    if (this.#master !== undefined) {
      found(this.#master);
      return () => undefined;
    }
    this.#waiters.add(found);
    this.#search();
    return () => {
      this.#waiters.delete(found);
      if (this.#waiters.size === 0) this.#stop();
    };
  }

  /** The replica is not master, or does not answer; it may have said who is. */
  lost(address: string, { message, metadata }: Failure): void {
    const hint = metadata[METADATA.master];
    if (hint !== undefined && hint !== address) this.#first = hint;
    this.#findings.set(address, message);
    if (this.#master !== address) return;
    this.#master = this.#turnFor = undefined;
    this.#lost = address;
    this.#first ??= address;
    this.#flaps = this.clock.monotonicMs() - this.#foundAtMs < SETTLED_MS ? this.#flaps + 1 : 0;
    if (this.#waiters.size > 0) this.#search();
  }

  /**
   * Asks another replica than `doubted` whether there is another master by now.
   *
   * @returns whether there is; then it is the one believed in
   */
  async findAnother(doubted: string): Promise<boolean> {
    const witness = this.book.shuffled().find((address) => address !== doubted);
    if (witness === undefined) return false;
    const answer = await this.ask(witness, AT_ONCE, PATIENCE_MIN_MS);
    const named = 'failure' in answer ? undefined : answer.master;
    if (named !== undefined && named !== doubted) {
      const own = await this.ask(named, AT_ONCE, PATIENCE_MIN_MS);
      if (this.#master === doubted && !('failure' in own) && own.master === named) this.#found(named);
    }
    return this.#master !== undefined && this.#master !== doubted;
  }

  /** Why no master is known, for the person who waits; empty when one is. */
  obstacle(): string {
    if (this.#master !== undefined) return '';
    const addresses = this.book.addresses;
    if (addresses.length === 0) return this.book.lookUpFailure ?? 'the cell has no address yet';
    return addresses.map((address) => `${address}: ${this.#findings.get(address) ?? 'not asked yet'}`).join('; ');
  }

  /** Forgets who waits. */
  close(): void {
    this.#waiters.clear();
    this.#stop();
  }

  #search(): void {
    if (this.#searchingSinceMs !== undefined) return;
    this.#searchingSinceMs = this.clock.monotonicMs();
    this.#forgetStrangers();
    this.#pauseMs = PAUSE_MIN_MS;
    this.#patienceMs = PATIENCE_MIN_MS;
    void this.#lookUp();
    const hint = this.#first === this.#lost ? undefined : this.#first;
    if (this.#flaps > (hint === undefined ? 0 : HINTS_BELIEVED)) this.#pause(FLAP_MS * PAUSE_GROWTH ** this.#flaps);
    else if (hint !== undefined) this.#takeTurn(hint);
    else this.#roundWithin(Math.min(this.#spreadMs, FIRST_QUESTION_MAX_MS));
  }

  #forgetStrangers(): void {
    const known = new Set(this.book.addresses);
    for (const address of this.#findings.keys()) if (!known.has(address)) this.#findings.delete(address);
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#searchingSinceMs = undefined;
    this.#untried = [];
  }

  #pause(aboutMs: number): void {
    this.#roundAfter(Math.min(aboutMs, PAUSE_MAX_MS) * (1 + this.rng.next()));
  }

  #roundWithin(maxMs: number): void {
    if (maxMs === 0) this.#round();
    else this.#roundAfter(maxMs * this.rng.next());
  }

  #roundAfter(waitMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.clock.after(waitMs, () => this.#round());
  }

  #round(): void {
    if (this.clock.monotonicMs() - (this.#searchingSinceMs ?? 0) >= LOOK_UP_AFTER_MS) void this.#lookUp();
    this.#pause(this.#pauseMs);
    this.#pauseMs *= PAUSE_GROWTH;
    // With no question to spare nobody is passed over: the next is asked as soon as one is answered or given up.
    if (!this.#isBusy) this.#untried = this.book.shuffled();
    if (this.#first !== undefined) this.#untried.unshift(this.#first);
    this.#first = undefined;
    this.#questionNext();
  }

  async #lookUp(): Promise<void> {
    const nobodyKnown = this.book.addresses.length === 0;
    await this.book.lookUp();
    // As long as there is nobody to ask the rounds go on by the timer: each may look up again, and begin no other.
    const isNews = nobodyKnown && this.book.addresses.length > 0;
    if (isNews && this.#searchingSinceMs !== undefined) this.#round();
  }

  #questionNext(): void {
    while (!this.#isBusy) {
      const address = this.#untried.shift();
      if (address === undefined || this.#question(address)) return;
    }
  }

  get #isBusy(): boolean {
    return this.#asked.size >= QUESTIONS_MAX;
  }

  /** Whether the question was put: not while it is open, nor while too many are. */
  #question(address: string): boolean {
    if (this.#asked.has(address) || this.#isBusy) return false;
    this.#asked.add(address);
    // The one that was lost may be master still, and only the connection have broken: it says so itself, at once.
    const request = address === this.#lost ? AT_ONCE : { waitMs: HELD_MS, otherThan: this.#lost ?? '' };
    const askedAtMs = this.clock.monotonicMs();
    const patienceMs = this.#patienceMs;
    void this.ask(address, request, patienceMs).then((answer) => {
      const isLate = this.clock.monotonicMs() - askedAtMs >= patienceMs + request.waitMs;
      if (isLate) this.#patienceMs = Math.min(2 * patienceMs, PATIENCE_MAX_MS);
      this.#answered(address, answer);
    });
    return true;
  }

  #answered(address: string, answer: MasterAnswer): void {
    this.#asked.delete(address);
    // The others come first, whatever it said.
    this.#untried = this.#untried.filter((other) => other !== address);
    if ('failure' in answer) {
      this.#findings.set(address, answer.failure);
      // Others may be well: they are asked at once, not after the pause.
      if (this.#searchingSinceMs !== undefined) this.#questionNext();
      return;
    }
    const { master, replicas, spreadMs } = answer;
    this.#spreadMs = spreadMs ?? this.#spreadMs;
    this.#findings.set(address, master === undefined ? 'knows of no master' : `says ${master} is master`);
    this.book.learn(replicas);
    if (this.#searchingSinceMs === undefined) return;
    if (master === undefined) this.#questionNext();
    else if (!this.#mayGoTo(master)) this.#takeTurn(master);
    else if (master === address) this.#found(address);
    else this.#question(master);
  }

  /** All who lost a master at the same time hear of the next one at the same time: they take turns. */
  #mayGoTo(master: string): boolean {
    if (this.#lost === undefined || master === this.#lost || this.#spreadMs === 0) return true;
    return master === this.#turnFor && master !== this.#first;
  }

  #takeTurn(master: string): void {
    if (this.#first === master && this.#turnFor === master) return;
    this.#untried = [];
    this.#first = this.#turnFor = master;
    this.#roundWithin(Math.min(this.#spreadMs, SPREAD_MAX_MS));
  }

  #found(address: string): void {
    this.#stop();
    this.#master = address;
    this.#foundAtMs = this.clock.monotonicMs();
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const found of waiters) found(address);
  }
}

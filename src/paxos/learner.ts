import type { AcceptedRecord } from './accepted-record.js';
import type { Acceptor } from './acceptor.js';
import { assert } from '../common/assert.js';
import { compareBallots, nextSlot, sameBallot } from './ballot.js';
import type { Ballot, Identity, Slot } from './ballot.js';
import type { DeliveredValue, Outbox } from './effects.js';
import type { EpochJudge } from './epoch-judge.js';
import { chosenOnce, deliveredInOrder } from './invariants.js';
import type { CatchUpReply, CatchUpRequest } from './messages.js';
import { decodeValue } from './value.js';

/** How many bytes of chosen values stay in memory for peers that are a little behind; older ones are read from disk. */
const RETAINED_BYTES = 8 * 1024 * 1024;
/** What a record costs beside its value. */
const RECORD_OVERHEAD_BYTES = 256;
/** How many bytes of values one catch-up reply carries, give or take one value. */
export const CATCH_UP_BYTES = 512 * 1024;

const retainedBytes = (record: AcceptedRecord): number => record.value.length + RECORD_OVERHEAD_BYTES;

/**
 * Knows which slots are chosen and delivers them in order, each once, judged; asks a peer for those it misses.
 * (DESIGN 3.3, 3.4)
 */
export class Learner {
  #chosenUpTo: Slot;
  /** Chosen slots above the first one that is not known to be. */
  readonly #chosenAhead = new Set<Slot>();
  /** Those of them that this replica counted itself. */
  readonly #countedAhead = new Set<Slot>();
  #watermark: { readonly ballot: Ballot; readonly upTo: Slot } | undefined;
  #highestKnown: Slot;
  #source: Identity | undefined;
  #askedAtMs = -Infinity;
  #askNotBeforeMs = -Infinity;
  #retainedFrom: Slot;
  #retainedBytes = 0;

  constructor(
    chosenUpTo: Slot,
    private readonly acceptor: Acceptor,
    private readonly judge: EpochJudge,
    private readonly outbox: Outbox,
    private readonly resendMs: () => number,
    private readonly deliver: (value: DeliveredValue) => void,
  ) {
    this.#chosenUpTo = chosenUpTo;
    this.#highestKnown = chosenUpTo;
    this.#retainedFrom = nextSlot(chosenUpTo);
  }

  /** Every slot up to here is chosen, known here, and delivered. */
  get chosenUpTo(): Slot {
    return this.#chosenUpTo;
  }

  /** The highest slot that somebody reported chosen. */
  get highestKnown(): Slot {
    return this.#highestKnown;
  }

  isChosen(slot: Slot): boolean {
    return slot <= this.#chosenUpTo || this.#chosenAhead.has(slot);
  }

  /** The coordinator counted a quorum for its own proposal, which this replica accepted. */
  learnCounted(slot: Slot): void {
    this.#choose(slot);
    this.#countedAhead.add(slot);
    this.#deliver();
  }

  /**
   * The reign is over that counted. What it counted above an open slot it counted in the configuration that it knew; if
   * a change is chosen in the open slot, that was not the configuration of those above. (DESIGN 3.8)
   */
  forgetCounted(): void {
    for (const slot of this.#countedAhead) this.#chosenAhead.delete(slot);
    this.#countedAhead.clear();
  }

  /**
   * A claim's watermark: it makes chosen what this replica accepted at that very ballot, and tells what to fetch.
   *
   * @param source who has the slots
   */
  learnWatermark(ballot: Ballot, upTo: Slot, source: Identity, nowMs: number): void {
    const earlier = this.#watermark;
    const sameReign = earlier !== undefined && sameBallot(earlier.ballot, ballot);
    if (sameReign && upTo <= earlier.upTo) return;
    this.#watermark = { ballot, upTo };
    // It may have overtaken the values that it is about.
    const complete = this.#highestKnown <= this.#chosenUpTo;
    this.aim(upTo, source);
    if (complete) this.#askNotBeforeMs = nowMs + this.resendMs();
    const from = Math.max(this.#chosenUpTo, sameReign ? earlier.upTo : 0) + 1;
    const last = Math.min(upTo, this.acceptor.highestSlot);
    for (let slot = from as Slot; slot <= last; slot = nextSlot(slot)) this.#chooseIfAcceptedAt(slot, ballot);
    this.#deliver();
  }

  /** A record arrived for a slot that an earlier watermark may have covered. */
  learnAccepted(record: AcceptedRecord): void {
    const watermark = this.#watermark;
    if (watermark === undefined || record.slot > watermark.upTo) return;
    this.#chooseIfAcceptedAt(record.slot, watermark.ballot);
    this.#deliver();
  }

  /** `source` has every slot up to `upTo`: whoever said so last and has more than this replica is asked. */
  aim(upTo: Slot, source: Identity): void {
    if (upTo <= this.#chosenUpTo) return;
    if (upTo > this.#highestKnown) this.#highestKnown = upTo;
    this.#source = source;
    this.#askNotBeforeMs = -Infinity;
  }

  /** Chosen records from a peer; those this replica has already are compared with what it knows. */
  learnRecords(reply: CatchUpReply, from: Identity): void {
    // A gap below means an answer to an earlier life; what lies beyond it could be proposed over before it is delivered.
    if (reply.fromSlot > nextSlot(this.#chosenUpTo) || this.outbox.full) return;
    if (reply.chosen.length === 0 && reply.firstSlot > nextSlot(this.#chosenUpTo)) {
      this.outbox.wantSnapshot({ from: from.replicaId, firstSlot: reply.firstSlot });
    }
    for (const record of reply.chosen) {
      const mine = this.acceptor.record(record.slot);
      if (this.isChosen(record.slot)) {
        if (mine !== undefined) chosenOnce(record.slot, mine, record);
        continue;
      }
      if (mine === undefined || compareBallots(mine.ballot, record.ballot) < 0) this.acceptor.store(record);
      else chosenOnce(record.slot, record, mine);
      this.#choose(record.slot);
    }
    this.aim(reply.chosenUpTo, from);
    this.#deliver();
    if (reply.chosen.length > 0) this.#askedAtMs = -Infinity;
  }

  /** A snapshot holds what every slot up to this one did: they are chosen, and applied by it. (DESIGN 3.4) */
  install(slot: Slot): void {
    assert(slot > this.#chosenUpTo, 'a snapshot takes the place of what is missing');
    this.#chosenUpTo = slot;
    for (const ahead of this.#chosenAhead) if (ahead <= slot) this.#chosenAhead.delete(ahead);
    this.acceptor.forgetUpTo(slot);
    this.#retainedFrom = nextSlot(slot);
    this.#retainedBytes = 0;
    if (this.#highestKnown < slot) this.#highestKnown = slot;
    this.outbox.persistChosenUpTo(slot);
    this.#askedAtMs = -Infinity;
    this.#deliver();
  }

  /** Asks for what is missing, unless an answer may be on its way. */
  requestMissing(nowMs: number): void {
    if (this.#highestKnown <= this.#chosenUpTo || this.#source === undefined) return;
    if (nowMs < this.#askNotBeforeMs || nowMs - this.#askedAtMs < this.resendMs() || this.outbox.full) return;
    this.#askedAtMs = nowMs;
    this.outbox.send(this.#source, { type: 'catchUpRequest', fromSlot: nextSlot(this.#chosenUpTo) });
  }

  /** Answers from memory, or leaves the reading to the driver. */
  serve(request: CatchUpRequest, from: Identity): void {
    if (request.fromSlot > this.#chosenUpTo) return;
    if (request.fromSlot < this.#retainedFrom) {
      this.outbox.readLog({ to: from, fromSlot: request.fromSlot });
      return;
    }
    const chosen: AcceptedRecord[] = [];
    let sizeBytes = 0;
    for (let slot = request.fromSlot; slot <= this.#chosenUpTo && sizeBytes < CATCH_UP_BYTES; slot = nextSlot(slot)) {
      const record = this.acceptor.record(slot);
      assert(record !== undefined, () => `chosen slot ${slot} is retained`);
      chosen.push(record);
      sizeBytes += record.value.length;
    }
    this.outbox.send(from, {
      type: 'catchUpReply',
      fromSlot: request.fromSlot,
      chosen,
      chosenUpTo: this.#chosenUpTo,
      firstSlot: this.#retainedFrom,
    });
  }

  /**
   * Tells somebody whom nobody asked that the log goes on here: what it catches up with says whether it is a member
   * still. (DESIGN 3.8)
   */
  tell(to: Identity): void {
    const fromSlot = 1 as Slot;
    const { chosenUpTo } = this;
    this.outbox.send(to, { type: 'catchUpReply', fromSlot, chosen: [], chosenUpTo, firstSlot: fromSlot });
  }

  #chooseIfAcceptedAt(slot: Slot, ballot: Ballot): void {
    const record = this.acceptor.record(slot);
    if (record !== undefined && sameBallot(record.ballot, ballot)) this.#choose(slot);
  }

  #choose(slot: Slot): void {
    if (slot > this.#chosenUpTo) this.#chosenAhead.add(slot);
  }

  #deliver(): void {
    let slot = nextSlot(this.#chosenUpTo);
    if (!this.#chosenAhead.has(slot)) return;
    for (; this.#chosenAhead.delete(slot); slot = nextSlot(slot)) {
      const record = this.acceptor.record(slot);
      assert(record !== undefined, () => `the value of chosen slot ${slot} is known`);
      deliveredInOrder(this.#chosenUpTo, slot);
      this.#countedAhead.delete(slot);
      this.#chosenUpTo = slot;
      const { header, body } = decodeValue(record.value);
      this.#retainedBytes += retainedBytes(record);
      this.deliver({ type: 'delivered', slot, header, body, counts: this.judge.judge(header) });
    }
    if (this.#highestKnown < this.#chosenUpTo) this.#highestKnown = this.#chosenUpTo;
    this.outbox.persistChosenUpTo(this.#chosenUpTo);
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    while (this.#retainedBytes > RETAINED_BYTES && this.#retainedFrom < this.#chosenUpTo) {
      const record = this.acceptor.record(this.#retainedFrom);
      assert(record !== undefined, () => `chosen slot ${this.#retainedFrom} is retained`);
      this.#retainedBytes -= retainedBytes(record);
      this.acceptor.forget(this.#retainedFrom);
      this.#retainedFrom = nextSlot(this.#retainedFrom);
    }
  }
}

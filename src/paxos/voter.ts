import { believesAcceptedChange } from './accepted-change.js';
import type { AcceptedRecord } from './accepted-record.js';
import { compareBallots, sameBallot, sameIdentity } from './ballot.js';
import type { Ballot, Identity, Slot } from './ballot.js';
import { isVoter } from './configuration.js';
import type { Configuration } from './configuration.js';
import { chosenOnce } from './invariants.js';
import type { Accept, Heartbeat, Prepare, PreVote, Promise as PromiseMessage } from './messages.js';
import type { NodeParts } from './node-parts.js';
import { promiseParts } from './promise-parts.js';

/** How far above its chosen watermark a lagging replica still accepts; what lies beyond it fetches once chosen. */
const ACCEPT_AHEAD_SLOTS = 2048;

/** What the slowest link worth a cell carries. */
const SLOW_LINK_BYTES_PER_MS = 10_000;

/** What was answered to a `Prepare`, and what it rests on. */
interface Report {
  readonly ballot: Ballot;
  readonly firstUnchosenSlot: Slot;
  readonly version: number;
  readonly chosenUpTo: Slot;
  readonly parts: readonly PromiseMessage[];
}

/** What a voter starts from. */
export interface VoterOptions {
  /** What is on disk. */
  readonly promised: Ballot;
  /** The longest lease that may be granted: what the identity file says. */
  readonly longestLeaseMs: number;
  /** A ballot of another replica is about to be promised. */
  readonly yieldTo: (ballot: Ballot) => void;
}

const bytesOf = ({ accepted }: PromiseMessage): number => accepted.reduce((sum, { value }) => sum + value.length, 0);

/**
 * Whether a slot may be one of the configuration with this number, by what is chosen up to `chosenUpTo`: the next slot is
 * one of the configuration in force, earlier ones are of that or an earlier one, later ones of that or a later one.
 */
function mayHoldIn(inForce: Configuration, number: number, slot: Slot, chosenUpTo: Slot): boolean {
  if (slot <= chosenUpTo) return number <= inForce.number;
  return slot === chosenUpTo + 1 ? number === inForce.number : number >= inForce.number;
}

/** One replica as acceptor: it answers those who stand and those who reign. (DESIGN 3.1, 3.2, 3.5, 3.6) */
export class Voter {
  readonly #parts: NodeParts;
  readonly #yieldTo: (ballot: Ballot) => void;
  /** Whether the newest master's cell is short of space as a whole. */
  #cellShort = false;
  #durablePromised: Ballot;
  #longestLeaseMs: number;
  #lastReport: Report | undefined;

  constructor(parts: NodeParts, { promised, longestLeaseMs, yieldTo }: VoterOptions) {
    this.#parts = parts;
    this.#durablePromised = promised;
    this.#longestLeaseMs = longestLeaseMs;
    this.#yieldTo = yieldTo;
  }

  /** Whether what this replica misses may be fetched: it takes room as what is accepted does. (DESIGN 3.11) */
  get mayFetch(): boolean {
    const space = this.#parts.space();
    return space === 'ample' || (space === 'short' && this.#cellShort);
  }

  /** The promise is on disk. */
  promiseDurable(ballot: Ballot, nowMs: number): void {
    this.#durablePromised = ballot;
    const { self, election, timings } = this.#parts;
    // The candidate hears of it only now, however long the disk took.
    if (!sameIdentity(ballot, self)) election.postponeAtLeast(nowMs, timings().leaseMs);
  }

  /** The identity file allows grants up to this length now. */
  longestLeaseRaised(leaseMs: number): void {
    this.#longestLeaseMs = Math.max(this.#longestLeaseMs, leaseMs);
  }

  onPreVote(from: Identity, { ballot, configurationNumber }: PreVote, nowMs: number): void {
    const { acceptor, grant, outbox } = this.#parts;
    const listens = this.#listensTo(from, configurationNumber);
    const free = !believesAcceptedChange(this.#parts, configurationNumber);
    const granted = listens && free && !grant.waitsAfterStart(nowMs) && !grant.boundToOther(from, nowMs);
    outbox.send(from, { type: 'preVoteReply', ballot, granted, promised: acceptor.promised });
  }

  onPrepare(from: Identity, { ballot, firstUnchosenSlot, configurationNumber }: Prepare, nowMs: number): void {
    const { acceptor, grant, election, outbox, timings } = this.#parts;
    if (!this.#listensTo(from, configurationNumber) || believesAcceptedChange(this.#parts, configurationNumber)) return;
    if (compareBallots(ballot, acceptor.promised) < 0) return this.#refuse(from, ballot);
    if (grant.waitsAfterStart(nowMs) || grant.boundToOther(from, nowMs)) return;
    this.#yieldTo(ballot);
    acceptor.promise(ballot);
    const report = this.#report(ballot, firstUnchosenSlot);
    // Who promised leaves the candidate a lease's time, and that of reading the report: else slow disks or links let
    // candidates overtake each other for ever.
    const sizeBytes = report.reduce((sum, part) => sum + bytesOf(part), 0);
    election.postpone(nowMs, timings().leaseMs + sizeBytes / SLOW_LINK_BYTES_PER_MS);
    for (const part of report) outbox.sendAfterTurn(from, part);
  }

  onAccept(from: Identity, accept: Accept, nowMs: number): void {
    if (!this.#bind(from, accept, nowMs)) return;
    if (!this.#hasRoomFor(accept)) return this.#answerClaim(from, accept);
    const { acceptor, learner, outbox, bugs, configuration } = this.#parts;
    const { slot, ballot, value, configurationNumber, transmission } = accept;
    if (!mayHoldIn(configuration(), configurationNumber, slot, learner.chosenUpTo)) return;
    const record: AcceptedRecord = { slot, ballot, value };
    if (slot > learner.chosenUpTo + ACCEPT_AHEAD_SLOTS || outbox.full) return;
    if (learner.isChosen(slot)) {
      const mine = acceptor.record(slot);
      // Below the ballot it was chosen at, a late proposal may well carry another value.
      if (mine !== undefined && compareBallots(mine.ballot, ballot) <= 0) chosenOnce(slot, mine, record);
    } else {
      acceptor.accept(record);
      learner.learnAccepted(record);
    }
    if (bugs.acceptedBeforeSync) {
      const answer = { ballot, slots: [slot], configurationNumber, transmission, chosenUpTo: learner.chosenUpTo };
      return outbox.send(from, { type: 'accepted', ...answer });
    }
    outbox.acknowledge(from, ballot, slot, configurationNumber, transmission);
  }

  onHeartbeat(from: Identity, heartbeat: Heartbeat, nowMs: number): void {
    if (!this.#bind(from, heartbeat, nowMs)) return;
    this.#cellShort = heartbeat.usesReserve;
    this.#answerClaim(from, heartbeat);
  }

  /** Whether accepting takes no room, or room that this value may have. */
  #hasRoomFor({ slot, ballot, usesReserve }: Accept): boolean {
    const { acceptor, learner, space } = this.#parts;
    if (usesReserve || space() === 'ample' || learner.isChosen(slot)) return true;
    const held = acceptor.record(slot);
    return held !== undefined && sameBallot(held.ballot, ballot);
  }

  /** Grants the lease that the claim asks for, and speaks of no slot. */
  #answerClaim(from: Identity, { ballot, transmission }: Accept | Heartbeat): void {
    const { learner, outbox, space } = this.#parts;
    const { chosenUpTo } = learner;
    const reply = { type: 'heartbeatReply', ballot, transmission, chosenUpTo, short: space() !== 'ample' } as const;
    // A claim may be the first sign of its ballot: then the answer stands for a promise and waits for the disk.
    if (compareBallots(ballot, this.#durablePromised) > 0) outbox.sendAfterTurn(from, reply);
    else outbox.send(from, reply);
  }

  /**
   * Binds this voter to a claim's sender on receipt, before anything else is done with the message. (DESIGN 3.5;
   * T8)
   *
   * @returns whether the claim may be answered positively
   */
  #bind(from: Identity, claim: Accept | Heartbeat, nowMs: number): boolean {
    const { acceptor, learner, grant, election, outbox } = this.#parts;
    const { ballot, leaseMs } = claim;
    if (!this.#listensTo(from, claim.configurationNumber)) return false;
    const aboveOrAtPromise = compareBallots(ballot, acceptor.promised);
    if (aboveOrAtPromise < 0) {
      this.#refuse(from, ballot);
      return false;
    }
    if (grant.boundToOther(from, nowMs) || grant.wasReleased(from, ballot)) return false;
    if (aboveOrAtPromise > 0 && grant.waitsAfterStart(nowMs)) return false;
    if (leaseMs > this.#longestLeaseMs) {
      outbox.raiseLongestLease(leaseMs);
      return false;
    }
    this.#yieldTo(ballot);
    grant.grant(from, ballot, nowMs, leaseMs);
    election.masterHeard();
    acceptor.promise(ballot);
    learner.learnWatermark(ballot, claim.chosenUpTo, from, nowMs);
    return true;
  }

  /**
   * Whether somebody may ask this voter to bind itself: a voter as far as is known here, or one whom a newer
   * configuration may have made one. Whoever is neither was removed, or does not vote yet; it is told how far the log
   * goes, and finds out.
   *
   * Safety does not rest on this, for votes and promises are counted by identity where they are asked for. It keeps a
   * replica that was removed and does not know it from taking promises away from the master. (DESIGN 3.8)
   */
  #listensTo(from: Identity, configurationNumber: number): boolean {
    const { configuration, learner } = this.#parts;
    if (isVoter(configuration(), from) || configurationNumber > configuration().number) return true;
    learner.tell(from);
    return false;
  }

  /** A repeated question has the same answer, so that parts which were lost can be made up for. */
  #report(ballot: Ballot, firstUnchosenSlot: Slot): readonly PromiseMessage[] {
    const { version } = this.#parts.acceptor;
    const { chosenUpTo } = this.#parts.learner;
    const last = this.#lastReport;
    const same =
      last?.version === version &&
      last.chosenUpTo === chosenUpTo &&
      last.firstUnchosenSlot === firstUnchosenSlot &&
      sameBallot(last.ballot, ballot);
    if (same) return last.parts;
    const parts = promiseParts(this.#parts, ballot, firstUnchosenSlot);
    this.#lastReport = { ballot, firstUnchosenSlot, version, chosenUpTo, parts };
    return parts;
  }

  #refuse(to: Identity, ballot: Ballot): void {
    const { acceptor, outbox } = this.#parts;
    outbox.send(to, { type: 'nack', ballot, promised: acceptor.promised });
  }
}

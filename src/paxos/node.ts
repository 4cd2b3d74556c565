import type { AcceptedRecord } from './accepted-record.js';
import { Acceptor } from './acceptor.js';
import { assert, assertNever } from '../common/assert.js';
import { compareBallots, sameBallot, sameIdentity, showBallot } from './ballot.js';
import type { Ballot, Identity, ReplicaId, Slot } from './ballot.js';
import { Candidacy } from './candidacy.js';
import { decodeConfiguration, isVoter } from './configuration.js';
import type { Configuration } from './configuration.js';
import { Outbox } from './effects.js';
import type { DeliveredValue, Effects, LogRead, TurnEffects } from './effects.js';
import { Election } from './election.js';
import type { EpochJudge, PairInForce } from './epoch-judge.js';
import { oneReplicaAtATime } from './invariants.js';
import { Learner } from './learner.js';
import { LeaseGrant } from './lease-grant.js';
import type { Nack, PaxosMessage, Release } from './messages.js';
import type { NodeParts } from './node-parts.js';
import type { MemberProgress } from './members.js';
import type { MembershipChange } from './membership-change.js';
import type { CoreBugs } from './planted-bugs.js';
import type { Preparation } from './preparation.js';
import { Reign } from './reign.js';
import type { SlowDisk } from './reign.js';
import type { PaceOfDisks } from './pace.js';
import type { Rng } from '../common/rng.js';
import type { Space } from './space.js';
import type { LogTimings } from './timings.js';
import type { Epoch } from './value.js';
import { Voter } from './voter.js';

/** What a node starts from. */
export interface PaxosNodeOptions {
  readonly self: Identity;
  readonly timings: LogTimings;
  readonly rng: Rng;
  readonly nowMs: number;
  /** The longest lease that an earlier life of this process may have granted. */
  readonly longestLeaseMs: number;
  readonly promised: Ballot;
  readonly lastRound: number;
  readonly chosenUpTo: Slot;
  /** What the disk knows above `chosenUpTo`. */
  readonly accepted: readonly AcceptedRecord[];
  /** Who votes in slot `chosenUpTo + 1`. */
  readonly configuration: Configuration;
  /** Has judged every slot up to `chosenUpTo`. */
  readonly judge: EpochJudge;
  readonly bugs?: CoreBugs;
}

export type NodeRole = 'follower' | 'candidate' | 'coordinator' | 'master';

/** What a node shows of itself, to operators and to checkers. */
export interface NodeView {
  readonly role: NodeRole;
  readonly promised: Ballot;
  readonly lastRound: number;
  readonly chosenUpTo: Slot;
  readonly highestKnown: Slot;
  readonly master: ReplicaId | undefined;
  readonly configuration: Configuration;
  /** Values proposed and not yet chosen. */
  readonly inFlight: number;
  /** What a coordinator knows of the other members; nothing elsewhere. */
  readonly members: readonly MemberProgress[];
  /** What the disks take for a value, as a coordinator sees it; absent elsewhere, and where there were few values. */
  readonly pace: PaceOfDisks | undefined;
  /** Why it stands, or stood, for coordinator, for people. */
  readonly stoodBecause: string;
}

interface HandOver {
  readonly atMs: number;
  readonly cause: string;
  /** Left out for the one that knows most. */
  readonly successor?: ReplicaId | undefined;
}

/** How long a replica that was not named successor leaves the successor alone. */
const HEAD_START_MS = 50;

/**
 * The consensus core of one replica: coordinator, acceptor and learner. Synchronous and pure: messages and time go in,
 * effects come out, and whatever rests on the disk comes out as a turn whose messages leave only after
 * {@link turnDurable}. Late, repeated and reordered messages are legal input. (DESIGN 3)
 */
export class PaxosNode {
  readonly #parts: NodeParts;
  readonly #voter: Voter;
  readonly #candidacy: Candidacy;
  readonly #judge: EpochJudge;
  #space: Space = 'ample';
  #shortSinceMs = Infinity;
  #stoodBecause = 'it knew of no master';
  #timings: LogTimings;
  #configuration: Configuration;
  #reign: Reign | undefined;
  #nowMs: number;
  /** Until when what is in flight may still be chosen, and why it all ends. */
  #handOver: HandOver | undefined;
  #reluctantUntilMs = -Infinity;

  constructor(options: PaxosNodeOptions) {
    const { self, rng, nowMs, promised, longestLeaseMs, lastRound, bugs = {} } = options;
    this.#timings = options.timings;
    this.#configuration = options.configuration;
    this.#judge = options.judge;
    this.#nowMs = nowMs;
    const timings = (): LogTimings => this.#timings;
    const outbox = new Outbox();
    const acceptor = new Acceptor(promised, options.accepted, outbox);
    const delivered = (value: DeliveredValue): void => this.#delivered(value);
    const resendMs = (): number => this.#timings.resendMs;
    const learner = new Learner(options.chosenUpTo, acceptor, options.judge, outbox, resendMs, delivered);
    const grant = new LeaseGrant(nowMs + longestLeaseMs, bugs);
    const space = (): Space => this.#space;
    const election = new Election(self, timings, grant, rng, outbox, () => this.#isReluctant);
    const configuration = (): Configuration => this.#configuration;
    this.#parts = { self, rng, bugs, outbox, acceptor, learner, grant, election, timings, configuration, space };
    const yieldTo = (ballot: Ballot): void => this.#yieldTo(ballot);
    this.#voter = new Voter(this.#parts, { promised, longestLeaseMs, yieldTo });
    this.#candidacy = new Candidacy(this.#parts, lastRound, {
      promised: (ballot) => this.#reign?.claimAt(ballot),
      prepared: (preparation) => this.#prepared(preparation),
      gaveUp: () => this.#endReign('no quorum promised the higher ballot it needed'),
    });
  }

  /**
   * Takes a message of a replica of this cell. It may be of one that no configuration known here names: one that joined
   * since, or one that was removed and does not know it. Whoever answers is counted by identity, and only where it votes;
   * whoever asks is judged by the voter. (DESIGN 3.8)
   */
  step(from: Identity, message: PaxosMessage, nowMs: number): void {
    this.#nowMs = nowMs;
    switch (message.type) {
      case 'preVote':
        return this.#voter.onPreVote(from, message, nowMs);
      case 'preVoteReply':
        return this.#candidacy.onPreVoteReply(from, message, this.#free, nowMs);
      case 'prepare':
        return this.#voter.onPrepare(from, message, nowMs);
      case 'promise':
        return this.#candidacy.onPromise(from, message, nowMs);
      case 'accept':
        return this.#voter.onAccept(from, message, nowMs);
      case 'accepted':
        this.#reign?.accepted(from, message, nowMs);
        this.#reign?.advance(nowMs);
        return;
      case 'heartbeat':
        return this.#voter.onHeartbeat(from, message, nowMs);
      case 'heartbeatReply':
        this.#reign?.heartbeatAnswered(from, message, nowMs);
        return;
      case 'nack':
        return this.#onNack(from, message);
      case 'catchUpRequest':
        return this.#parts.learner.serve(message, from);
      case 'catchUpReply':
        // Once it proposes, a coordinator knows the slots below and owns the rest: what a late answer says of those
        // may have been chosen at a higher ballot than the one its watermark names.
        if (!this.#mayFetch || (this.#reign !== undefined && !this.#reign.catchingUp)) return;
        this.#parts.learner.learnRecords(message, from);
        this.#reign?.advance(nowMs);
        return this.#requestMissing(nowMs);
      case 'release':
        return this.#onRelease(from, message);
      default:
        return assertNever(message, 'PaxosNode.step');
    }
  }

  /** Lets time pass; to be called every 20 ms or so. */
  tick(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#tickReign();
    this.#minds(this.master(nowMs));
    if (this.#reign === undefined || this.#candidacy.ballot !== undefined) this.#candidacy.tick(nowMs);
    this.#requestMissing(nowMs);
  }

  /** Whether {@link propose} has room now. */
  get canPropose(): boolean {
    return this.#reign?.canPropose === true;
  }

  /** Proposes the application's next value; only where {@link canPropose}. */
  propose(body: Uint8Array, nowMs: number): Slot {
    assert(this.#reign !== undefined, 'only a master proposes');
    this.#nowMs = nowMs;
    return this.#reign.propose(body, nowMs);
  }

  /** Proposes a checksum request, as {@link propose} does the application's value. (DESIGN 4) */
  proposeChecksum(nowMs: number): Slot {
    assert(this.#reign !== undefined, 'only a master proposes');
    this.#nowMs = nowMs;
    return this.#reign.proposeChecksum(nowMs);
  }

  /**
   * Asks for a change of membership; a `changeEnded` notice tells what came of it. (DESIGN 3.8)
   *
   * @returns why it cannot be, as one sentence with its remedy; nothing when it is on its way
   */
  proposeChange(change: MembershipChange, nowMs: number): string | undefined {
    this.#nowMs = nowMs;
    if (this.#reign === undefined) return 'this replica is not master: ask the one that is';
    return this.#reign.proposeChange(change, nowMs);
  }

  /** The epoch of this replica's reign, if it may answer clients at this moment. (DESIGN 3.5) */
  serving(nowMs: number): Epoch | undefined {
    return this.#reign?.serving(nowMs) === true ? this.#reign.epoch : undefined;
  }

  /** Every slot up to here is chosen and delivered. */
  get chosenUpTo(): Slot {
    return this.#parts.learner.chosenUpTo;
  }

  /** Who votes in the slots that are open now. */
  get configuration(): Configuration {
    return this.#configuration;
  }

  /** The replica that this one is bound to, itself included. */
  master(nowMs: number): ReplicaId | undefined {
    return this.#parts.grant.holder(nowMs)?.replicaId;
  }

  /**
   * Lets what is in flight be chosen, for `patienceMs` at most, then stops serving and releases the voters.
   * {@link reigning} tells when it is done. (DESIGN 3.5)
   *
   * @param cause why, for people
   * @param successor left out for the one that knows most
   */
  handOver(nowMs: number, patienceMs: number, cause: string, successor?: ReplicaId): void {
    this.#nowMs = nowMs;
    if (this.#reign === undefined) return;
    this.#reign.drain();
    this.#handOver = { atMs: nowMs + patienceMs, cause, successor };
    this.#tickReign();
  }

  /** Whether this replica neither reigns nor is bound to one that does. */
  get #free(): boolean {
    return this.#reign === undefined && this.#parts.grant.freeAtMs <= this.#nowMs;
  }

  get reigning(): boolean {
    return this.#reign !== undefined;
  }

  /** How much room this replica's disk has from now on. (DESIGN 3.11) */
  setSpace(space: Space, nowMs: number): void {
    this.#space = space;
    this.#shortSinceMs = space === 'ample' ? Infinity : Math.min(this.#shortSinceMs, nowMs);
  }

  /** Whether this replica is master and should be given nothing but what frees space: a majority is short of it. */
  get cellShort(): boolean {
    return this.#reign?.cellShort === true;
  }

  /**
   * Whether this replica reigns without room on its disk while another one, which has some, could. It waits for what the
   * others say of theirs: several disks may be one, and full at the same moment.
   */
  shouldYieldForSpace(nowMs: number): boolean {
    if (nowMs - this.#shortSinceMs < this.#timings.leaseMs) return false;
    return this.#reign?.serving(nowMs) === true && this.#reign.anotherHasRoom(nowMs);
  }

  /** Whether this replica is master with a disk much slower than the others', and who could take over. */
  slowDisk(nowMs: number): SlowDisk | undefined {
    return this.#reign?.serving(nowMs) === true ? this.#reign.slowDisk(nowMs) : undefined;
  }

  /** Until then this replica leaves it to others for a lease to stand. */
  reluctantUntil(untilMs: number): void {
    this.#reluctantUntilMs = untilMs;
  }

  get #isReluctant(): boolean {
    return this.#space !== 'ample' || this.#nowMs < this.#reluctantUntilMs;
  }

  /** Asks for what is missing, where there is room for it, or a reign to begin that needs it. */
  #requestMissing(nowMs: number): void {
    if (this.#mayFetch) this.#parts.learner.requestMissing(nowMs);
  }

  get #mayFetch(): boolean {
    return this.#voter.mayFetch || this.#reign?.catchingUp === true;
  }

  /** The machine was suspended: its lease may be over by everybody else's clock. */
  clockJumped(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#endReign('the machine was suspended or its clock jumped');
  }

  /** The records asked for by a {@link LogRead}; none where this replica's log begins above them, at `firstSlot`. */
  logRecords(read: LogRead, chosen: readonly AcceptedRecord[], firstSlot: Slot): void {
    this.#parts.outbox.send(read.to, {
      type: 'catchUpReply',
      fromSlot: read.fromSlot,
      chosen,
      chosenUpTo: this.#parts.learner.chosenUpTo,
      firstSlot,
    });
  }

  /**
   * The state after `slot` was taken over from a snapshot, durably: every slot up to it is chosen. Promise and accepted
   * records above it stay. (DESIGN 3.4, 4)
   *
   * @param configuration who votes in the slot after it
   * @param pair what is in force there
   */
  snapshotInstalled(slot: Slot, configuration: Configuration, pair: PairInForce, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#judge.install(pair);
    this.#configure(configuration);
    this.#parts.learner.install(slot);
    this.#reign?.advance(nowMs);
    this.#requestMissing(nowMs);
  }

  /** The identity file allows grants up to this length now. */
  longestLeaseRaised(leaseMs: number): void {
    this.#voter.longestLeaseRaised(leaseMs);
  }

  /** What the cell runs by from now on; a reign ends by the timings that it began with. */
  retime(timings: LogTimings): void {
    this.#timings = timings;
  }

  get hasTurn(): boolean {
    return this.#parts.outbox.hasTurn;
  }

  get hasEffects(): boolean {
    return this.#parts.outbox.hasEffects;
  }

  takeEffects(): Effects {
    return this.#parts.outbox.takeEffects();
  }

  /** What to write next, in one piece. The one before must be durable. */
  takeTurn(): TurnEffects {
    return this.#parts.outbox.takeTurn(this.#parts.learner.chosenUpTo);
  }

  /** The turn is on disk: own votes and the own promise count, and its messages may leave. */
  turnDurable(turn: TurnEffects, nowMs: number): void {
    this.#nowMs = nowMs;
    if (turn.promised !== undefined) {
      this.#voter.promiseDurable(turn.promised, nowMs);
      this.#candidacy.ownPromiseDurable(turn.promised, nowMs);
    }
    this.#reign?.ownRecordsDurable(turn.accepted, nowMs);
    this.#reign?.advance(nowMs);
  }

  view(nowMs: number): NodeView {
    return {
      role: this.#role(nowMs),
      promised: this.#parts.acceptor.promised,
      lastRound: this.#candidacy.lastRound,
      chosenUpTo: this.#parts.learner.chosenUpTo,
      highestKnown: this.#parts.learner.highestKnown,
      master: this.master(nowMs),
      configuration: this.#configuration,
      inFlight: this.#reign?.inFlight ?? 0,
      members: this.#reign?.progress ?? [],
      pace: this.#reign?.pace(nowMs),
      stoodBecause: this.#stoodBecause,
    };
  }

  #role(nowMs: number): NodeRole {
    if (this.#reign !== undefined) return this.#reign.serving(nowMs) ? 'master' : 'coordinator';
    return this.#candidacy.ballot !== undefined || this.#parts.election.preVoting ? 'candidate' : 'follower';
  }

  // --- reigning ---

  /** A higher ballot of another ends whatever this replica does at a lower one. */
  #yieldTo(ballot: Ballot): void {
    if (sameIdentity(ballot, this.#parts.self)) return;
    this.#candidacy.abandon();
    this.#endReign(`replica ${ballot.replicaId} took over at ballot ${showBallot(ballot)}`);
  }

  #prepared(preparation: Preparation): void {
    if (this.#reign !== undefined) {
      const { lease, ballot } = this.#reign;
      if (sameBallot(preparation.ballot, ballot)) {
        this.#reign.widened(this.#nowMs);
        return this.#requestMissing(this.#nowMs);
      }
      if (lease.held(this.#nowMs) && !lease.lapsed && this.#reign.survives(preparation)) {
        return this.#reign.boost(preparation, this.#nowMs);
      }
      this.#endReign('a higher ballot was prepared without the lease, or found something else in a pending slot');
    }
    const widen = (narrow: Preparation): void => this.#candidacy.widen(narrow, this.#nowMs);
    this.#reign = new Reign(preparation, this.#nowMs, { ...this.#parts, timings: this.#timings, widen });
    this.#tickReign();
    this.#requestMissing(this.#nowMs);
  }

  #minds(master: ReplicaId | undefined): void {
    if (master === undefined || master === this.#parts.self.replicaId) return;
    this.#stoodBecause = `the lease of replica ${master} ran out`;
  }

  #onRelease(from: Identity, { ballot, successor }: Release): void {
    if (!this.#parts.grant.release(from, ballot)) return;
    const named = successor === this.#parts.self.replicaId;
    this.#stoodBecause = `replica ${from.replicaId} handed over to ${named ? 'it' : `replica ${successor}`}`;
    if (named) this.#parts.election.standAtOnce(this.#nowMs);
    else this.#parts.election.postpone(this.#nowMs, HEAD_START_MS);
    this.#candidacy.tick(this.#nowMs);
  }

  #onNack(from: Identity, { ballot, promised }: Nack): void {
    if (!isVoter(this.#configuration, from)) return;
    this.#candidacy.roundHeard(promised.round);
    if (compareBallots(promised, ballot) <= 0) return;
    const current = this.#candidacy.ballot ?? this.#reign?.ballot;
    // What was overtaken by the ballot being prepared already is no news.
    if (current === undefined || compareBallots(promised, current) <= 0) return;
    if (this.#reign === undefined) this.#candidacy.giveUp(this.#nowMs);
    else if (this.#reign.serving(this.#nowMs)) this.#candidacy.prepare(this.#nowMs);
    else this.#endReign(`a voter had promised ballot ${showBallot(promised)}`);
  }

  #tickReign(): void {
    const reign = this.#reign;
    if (reign === undefined) return;
    reign.advance(this.#nowMs);
    const trouble = reign.tick(this.#nowMs);
    if (trouble !== undefined) return this.#endReign(trouble);
    if (this.#handOver === undefined) return;
    if (reign.settled || this.#nowMs >= this.#handOver.atMs) this.#release(reign, this.#handOver);
  }

  #release(reign: Reign, { cause, successor = reign.successor() ?? this.#parts.self.replicaId }: HandOver): void {
    this.#endReign(cause);
    for (const voter of this.#configuration.voters) {
      if (sameIdentity(voter, this.#parts.self)) continue;
      this.#parts.outbox.send(voter, { type: 'release', ballot: reign.claimBallot, successor });
    }
    this.#parts.grant.release(this.#parts.self, reign.claimBallot);
    this.#parts.election.postpone(this.#nowMs, 2 * this.#timings.leaseMs);
  }

  #endReign(cause: string): void {
    const reign = this.#reign;
    if (reign === undefined) return;
    this.#reign = undefined;
    this.#candidacy.abandon();
    this.#handOver = undefined;
    reign.end(cause);
    this.#parts.learner.forgetCounted();
    if (reign.began) this.#parts.outbox.notify({ type: 'reignEnded', cause });
    this.#parts.election.postpone(this.#nowMs, 0);
  }

  #delivered(value: DeliveredValue): void {
    this.#parts.outbox.notify(value);
    if (value.counts && value.header.kind === 'configuration') {
      const configuration = decodeConfiguration(value.body);
      oneReplicaAtATime(this.#configuration, configuration);
      this.#configure(configuration);
    }
    const trouble = this.#reign?.delivered(value, this.#nowMs);
    if (trouble !== undefined) this.#endReign(trouble);
  }

  /** Another configuration is in force from the next slot on. */
  #configure(configuration: Configuration): void {
    this.#configuration = configuration;
    const reign = this.#reign;
    if (reign === undefined) return;
    reign.configurationChanged(this.#nowMs);
    if (isVoter(configuration, this.#parts.self)) return;
    // It stays until enough of the others know: else they could still need the promise of one that is gone.
    this.#handOver = { atMs: this.#nowMs + this.#timings.leaseMs, cause: 'this replica was removed from the cell' };
  }
}

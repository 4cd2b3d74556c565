import type { AcceptedRecord } from './accepted-record.js';
import { Acceptor } from './acceptor.js';
import { assert, assertNever } from '../common/assert.js';
import { compareBallots, nextSlot, sameBallot, sameIdentity, showBallot } from './ballot.js';
import type { Ballot, Identity, ReplicaId, Slot } from './ballot.js';
import { decodeConfiguration, isVoter } from './configuration.js';
import type { Configuration } from './configuration.js';
import { Outbox } from './effects.js';
import type { DeliveredValue, Effects, LogRead, TurnEffects } from './effects.js';
import { Election } from './election.js';
import type { EpochJudge } from './epoch-judge.js';
import { chosenOnce, roundIsFresh } from './invariants.js';
import { Learner } from './learner.js';
import { LeaseGrant } from './lease-grant.js';
import type {
  Accept,
  Heartbeat,
  Nack,
  PaxosMessage,
  Prepare,
  PreVote,
  PreVoteReply,
  Promise as PromiseMessage,
  Release,
} from './messages.js';
import type { PlantedBugs } from './planted-bugs.js';
import { Preparation } from './preparation.js';
import { splitPromise } from './promise-parts.js';
import { Reign } from './reign.js';
import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { LogTimings } from './timings.js';
import type { Epoch } from './value.js';

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
  readonly bugs?: PlantedBugs;
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
}

/** How long a replica that was not named successor leaves the successor alone. */
const HEAD_START_MS = 50;

/** How far above its chosen watermark a lagging replica still accepts; what lies beyond it fetches once chosen. */
const ACCEPT_AHEAD_SLOTS = 2048;

/**
 * The consensus core of one replica: coordinator, acceptor and learner. Synchronous and pure: messages and time go in,
 * effects come out, and whatever rests on the disk comes out as a turn whose messages leave only after
 * {@link turnDurable}. Late, repeated and reordered messages are legal input. (DESIGN 3; EXEMPLARS 1, 2)
 */
export class PaxosNode {
  readonly #self: Identity;
  #timings: LogTimings;
  readonly #rng: Rng;
  readonly #bugs: PlantedBugs;
  readonly #outbox = new Outbox();
  readonly #acceptor: Acceptor;
  readonly #learner: Learner;
  readonly #grant: LeaseGrant;
  readonly #election: Election;
  #configuration: Configuration;
  #longestLeaseMs: number;
  #durablePromised: Ballot;
  #lastRound: number;
  /** The highest round that anybody told of: the next ballot goes above it. */
  #highestRound: number;
  #preparation: Preparation | undefined;
  #reign: Reign | undefined;
  #nowMs: number;
  #releaseAtMs: number | undefined;
  #prepareSentAtMs = -Infinity;

  constructor(options: PaxosNodeOptions) {
    this.#self = options.self;
    this.#timings = options.timings;
    this.#rng = options.rng;
    this.#bugs = options.bugs ?? {};
    this.#configuration = options.configuration;
    this.#longestLeaseMs = options.longestLeaseMs;
    this.#durablePromised = options.promised;
    this.#lastRound = options.lastRound;
    this.#highestRound = Math.max(options.lastRound, options.promised.round);
    this.#nowMs = options.nowMs;
    this.#grant = new LeaseGrant(options.nowMs + options.longestLeaseMs, this.#bugs);
    this.#acceptor = new Acceptor(options.promised, options.accepted, this.#outbox);
    this.#learner = new Learner(
      options.chosenUpTo,
      this.#acceptor,
      options.judge,
      this.#outbox,
      () => this.#timings.resendMs,
      (value) => this.#delivered(value),
    );
    this.#election = new Election(this.#self, () => this.#timings, this.#grant, this.#rng, this.#outbox);
  }

  /** Takes a message of a voter; others are not listened to. */
  step(from: Identity, message: PaxosMessage, nowMs: number): void {
    this.#nowMs = nowMs;
    if (!isVoter(this.#configuration, from)) return;
    switch (message.type) {
      case 'preVote':
        return this.#onPreVote(from, message);
      case 'preVoteReply':
        return this.#onPreVoteReply(from, message);
      case 'prepare':
        return this.#onPrepare(from, message);
      case 'promise':
        if (this.#preparation !== undefined && sameBallot(message.ballot, this.#preparation.ballot)) {
          this.#preparation.receive(from.replicaId, message);
          this.#finishPreparation();
        }
        return;
      case 'accept':
        return this.#onAccept(from, message);
      case 'accepted':
        this.#reign?.accepted(from.replicaId, message, nowMs);
        this.#reign?.advance(nowMs);
        return;
      case 'heartbeat':
        return this.#onHeartbeat(from, message);
      case 'heartbeatReply':
        this.#reign?.heartbeatAnswered(from.replicaId, message, nowMs);
        return;
      case 'nack':
        return this.#onNack(message);
      case 'catchUpRequest':
        return this.#learner.serve(message, from.replicaId);
      case 'catchUpReply':
        // Once it proposes, a coordinator knows the slots below and owns the rest: what a late answer says of those
        // may have been chosen at a higher ballot than the one its watermark names.
        if (this.#reign !== undefined && !this.#reign.catchingUp) return;
        this.#learner.learnRecords(message, from.replicaId);
        this.#reign?.advance(nowMs);
        return this.#learner.requestMissing(nowMs);
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
    if (this.#reign === undefined || this.#preparation !== undefined) this.#tickCandidate();
    this.#learner.requestMissing(nowMs);
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

  /** The epoch of this replica's reign, if it may answer clients at this moment. (DESIGN 3.5) */
  serving(nowMs: number): Epoch | undefined {
    return this.#reign?.serving(nowMs) === true ? this.#reign.epoch : undefined;
  }

  /** Who votes in the slots that are open now. */
  get configuration(): Configuration {
    return this.#configuration;
  }

  /** The replica that this one is bound to, itself included. */
  master(nowMs: number): ReplicaId | undefined {
    return this.#grant.holder(nowMs)?.replicaId;
  }

  /**
   * Lets what is in flight be chosen, for `patienceMs` at most, then stops serving and releases the voters.
   * {@link reigning} tells when it is done. (DESIGN 3.5)
   */
  handOver(nowMs: number, patienceMs: number): void {
    this.#nowMs = nowMs;
    if (this.#reign === undefined) return;
    this.#reign.drain();
    this.#releaseAtMs = nowMs + patienceMs;
    this.#tickReign();
  }

  get reigning(): boolean {
    return this.#reign !== undefined;
  }

  /** The machine was suspended: its lease may be over by everybody else's clock. */
  clockJumped(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#endReign('the machine was suspended or its clock jumped');
  }

  /** The records asked for by a {@link LogRead}. */
  logRecords(read: LogRead, chosen: readonly AcceptedRecord[], firstSlot: Slot): void {
    this.#outbox.send(read.to, {
      type: 'catchUpReply',
      fromSlot: read.fromSlot,
      chosen,
      chosenUpTo: this.#learner.chosenUpTo,
      firstSlot,
    });
  }

  /** The identity file allows grants up to this length now. */
  longestLeaseRaised(leaseMs: number): void {
    this.#longestLeaseMs = Math.max(this.#longestLeaseMs, leaseMs);
  }

  /** What the cell runs by from now on; a reign ends by the timings that it began with. */
  retime(timings: LogTimings): void {
    this.#timings = timings;
  }

  get hasTurn(): boolean {
    return this.#outbox.hasTurn;
  }

  get hasEffects(): boolean {
    return this.#outbox.hasEffects;
  }

  takeEffects(): Effects {
    return this.#outbox.takeEffects();
  }

  /** What to write next, in one piece. The one before must be durable. */
  takeTurn(): TurnEffects {
    return this.#outbox.takeTurn(this.#learner.chosenUpTo);
  }

  /** The turn is on disk: own votes and the own promise count, and its messages may leave. */
  turnDurable(turn: TurnEffects, nowMs: number): void {
    this.#nowMs = nowMs;
    if (turn.promised !== undefined) {
      this.#durablePromised = turn.promised;
      this.#ownPromiseDurable(turn.promised);
    }
    this.#reign?.ownRecordsDurable(turn.accepted);
    this.#reign?.advance(nowMs);
  }

  view(nowMs: number): NodeView {
    return {
      role: this.#role(nowMs),
      promised: this.#acceptor.promised,
      lastRound: this.#lastRound,
      chosenUpTo: this.#learner.chosenUpTo,
      highestKnown: this.#learner.highestKnown,
      master: this.master(nowMs),
      configuration: this.#configuration,
      inFlight: this.#reign?.inFlight ?? 0,
    };
  }

  #role(nowMs: number): NodeRole {
    if (this.#reign !== undefined) return this.#reign.serving(nowMs) ? 'master' : 'coordinator';
    return this.#preparation !== undefined || this.#election.preVoting ? 'candidate' : 'follower';
  }

  // --- voting ---

  #onPreVote(from: Identity, { ballot }: PreVote): void {
    const { promised } = this.#acceptor;
    const granted = !this.#grant.waitsAfterStart(this.#nowMs) && !this.#grant.boundToOther(from, this.#nowMs);
    this.#outbox.send(from.replicaId, { type: 'preVoteReply', ballot, granted, promised });
  }

  #onPrepare(from: Identity, { ballot, firstUnchosenSlot }: Prepare): void {
    if (compareBallots(ballot, this.#acceptor.promised) < 0) return this.#refuse(from, ballot);
    if (this.#grant.waitsAfterStart(this.#nowMs) || this.#grant.boundToOther(from, this.#nowMs)) return;
    this.#yieldTo(ballot);
    this.#acceptor.promise(ballot);
    // Who promised leaves the candidate a lease's time: else slow disks let candidates overtake each other for ever.
    this.#election.postpone(this.#nowMs, this.#timings.leaseMs);
    for (const part of this.#promiseParts(ballot, firstUnchosenSlot)) {
      this.#outbox.sendAfterTurn(from.replicaId, part);
    }
  }

  #onAccept(from: Identity, accept: Accept): void {
    if (!this.#bind(from, accept)) return;
    const { slot, ballot, value, configurationNumber, transmission } = accept;
    if (slot === this.#learner.chosenUpTo + 1 && configurationNumber !== this.#configuration.number) return;
    const record: AcceptedRecord = { slot, ballot, value };
    if (slot > this.#learner.chosenUpTo + ACCEPT_AHEAD_SLOTS) return;
    if (this.#learner.isChosen(slot)) {
      const mine = this.#acceptor.record(slot);
      // Below the ballot it was chosen at, a late proposal may well carry another value.
      if (mine !== undefined && compareBallots(mine.ballot, ballot) <= 0) chosenOnce(slot, mine, record);
    } else {
      this.#acceptor.accept(record);
      this.#learner.learnAccepted(record);
    }
    if (this.#bugs.acceptedBeforeSync) {
      const { chosenUpTo } = this.#learner;
      const message = {
        type: 'accepted',
        ballot,
        slots: [slot],
        configurationNumber,
        transmission,
        chosenUpTo,
      } as const;
      return this.#outbox.send(from.replicaId, message);
    }
    this.#outbox.acknowledge(from.replicaId, ballot, slot, configurationNumber, transmission);
  }

  #onHeartbeat(from: Identity, heartbeat: Heartbeat): void {
    if (!this.#bind(from, heartbeat)) return;
    const { ballot, transmission } = heartbeat;
    const reply = { type: 'heartbeatReply', ballot, transmission, chosenUpTo: this.#learner.chosenUpTo } as const;
    // A heartbeat may be the first sign of its ballot: then the answer stands for a promise and waits for the disk.
    if (compareBallots(ballot, this.#durablePromised) > 0) this.#outbox.sendAfterTurn(from.replicaId, reply);
    else this.#outbox.send(from.replicaId, reply);
  }

  /**
   * Binds this voter to a claim's sender on receipt, before anything else is done with the message. (DESIGN 3.5;
   * TRACES T8)
   *
   * @returns whether the claim may be answered positively
   */
  #bind(from: Identity, claim: Accept | Heartbeat): boolean {
    const { ballot, leaseMs } = claim;
    const aboveOrAtPromise = compareBallots(ballot, this.#acceptor.promised);
    if (aboveOrAtPromise < 0) {
      this.#refuse(from, ballot);
      return false;
    }
    if (this.#grant.boundToOther(from, this.#nowMs)) return false;
    if (aboveOrAtPromise > 0 && this.#grant.waitsAfterStart(this.#nowMs)) return false;
    if (leaseMs > this.#longestLeaseMs) {
      this.#outbox.raiseLongestLease(leaseMs);
      return false;
    }
    this.#yieldTo(ballot);
    this.#grant.grant(from, ballot, this.#nowMs, leaseMs);
    this.#election.masterHeard();
    this.#acceptor.promise(ballot);
    this.#learner.learnWatermark(ballot, claim.chosenUpTo, from.replicaId);
    return true;
  }

  #refuse(to: Identity, ballot: Ballot): void {
    this.#outbox.send(to.replicaId, { type: 'nack', ballot, promised: this.#acceptor.promised });
  }

  /** A higher ballot of another ends whatever this replica does at a lower one. */
  #yieldTo(ballot: Ballot): void {
    if (sameIdentity(ballot, this.#self)) return;
    this.#preparation = undefined;
    this.#endReign(`replica ${ballot.replicaId} took over at ballot ${showBallot(ballot)}`);
  }

  #onRelease(from: Identity, { ballot, successor }: Release): void {
    if (!this.#grant.release(from, ballot)) return;
    if (successor === this.#self.replicaId) this.#election.standAtOnce(this.#nowMs);
    else this.#election.postpone(this.#nowMs, HEAD_START_MS);
    this.#tickCandidate();
  }

  // --- standing ---

  #tickCandidate(): void {
    const preparation = this.#preparation;
    if (preparation !== undefined) {
      if (this.#nowMs - preparation.startedAtMs > this.#timings.leaseMs) return this.#giveUp();
      if (this.#nowMs - this.#prepareSentAtMs >= this.#timings.resendMs) this.#sendPrepares(preparation);
      return;
    }
    this.#election.tick(this.#nowMs);
    if (!this.#election.due(this.#nowMs)) return;
    if (!isVoter(this.#configuration, this.#self)) return;
    if (this.#election.ask(this.#nextBallot(), this.#configuration, this.#nowMs)) this.#prepare();
  }

  #onPreVoteReply(from: Identity, reply: PreVoteReply): void {
    if (!this.#bugs.roundNotDurable) this.#highestRound = Math.max(this.#highestRound, reply.promised.round);
    if (this.#reign !== undefined || this.#preparation !== undefined) return;
    if (this.#grant.freeAtMs > this.#nowMs) return;
    if (this.#election.answered(from.replicaId, reply, this.#configuration)) this.#prepare();
  }

  #nextBallot(): Ballot {
    return { round: Math.max(this.#highestRound, this.#acceptor.promised.round) + 1, ...this.#self };
  }

  /** Phase 1: for a new reign, or for a higher ballot under the present one. */
  #prepare(): void {
    const ballot = this.#nextBallot();
    roundIsFresh(ballot.round, this.#lastRound, this.#acceptor.promised);
    this.#election.won();
    this.#lastRound = ballot.round;
    this.#highestRound = ballot.round;
    this.#preparation = new Preparation(ballot, this.#nowMs, this.#configuration);
    if (this.#bugs.roundNotDurable) {
      this.#acceptor.promiseInMemory(ballot);
      this.#ownPromiseDurable(ballot);
    } else {
      this.#outbox.persistRound(ballot.round);
      this.#acceptor.promise(ballot);
    }
    this.#sendPrepares(this.#preparation);
  }

  #sendPrepares(preparation: Preparation): void {
    this.#prepareSentAtMs = this.#nowMs;
    const message: Prepare = {
      type: 'prepare',
      ballot: preparation.ballot,
      firstUnchosenSlot: nextSlot(this.#learner.chosenUpTo),
    };
    for (const { replicaId } of this.#configuration.voters) {
      if (replicaId === this.#self.replicaId || preparation.hasPromiseOf(replicaId)) continue;
      // The round must be durable before anybody hears of the ballot, or it could be used twice. (TRACES T7)
      if (this.#bugs.roundNotDurable) this.#outbox.send(replicaId, message);
      else this.#outbox.sendAfterTurn(replicaId, message);
    }
  }

  #promiseParts(ballot: Ballot, firstUnchosenSlot: Slot): PromiseMessage[] {
    const chosenUpTo = Math.max(this.#learner.chosenUpTo, firstUnchosenSlot - 1) as Slot;
    return splitPromise({
      ballot,
      accepted: this.#acceptor.above(chosenUpTo),
      chosenUpTo: this.#learner.chosenUpTo,
      configurationNumber: this.#configuration.number,
      answer: below(this.#rng, 2 ** 48),
    });
  }

  #ownPromiseDurable(ballot: Ballot): void {
    if (this.#preparation === undefined || !sameBallot(ballot, this.#preparation.ballot)) return;
    this.#reign?.claimAt(ballot);
    for (const part of this.#promiseParts(ballot, nextSlot(this.#learner.chosenUpTo))) {
      this.#preparation.receive(this.#self.replicaId, part);
    }
    this.#finishPreparation();
  }

  #finishPreparation(): void {
    const preparation = this.#preparation;
    const prepared = preparation?.result();
    // Without the own promise on disk there is no coordinator: its ballot would not outlive a restart.
    if (preparation === undefined || prepared === undefined || !preparation.hasPromiseOf(this.#self.replicaId)) return;
    this.#preparation = undefined;
    if (this.#reign !== undefined) {
      const { lease } = this.#reign;
      if (lease.held(this.#nowMs) && !lease.lapsed && this.#reign.survives(prepared)) {
        return this.#reign.boost(preparation.ballot, prepared, this.#nowMs);
      }
      this.#endReign('a higher ballot was prepared without the lease, or found something else in a pending slot');
    }
    this.#reign = new Reign(preparation.ballot, prepared, this.#nowMs, {
      self: this.#self,
      timings: this.#timings,
      bugs: this.#bugs,
      acceptor: this.#acceptor,
      learner: this.#learner,
      grant: this.#grant,
      outbox: this.#outbox,
      configuration: () => this.#configuration,
    });
    this.#tickReign();
    this.#learner.requestMissing(this.#nowMs);
  }

  #giveUp(): void {
    this.#preparation = undefined;
    this.#endReign('no quorum promised the higher ballot it needed');
    this.#election.postpone(this.#nowMs, this.#rng.next() * this.#timings.electionJitterMs);
  }

  #onNack({ ballot, promised }: Nack): void {
    this.#highestRound = Math.max(this.#highestRound, promised.round);
    if (compareBallots(promised, ballot) <= 0) return;
    const current = this.#preparation?.ballot ?? this.#reign?.ballot;
    // What was overtaken by the ballot being prepared already is no news.
    if (current === undefined || compareBallots(promised, current) <= 0) return;
    if (this.#reign === undefined) this.#giveUp();
    else if (this.#reign.serving(this.#nowMs)) this.#prepare();
    else this.#endReign(`a voter had promised ballot ${showBallot(promised)}`);
  }

  // --- reigning ---

  #tickReign(): void {
    const reign = this.#reign;
    if (reign === undefined) return;
    reign.advance(this.#nowMs);
    const trouble = reign.tick(this.#nowMs);
    if (trouble !== undefined) return this.#endReign(trouble);
    if (this.#releaseAtMs === undefined) return;
    if (reign.inFlight === 0 || this.#nowMs >= this.#releaseAtMs) this.#release(reign);
  }

  #release(reign: Reign): void {
    const successor = reign.successor() ?? this.#self.replicaId;
    this.#endReign('it was handed over');
    for (const { replicaId } of this.#configuration.voters) {
      if (replicaId === this.#self.replicaId) continue;
      this.#outbox.send(replicaId, { type: 'release', ballot: reign.claimBallot, successor });
    }
    this.#grant.release(this.#self, reign.claimBallot);
    this.#election.postpone(this.#nowMs, 2 * this.#timings.leaseMs);
  }

  #endReign(cause: string): void {
    const reign = this.#reign;
    if (reign === undefined) return;
    this.#reign = undefined;
    this.#preparation = undefined;
    this.#releaseAtMs = undefined;
    if (reign.began) this.#outbox.notify({ type: 'reignEnded', cause });
    this.#election.postpone(this.#nowMs, 0);
  }

  #delivered(value: DeliveredValue): void {
    if (value.counts && value.header.kind === 'configuration') this.#configuration = decodeConfiguration(value.body);
    this.#outbox.notify(value);
    const trouble = this.#reign?.delivered(value, this.#nowMs);
    if (trouble !== undefined) this.#endReign(trouble);
  }
}

import type { AcceptedRecord } from './accepted-record.js';
import type { Acceptor } from './acceptor.js';
import { assert } from '../common/assert.js';
import { sameBytes } from '../common/bytes.js';
import { compareBallots, nextSlot, sameBallot, sameIdentity, showBallot } from './ballot.js';
import type { Ballot, Identity, ReplicaId, Slot } from './ballot.js';
import { decodeConfiguration, encodeConfiguration, isLearner, isVoter, membersOf } from './configuration.js';
import type { Configuration } from './configuration.js';
import type { ChangeEnded, DeliveredValue, Outbox } from './effects.js';
import type { Learner } from './learner.js';
import type { LeaseGrant } from './lease-grant.js';
import { MasterLease } from './master-lease.js';
import { Members } from './members.js';
import type { MemberProgress } from './members.js';
import { changedBy, changeProblem, showChange } from './membership-change.js';
import type { MembershipChange } from './membership-change.js';
import { NO_TRANSMISSION } from './messages.js';
import type { Accepted, Heartbeat, HeartbeatReply } from './messages.js';
import { Pace } from './pace.js';
import type { PaceOfDisks } from './pace.js';
import type { CoreBugs } from './planted-bugs.js';
import type { Preparation } from './preparation.js';
import type { Space } from './space.js';
import type { LogTimings } from './timings.js';
import { decodeValue, encodeValue } from './value.js';
import type { Epoch, Value, ValueHeader } from './value.js';
import { Votes } from './votes.js';

const NO_BODY = new Uint8Array(0);
/** How many bytes of values one round of retransmission may put on the way to one voter. */
const RESEND_BYTES = 2 * 1024 * 1024;
/**
 * No more values are begun while so much is in flight: the next candidate has to fetch all of it from a majority before
 * anybody's lease is over, and a link must carry it before a renewal that waits behind it comes too late.
 */
const IN_FLIGHT_BYTES = 4 * 1024 * 1024;
/** A voter that does not answer is sent a value again at growing intervals, up to so many times the first. */
const SLOWEST_RESEND = 4;
/** How long a change waits for its voters' answers before it is given up, in leases. */
const CHANGE_PATIENCE_LEASES = 2;

/** A member that was silent for so many leases counts neither as a voter with room nor as a successor. */
const SILENCE_LEASES = 2;

/** That the own disk is much slower than the others, and who has a fast one. */
export interface SlowDisk extends PaceOfDisks {
  readonly successor: ReplicaId;
}

/** What a reign works with; owned by the node. */
export interface ReignContext {
  readonly self: Identity;
  readonly timings: LogTimings;
  readonly bugs: CoreBugs;
  readonly acceptor: Acceptor;
  readonly learner: Learner;
  readonly grant: LeaseGrant;
  readonly outbox: Outbox;
  /** Who votes in the slots that may be proposed now. */
  configuration(): Configuration;
  /** Of the own disk. */
  space(): Space;
  /** Asks the rest for promises of the same ballot; {@link Reign.widened} tells that a majority gave them. */
  widen(preparation: Preparation): void;
}

/**
 * `catchingUp` until everything reported chosen is known here; `widening` while promises are collected from a majority
 * of a configuration that was not known when phase 1 began; `reproposing` what phase 1 showed, and own changes of
 * membership; `barrier` while the epoch value is on its way; `founding` while the first configuration is; `open` for the
 * application.
 */
type Stage = 'catchingUp' | 'widening' | 'reproposing' | 'barrier' | 'founding' | 'open';

interface Proposal {
  readonly record: AcceptedRecord;
  /** That of its slot: nothing is proposed beyond a change that is not chosen. */
  readonly configuration: Configuration;
  readonly votes: Votes;
  /** Whether the cell cannot do without it, however little space there is. */
  readonly usesReserve: boolean;
  resendAtMs: number;
  resendMs: number;
}

/** A change of membership that was asked for here. */
interface OwnChange {
  readonly change: MembershipChange;
  readonly next: Configuration;
  readonly giveUpAtMs: number;
  /** Whether the application's values make room for it. */
  draining: boolean;
  /** Where it was proposed. */
  slot: Slot | undefined;
}

/**
 * A coordinator after phase 1: re-proposes, begins its epoch, then runs phase 2 with many slots in flight, and holds
 * the master lease. (DESIGN 3.1, 3.3, 3.5-3.8)
 */
export class Reign {
  readonly epoch: Epoch;
  readonly lease: MasterLease;
  #ballot: Ballot;
  #claimBallot: Ballot;
  #prepared: Preparation;
  #stage: Stage = 'catchingUp';
  #began = false;
  #draining = false;
  /** The last slot that phase 1 showed something of, or that was pending here. */
  #reproposeUpTo: Slot = 0 as Slot;
  /** A change of who votes that is being re-proposed: beyond it the votes are not known yet. (DESIGN 3.8) */
  #changeOnItsWay: { readonly slot: Slot; readonly next: Configuration } | undefined;
  #ownChange: OwnChange | undefined;
  #nextSlot: Slot = 0 as Slot;
  #orderInEpoch = 0;
  readonly #proposals = new Map<Slot, Proposal>();
  #bytesInFlight = 0;
  #cellShort = false;
  #heartbeatAtMs = -Infinity;
  /** When the lease was first seen to have run out, if it has. */
  #lapsedAtMs = Infinity;
  #progressAtMs: number;
  #progressSlot: Slot;
  readonly #members: Members;
  readonly #pace = new Pace();
  readonly #firstConfiguration: Configuration;

  constructor(
    prepared: Preparation,
    private readonly startedAtMs: number,
    private readonly context: ReignContext,
  ) {
    const { ballot } = prepared;
    this.epoch = ballot;
    this.#ballot = ballot;
    this.#claimBallot = ballot;
    this.#prepared = prepared;
    this.#firstConfiguration = context.configuration();
    this.#progressAtMs = startedAtMs;
    this.#progressSlot = context.learner.chosenUpTo;
    this.#members = new Members(context.self, context.configuration, () => context.learner.chosenUpTo);
    this.lease = new MasterLease(context.self, context.timings, context.bugs);
    context.learner.aim(prepared.chosenUpTo, prepared.source);
  }

  get ballot(): Ballot {
    return this.#ballot;
  }

  /** What heartbeats carry: a higher ballot from the moment on that its round is durable. */
  get claimBallot(): Ballot {
    return this.#claimBallot;
  }

  /** A higher ballot is being prepared; voters that promised it go on renewing the lease. */
  claimAt(ballot: Ballot): void {
    this.#claimBallot = ballot;
  }

  /** Whether the application was told that the reign began. */
  get began(): boolean {
    return this.#began;
  }

  get catchingUp(): boolean {
    return this.#stage === 'catchingUp';
  }

  /** Whether the barrier is behind and the lease is held at this moment. */
  serving(nowMs: number): boolean {
    return this.#began && this.#leaseHeld(nowMs);
  }

  /**
   * Whether the voters with room on their disks are no majority. Then only what frees space should be proposed: it is
   * accepted on the voters' reserve, and so is what was in flight before. (DESIGN 3.11)
   */
  get cellShort(): boolean {
    return this.#cellShort;
  }

  /** Whether another replica that has room could take over from this one. */
  anotherHasRoom(nowMs: number): boolean {
    return this.#members.anotherHasRoom(this.#heardSinceMs(nowMs));
  }

  /** Whether the application may propose into another slot now. */
  get canPropose(): boolean {
    const { windowSlots } = this.context.timings;
    if (this.#stage !== 'open' || this.#draining || this.#boosting) return false;
    if (this.#ownChange?.draining === true) return false;
    return this.#proposals.size < windowSlots && this.#bytesInFlight < IN_FLIGHT_BYTES;
  }

  /** A higher ballot is promised here already: nothing more can be accepted at the present one. */
  get #boosting(): boolean {
    return !sameBallot(this.context.acceptor.promised, this.#ballot);
  }

  get inFlight(): number {
    return this.#proposals.size;
  }

  /** Proposes the application's next value, right after the previous one in this epoch's order. */
  propose(body: Uint8Array, nowMs: number): Slot {
    assert(this.canPropose, 'a value is proposed in an open reign with room in its window');
    return this.#proposeInOrder('operations', body, nowMs);
  }

  /** Asks all replicas, in the next slot, for the digests of their states after it. (DESIGN 4) */
  proposeChecksum(nowMs: number): Slot {
    assert(this.canPropose, 'a value is proposed in an open reign with room in its window');
    return this.#proposeInOrder('checksum', NO_BODY, nowMs);
  }

  /** Goes on as far as what is chosen by now allows. */
  advance(nowMs: number): void {
    // Below its own promise it can accept nothing; the higher ballot goes on where this one stopped.
    if (this.#boosting || !this.#votes) return;
    if (this.#stage === 'catchingUp' && this.context.learner.chosenUpTo >= this.#prepared.chosenUpTo) {
      this.#startReproposing();
    }
    if (this.#stage === 'reproposing' && this.#repropose(nowMs)) this.#leaveReproposing(nowMs);
    if (this.#stage === 'open') this.#advanceChange(nowMs);
  }

  /** A majority of the configuration in force has promised the ballot by now. */
  widened(nowMs: number): void {
    if (this.#stage !== 'widening') return;
    // The new promises may tell of more that is chosen.
    this.#stage = 'catchingUp';
    this.context.learner.aim(this.#prepared.chosenUpTo, this.#prepared.source);
    this.advance(nowMs);
  }

  #leaveReproposing(nowMs: number): void {
    if (this.#began) {
      this.#stage = 'open';
      return;
    }
    this.#stage = 'barrier';
    this.#proposeInSlot({ kind: 'epoch', epoch: this.epoch, orderInEpoch: 0 }, NO_BODY, nowMs);
    if (this.context.bugs.barrierOff) this.#open();
  }

  /**
   * Whether a higher ballot finds all that is pending here as it is: another coordinator's phase 1 may have put no-ops
   * in its place, and then its submitter must be told.
   */
  survives(prepared: Preparation): boolean {
    if (prepared.chosenUpTo > this.context.learner.chosenUpTo) return false;
    return [...this.#proposals.values()].every(({ record: { slot, value } }) => {
      const reported = prepared.reported.get(slot);
      return reported !== undefined && sameBytes(reported.value, value);
    });
  }

  /**
   * Takes a higher ballot under the same lease: pending values are re-proposed as they are, the epoch goes on.
   * ([PML] 5.2 sequence-number boost; DESIGN 3.6)
   */
  boost(prepared: Preparation, nowMs: number): void {
    assert(this.lease.held(nowMs) && !this.lease.lapsed, 'a boost keeps the epoch only under an unbroken lease');
    assert(this.#began && this.survives(prepared), 'a boost keeps the epoch only if it loses nothing pending');
    this.#ballot = prepared.ballot;
    this.#claimBallot = prepared.ballot;
    this.#prepared = prepared;
    this.#proposals.clear();
    this.#pace.forgetRunning();
    this.#bytesInFlight = 0;
    this.#startReproposing();
    this.advance(nowMs);
  }

  /** A voter's answer to accepts at this reign's ballot. */
  accepted(from: Identity, message: Accepted, nowMs: number): void {
    if (!sameBallot(message.ballot, this.#ballot)) return;
    this.#answered(from, message.transmission, message.chosenUpTo, nowMs);
    const [slot] = message.slots;
    const answerMs = slot === undefined ? undefined : this.#pace.sinceSentMs(slot, nowMs);
    if (answerMs !== undefined) this.#members.answeredAfter(from, answerMs);
    for (const slot of message.slots) this.#vote(from, slot, message.configurationNumber, nowMs);
  }

  /** What the own disk and those of the others take for a value, over the last ones. */
  pace(nowMs: number): PaceOfDisks | undefined {
    return this.#pace.lately(nowMs);
  }

  /** Whether this replica's disk holds up the cell, and another one could take over. */
  slowDisk(nowMs: number): SlowDisk | undefined {
    const pace = this.#pace.tooSlow(nowMs);
    if (pace === undefined) return undefined;
    const successor = this.#members.swiftest(pace.ownMs / 2, this.#heardSinceMs(nowMs));
    return successor && { ...pace, successor };
  }

  heartbeatAnswered(from: Identity, reply: HeartbeatReply, nowMs: number): void {
    const { ballot, transmission, chosenUpTo, short } = reply;
    if (!sameBallot(ballot, this.#ballot) && !sameBallot(ballot, this.#claimBallot)) return;
    this.#answered(from, transmission, chosenUpTo, nowMs, short);
    if (short !== this.#cellShort) this.#judgeSpace(nowMs);
  }

  #answered(from: Identity, transmission: number, chosenUpTo: Slot, nowMs: number, short?: boolean): void {
    if (!this.#addressees.some((member) => sameIdentity(member, from))) return;
    this.lease.answered(from, transmission, nowMs, this.#leaseConfiguration);
    this.#members.heard(from, chosenUpTo, nowMs, short);
  }

  #heardSinceMs(nowMs: number): number {
    return nowMs - SILENCE_LEASES * this.context.timings.leaseMs;
  }

  #judgeSpace(nowMs: number): void {
    const selfShort = this.context.space() !== 'ample';
    const cellShort = this.#members.lackRoom(selfShort, this.#heardSinceMs(nowMs), this.startedAtMs);
    if (cellShort === this.#cellShort) return;
    this.#cellShort = cellShort;
    if (!cellShort) return;
    // What was refused for want of room would block all that comes behind it: it may use the reserve from now on.
    for (const proposal of this.#proposals.values()) proposal.resendAtMs = -Infinity;
  }

  /**
   * Asks for a change of membership. It is proposed once everything below it is chosen, and nothing beyond it until it
   * is; and only under a lease by answers of both the configuration before it and the one after it, so that no two
   * changes come between a lease and an election. Its outcome is a notice. (DESIGN 3.8)
   *
   * @returns why it cannot be, as one sentence with its remedy; nothing when it is on its way
   */
  proposeChange(change: MembershipChange, nowMs: number): string | undefined {
    if (!this.serving(nowMs) || this.#draining) return 'this replica is not master: ask the one that is';
    if (this.#ownChange !== undefined) {
      return `another change is under way, ${showChange(this.#ownChange.change)}: wait for its end`;
    }
    const configuration = this.context.configuration();
    const problem = changeProblem(configuration, change) ?? this.#lagProblem(change);
    if (problem !== undefined) return problem;
    const giveUpAtMs = nowMs + CHANGE_PATIENCE_LEASES * this.context.timings.leaseMs;
    const next = changedBy(configuration, change);
    this.#ownChange = { change, next, giveUpAtMs, draining: false, slot: undefined };
    // A learner that is to vote is asked for a grant before it does.
    this.#heartbeat(nowMs);
    this.advance(nowMs);
    return undefined;
  }

  #lagProblem({ type, identity }: MembershipChange): string | undefined {
    if (type !== 'makeVoter' || this.#members.isCaughtUp(identity)) return undefined;
    const { chosenUpTo } = this.context.learner;
    return `the learner has ${this.#members.knows(identity)} of ${chosenUpTo} slots: wait until it has caught up`;
  }

  #advanceChange(nowMs: number): void {
    const own = this.#ownChange;
    if (own === undefined || own.slot !== undefined) return;
    const held = this.lease.held(nowMs) && this.lease.untilUnder(own.next) > nowMs;
    if (!held) {
      if (nowMs >= own.giveUpAtMs) this.#endChange('notProposed', 'no majority of its voters has answered lately');
      return;
    }
    own.draining = true;
    if (this.context.learner.chosenUpTo + 1 !== this.#nextSlot) return;
    own.slot = this.#nextSlot;
    this.#reproposeUpTo = own.slot;
    this.#stage = 'reproposing';
    this.#proposeInOrder('configuration', encodeConfiguration(own.next), nowMs);
  }

  #endChange(outcome: ChangeEnded['outcome'], cause: string): void {
    const own = this.#ownChange;
    if (own === undefined) return;
    this.#ownChange = undefined;
    const result = outcome === 'chosen' ? { configuration: own.next } : { cause };
    this.context.outbox.notify({ type: 'changeEnded', change: own.change, outcome, ...result });
  }

  /** The reign is over: what became of a change that it proposed, others decide. */
  end(cause: string): void {
    this.#endChange(this.#ownChange?.slot === undefined ? 'notProposed' : 'unknown', cause);
  }

  /** Another configuration is in force. */
  configurationChanged(nowMs: number): void {
    this.#members.retain(this.#addressees);
    this.lease.retain([this.context.self, ...this.#addressees]);
    this.lease.recount(this.#leaseConfiguration, nowMs);
    // Its members hear of it by the watermark, and who votes from now on is asked for a grant.
    this.#heartbeatAtMs = -Infinity;
  }

  /** Whether a majority of the configuration in force knows it, so that it does not need this replica any more. */
  get settled(): boolean {
    return this.#proposals.size === 0 && (this.#votes || this.#members.mostKnowAll);
  }

  /** What is known of the other members. */
  get progress(): readonly MemberProgress[] {
    return this.#members.progress;
  }

  /** Whether this replica votes in the slots that are open: one that was removed proposes nothing more. */
  get #votes(): boolean {
    return isVoter(this.context.configuration(), this.context.self);
  }

  /** Whose answers make the lease: from the proposal of a removal on without the one to go. (DESIGN 3.8; T13) */
  get #leaseConfiguration(): Configuration {
    const { configuration, learner, bugs } = this.context;
    if (bugs.leaseOutlivesChange) return this.#firstConfiguration;
    const change = this.#changeOnItsWay;
    const pending = change !== undefined && change.slot > learner.chosenUpTo;
    return pending && change.next.voters.length < configuration().voters.length ? change.next : configuration();
  }

  /** Who is sent heartbeats. */
  get #addressees(): readonly Identity[] {
    const { configuration, bugs } = this.context;
    const members = membersOf(configuration());
    if (bugs.leaseOutlivesChange !== true) return members;
    const { voters } = this.#firstConfiguration;
    return [...members, ...voters.filter((voter) => !members.some((member) => sameIdentity(member, voter)))];
  }

  /** Whether this member is asked for a grant: a voter, or a learner that is about to be one. */
  #isAsked(member: Identity): boolean {
    const next = this.#ownChange?.next;
    return !isLearner(this.context.configuration(), member) || (next !== undefined && isVoter(next, member));
  }

  /** This replica's own records reached its disk: now, and not before, its vote counts. (DESIGN 3.2) */
  ownRecordsDurable(records: readonly AcceptedRecord[], nowMs: number): void {
    for (const record of records) {
      this.#pace.ownDurable(record.slot, nowMs);
      const proposal = this.#proposals.get(record.slot);
      if (proposal?.record === record) {
        this.#vote(this.context.self, record.slot, proposal.configuration.number, nowMs);
      }
    }
  }

  /**
   * A value was delivered while this reign is on.
   *
   * @returns why the reign cannot go on, if it cannot
   */
  delivered(value: DeliveredValue, nowMs: number): string | undefined {
    const { kind, epoch } = value.header;
    // A boost may re-propose what another coordinator began in place of values that were pending here.
    if (kind === 'epoch' && compareBallots(epoch, this.epoch) > 0) return `epoch ${showBallot(epoch)} came into force`;
    if (kind === 'noop' || !sameBallot(epoch, this.epoch)) return undefined;
    if (!value.counts) return `its own ${kind} value in slot ${value.slot} was skipped`;
    if (kind === 'epoch') {
      if (this.context.configuration().number > 0) this.#open();
      else this.#found(nowMs);
    }
    if (kind === 'configuration' && this.#stage === 'founding') this.#open();
    if (kind === 'configuration' && value.slot === this.#ownChange?.slot) this.#endChange('chosen', '');
    return undefined;
  }

  /**
   * Renews the lease and sends again what nobody answered. A lease that ran out ends the reign only after another
   * renewal's time, in which nothing is served: a replica that was kept from running has not read yet what it was
   * answered, and to lose the reign over that would cost the clients an election.
   *
   * @returns why the reign cannot go on, if it cannot
   */
  tick(nowMs: number): string | undefined {
    const { timings, learner } = this.context;
    this.#judgeSpace(nowMs);
    const neverHeld = !this.lease.everHeld;
    if (neverHeld && nowMs - this.startedAtMs > 2 * timings.leaseMs) return 'no quorum answered for two leases';
    if (neverHeld || this.#leaseHeld(nowMs)) this.#lapsedAtMs = Infinity;
    else if (nowMs - (this.#lapsedAtMs = Math.min(this.#lapsedAtMs, nowMs)) >= timings.renewMs) {
      return 'the lease was not renewed in time';
    }
    if (learner.chosenUpTo > this.#progressSlot || (this.#stage !== 'catchingUp' && this.#proposals.size === 0)) {
      this.#progressSlot = learner.chosenUpTo;
      this.#progressAtMs = nowMs;
    }
    if (nowMs - this.#progressAtMs > 4 * timings.leaseMs) return 'nothing was chosen for four leases';
    if (nowMs >= this.#heartbeatAtMs) this.#heartbeat(nowMs);
    this.#resend(nowMs);
    return undefined;
  }

  /** No more values of the application; what is in flight may still be chosen. */
  drain(): void {
    this.#draining = true;
    if (this.#ownChange?.slot === undefined) this.#endChange('notProposed', 'its master hands over');
  }

  /** The peer that knows most, so that it can take over soonest. */
  successor(): ReplicaId | undefined {
    return this.#members.furthest;
  }

  #leaseHeld(nowMs: number): boolean {
    return this.lease.held(nowMs) || this.context.bugs.readWithoutLease === true;
  }

  #startReproposing(): void {
    const { chosenUpTo } = this.context.learner;
    this.#reproposeUpTo = Math.max(chosenUpTo, this.#nextSlot - 1, ...this.#prepared.reported.keys()) as Slot;
    this.#nextSlot = nextSlot(chosenUpTo);
    this.#changeOnItsWay = undefined;
    this.#stage = 'reproposing';
  }

  /**
   * Re-proposes what phase 1 showed, and no-ops where it showed nothing, in every slot not known chosen; up to a change
   * of who votes, and further once that is chosen and a majority of those who vote then has promised. (DESIGN 3.8; T6)
   *
   * @returns whether all of it is proposed
   */
  #repropose(nowMs: number): boolean {
    const { learner, bugs } = this.context;
    for (;;) {
      const change = this.#changeOnItsWay;
      if (change !== undefined && learner.chosenUpTo < change.slot && !bugs.reproposedPastChange) return false;
      if (!this.#covered()) return false;
      if (this.#nextSlot > this.#reproposeUpTo) return true;
      const slot = this.#nextSlot;
      this.#nextSlot = nextSlot(slot);
      if (learner.isChosen(slot)) continue;
      const record = bugs.reportedValueDropped ? undefined : this.#prepared.reported.get(slot);
      const value = record?.value ?? encodeValue({ kind: 'noop', epoch: this.epoch, orderInEpoch: 0 }, NO_BODY);
      const { header, body } = decodeValue(value);
      if (header.kind === 'configuration') this.#meetChange(slot, body, nowMs);
      this.#send(slot, value, true, nowMs);
    }
  }

  /** A change is about to be proposed: who goes with it counts for the lease no more. */
  #meetChange(slot: Slot, body: Uint8Array, nowMs: number): void {
    this.#changeOnItsWay = { slot, next: decodeConfiguration(body) };
    this.lease.recount(this.#leaseConfiguration, nowMs);
  }

  /** Whether the promises are those of a majority of the configuration in force; if not, the rest is asked. */
  #covered(): boolean {
    const { configuration, widen, bugs } = this.context;
    if (bugs.promisesOutliveChange || this.#prepared.coversSlotsOf(configuration())) return true;
    this.#stage = 'widening';
    widen(this.#prepared);
    return false;
  }

  #found(nowMs: number): void {
    this.#stage = 'founding';
    const configuration = { ...this.context.configuration(), number: 1 };
    this.#proposeInOrder('configuration', encodeConfiguration(configuration), nowMs);
  }

  #open(): void {
    if (this.#began) return;
    this.#stage = 'open';
    this.#began = true;
    this.context.outbox.notify({ type: 'reignBegan', epoch: this.epoch });
  }

  #proposeInOrder(kind: 'operations' | 'configuration' | 'checksum', body: Uint8Array, nowMs: number): Slot {
    this.#orderInEpoch++;
    return this.#proposeInSlot({ kind, epoch: this.epoch, orderInEpoch: this.#orderInEpoch }, body, nowMs);
  }

  #proposeInSlot(header: ValueHeader, body: Uint8Array, nowMs: number): Slot {
    const slot = this.#nextSlot;
    this.#nextSlot = nextSlot(slot);
    if (header.kind === 'configuration') this.#meetChange(slot, body, nowMs);
    this.#send(slot, encodeValue(header, body), header.kind !== 'operations', nowMs);
    return slot;
  }

  #send(slot: Slot, value: Value, usesReserve: boolean, nowMs: number): void {
    const { acceptor, bugs } = this.context;
    const configuration = this.context.configuration();
    const record: AcceptedRecord = { slot, ballot: this.#ballot, value };
    const { resendMs } = this.context.timings;
    const proposal = { record, configuration, votes: new Votes(bugs), usesReserve, resendAtMs: 0, resendMs };
    this.#proposals.set(slot, proposal);
    this.#bytesInFlight += value.length;
    this.#pace.sent(slot, nowMs);
    // The own write runs beside the sending; its vote counts once it is durable. ([PML] 4.2)
    acceptor.accept(record);
    this.#sendAccepts(proposal, nowMs);
  }

  #sendAccepts(proposal: Proposal, nowMs: number): void {
    const { self, timings, learner, outbox } = this.context;
    const claim = {
      ballot: this.#ballot,
      chosenUpTo: learner.chosenUpTo,
      leaseMs: timings.leaseMs,
      transmission: this.#transmit(nowMs),
      configurationNumber: proposal.configuration.number,
      usesReserve: proposal.usesReserve || this.#cellShort,
    };
    proposal.resendAtMs = nowMs + proposal.resendMs;
    const { slot, value } = proposal.record;
    for (const voter of proposal.configuration.voters) {
      if (sameIdentity(voter, self) || proposal.votes.has(voter)) continue;
      outbox.send(voter, { type: 'accept', ...claim, slot, value });
    }
  }

  #heartbeat(nowMs: number): void {
    const { self, timings, learner, outbox } = this.context;
    this.#heartbeatAtMs = nowMs + timings.renewMs;
    const asking: Heartbeat = {
      type: 'heartbeat',
      ballot: this.#claimBallot,
      chosenUpTo: learner.chosenUpTo,
      leaseMs: timings.leaseMs,
      transmission: this.#transmit(nowMs),
      configurationNumber: this.context.configuration().number,
      usesReserve: this.#cellShort,
    };
    const telling: Heartbeat = { ...asking, leaseMs: 0, transmission: NO_TRANSMISSION };
    for (const member of this.#addressees) {
      if (!sameIdentity(member, self)) outbox.send(member, this.#isAsked(member) ? asking : telling);
    }
  }

  /** Every claim binds this replica to itself too. */
  #transmit(nowMs: number): number {
    const { self, grant, timings } = this.context;
    grant.grant(self, this.#claimBallot, nowMs, timings.leaseMs);
    return this.lease.transmit(nowMs, this.#leaseConfiguration);
  }

  #resend(nowMs: number): void {
    if (this.#boosting) return;
    let sizeBytes = 0;
    for (const proposal of this.#proposals.values()) {
      if (nowMs < proposal.resendAtMs) continue;
      proposal.resendMs = Math.min(2 * proposal.resendMs, SLOWEST_RESEND * this.context.timings.resendMs);
      this.#sendAccepts(proposal, nowMs);
      sizeBytes += proposal.record.value.length;
      if (sizeBytes > RESEND_BYTES) break;
    }
  }

  #vote(from: Identity, slot: Slot, configurationNumber: number, nowMs: number): void {
    const proposal = this.#proposals.get(slot);
    if (proposal === undefined || proposal.configuration.number !== configurationNumber) return;
    proposal.votes.add(from, proposal.configuration);
    if (proposal.votes.wouldBeMajorityWith(this.context.self, proposal.configuration)) {
      this.#pace.othersDurable(slot, nowMs);
    }
    if (!proposal.votes.isMajorityOf(proposal.configuration)) return;
    this.#proposals.delete(slot);
    this.#bytesInFlight -= proposal.record.value.length;
    this.context.learner.learnCounted(slot);
  }
}

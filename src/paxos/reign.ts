import type { AcceptedRecord } from './accepted-record.js';
import type { Acceptor } from './acceptor.js';
import { assert } from '../common/assert.js';
import { sameBytes } from '../common/bytes.js';
import { compareBallots, nextSlot, sameBallot, showBallot } from './ballot.js';
import type { Ballot, Identity, ReplicaId, Slot } from './ballot.js';
import { encodeConfiguration, majority } from './configuration.js';
import type { Configuration } from './configuration.js';
import type { DeliveredValue, Outbox } from './effects.js';
import type { Learner } from './learner.js';
import type { LeaseGrant } from './lease-grant.js';
import { MasterLease } from './master-lease.js';
import type { Accepted, HeartbeatReply } from './messages.js';
import type { PlantedBugs } from './planted-bugs.js';
import type { PreparedState } from './preparation.js';
import type { LogTimings } from './timings.js';
import { decodeValue, encodeValue } from './value.js';
import type { Epoch, Value, ValueHeader } from './value.js';

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

/** What a reign works with; owned by the node. */
export interface ReignContext {
  readonly self: Identity;
  readonly timings: LogTimings;
  readonly bugs: PlantedBugs;
  readonly acceptor: Acceptor;
  readonly learner: Learner;
  readonly grant: LeaseGrant;
  readonly outbox: Outbox;
  /** Who votes in the slots that may be proposed now. */
  configuration(): Configuration;
}

/**
 * `catchingUp` until everything reported chosen is known here; `reproposing` what phase 1 showed; `barrier` while the
 * epoch value is on its way; `founding` while the first configuration is; `open` for the application.
 */
type Stage = 'catchingUp' | 'reproposing' | 'barrier' | 'founding' | 'open';

interface Proposal {
  readonly record: AcceptedRecord;
  readonly configurationNumber: number;
  readonly votes: Set<ReplicaId>;
  resendAtMs: number;
  resendMs: number;
}

/**
 * A coordinator after phase 1: re-proposes, begins its epoch, then runs phase 2 with many slots in flight, and holds
 * the master lease. (DESIGN 3.1, 3.3, 3.5-3.7)
 */
export class Reign {
  readonly epoch: Epoch;
  readonly lease: MasterLease;
  #ballot: Ballot;
  #claimBallot: Ballot;
  #prepared: PreparedState;
  #stage: Stage = 'catchingUp';
  #began = false;
  #draining = false;
  /** The last slot that phase 1 showed something of, or that was pending here. */
  #reproposeUpTo: Slot = 0 as Slot;
  /** A change of who votes that is being re-proposed: beyond it the votes are not known yet. (DESIGN 3.8) */
  #changeOnItsWay: Slot | undefined;
  #nextSlot: Slot = 0 as Slot;
  #orderInEpoch = 0;
  readonly #proposals = new Map<Slot, Proposal>();
  #bytesInFlight = 0;
  #heartbeatAtMs = -Infinity;
  /** When the lease was first seen to have run out, if it has. */
  #lapsedAtMs = Infinity;
  #progressAtMs: number;
  #progressSlot: Slot;
  /** What each peer last said of its own watermark. */
  readonly #peerChosenUpTo = new Map<ReplicaId, Slot>();

  constructor(
    ballot: Ballot,
    prepared: PreparedState,
    private readonly startedAtMs: number,
    private readonly context: ReignContext,
  ) {
    this.epoch = ballot;
    this.#ballot = ballot;
    this.#claimBallot = ballot;
    this.#prepared = prepared;
    this.#progressAtMs = startedAtMs;
    this.#progressSlot = context.learner.chosenUpTo;
    this.lease = new MasterLease(context.self.replicaId, context.timings, context.bugs);
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

  /** Whether the application may propose into another slot now. */
  get canPropose(): boolean {
    const { windowSlots } = this.context.timings;
    if (this.#stage !== 'open' || this.#draining || this.#boosting) return false;
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

  /** Goes on as far as what is chosen by now allows. */
  advance(nowMs: number): void {
    // Below its own promise it can accept nothing; the higher ballot goes on where this one stopped.
    if (this.#boosting) return;
    if (this.#stage === 'catchingUp' && this.context.learner.chosenUpTo >= this.#prepared.chosenUpTo) {
      this.#startReproposing();
    }
    if (this.#stage !== 'reproposing' || !this.#repropose(nowMs)) return;
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
  survives(prepared: PreparedState): boolean {
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
  boost(ballot: Ballot, prepared: PreparedState, nowMs: number): void {
    assert(this.lease.held(nowMs) && !this.lease.lapsed, 'a boost keeps the epoch only under an unbroken lease');
    assert(this.#began && this.survives(prepared), 'a boost keeps the epoch only if it loses nothing pending');
    this.#ballot = ballot;
    this.#claimBallot = ballot;
    this.#prepared = prepared;
    this.#proposals.clear();
    this.#bytesInFlight = 0;
    this.#startReproposing();
    this.advance(nowMs);
  }

  /** A voter's answer to accepts at this reign's ballot. */
  accepted(from: ReplicaId, message: Accepted, nowMs: number): void {
    if (!sameBallot(message.ballot, this.#ballot)) return;
    this.#answered(from, message.transmission, message.chosenUpTo, nowMs);
    for (const slot of message.slots) this.#vote(from, slot, message.configurationNumber);
  }

  heartbeatAnswered(from: ReplicaId, { ballot, transmission, chosenUpTo }: HeartbeatReply, nowMs: number): void {
    if (!sameBallot(ballot, this.#ballot) && !sameBallot(ballot, this.#claimBallot)) return;
    this.#answered(from, transmission, chosenUpTo, nowMs);
  }

  #answered(from: ReplicaId, transmission: number, chosenUpTo: Slot, nowMs: number): void {
    this.lease.answered(from, transmission, nowMs, this.context.configuration());
    this.#peerChosenUpTo.set(from, chosenUpTo);
  }

  /** This replica's own records reached its disk: now, and not before, its vote counts. (DESIGN 3.2) */
  ownRecordsDurable(records: readonly AcceptedRecord[]): void {
    for (const record of records) {
      const proposal = this.#proposals.get(record.slot);
      if (proposal?.record === record) {
        this.#vote(this.context.self.replicaId, record.slot, proposal.configurationNumber);
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
    const neverHeld = this.lease.untilMs === -Infinity;
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
  }

  /** The peer that knows most, so that it can take over soonest. */
  successor(): ReplicaId | undefined {
    let best: ReplicaId | undefined;
    for (const voter of this.context.configuration().voters) {
      const chosenUpTo = this.#peerChosenUpTo.get(voter.replicaId);
      if (chosenUpTo === undefined) continue;
      if (best === undefined || chosenUpTo > this.#peerChosenUpTo.get(best)!) best = voter.replicaId;
    }
    return best;
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
   * of who votes, and further once that is chosen.
   *
   * @returns whether all of it is proposed
   */
  #repropose(nowMs: number): boolean {
    const { learner, bugs } = this.context;
    while (this.#nextSlot <= this.#reproposeUpTo) {
      if (this.#changeOnItsWay !== undefined && learner.chosenUpTo < this.#changeOnItsWay) return false;
      const slot = this.#nextSlot;
      this.#nextSlot = nextSlot(slot);
      if (learner.isChosen(slot)) continue;
      const record = bugs.reportedValueDropped ? undefined : this.#prepared.reported.get(slot);
      const value = record?.value ?? encodeValue({ kind: 'noop', epoch: this.epoch, orderInEpoch: 0 }, NO_BODY);
      if (decodeValue(value).header.kind === 'configuration') this.#changeOnItsWay = slot;
      this.#send(slot, value, nowMs);
    }
    return this.#changeOnItsWay === undefined || learner.chosenUpTo >= this.#changeOnItsWay;
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

  #proposeInOrder(kind: 'operations' | 'configuration', body: Uint8Array, nowMs: number): Slot {
    this.#orderInEpoch++;
    return this.#proposeInSlot({ kind, epoch: this.epoch, orderInEpoch: this.#orderInEpoch }, body, nowMs);
  }

  #proposeInSlot(header: ValueHeader, body: Uint8Array, nowMs: number): Slot {
    const slot = this.#nextSlot;
    this.#nextSlot = nextSlot(slot);
    this.#send(slot, encodeValue(header, body), nowMs);
    return slot;
  }

  #send(slot: Slot, value: Value, nowMs: number): void {
    const { acceptor, configuration } = this.context;
    const record: AcceptedRecord = { slot, ballot: this.#ballot, value };
    const { number } = configuration();
    const { resendMs } = this.context.timings;
    const proposal = { record, configurationNumber: number, votes: new Set<ReplicaId>(), resendAtMs: 0, resendMs };
    this.#proposals.set(slot, proposal);
    this.#bytesInFlight += value.length;
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
    };
    proposal.resendAtMs = nowMs + proposal.resendMs;
    const { slot, value } = proposal.record;
    for (const { replicaId } of this.context.configuration().voters) {
      if (replicaId === self.replicaId || proposal.votes.has(replicaId)) continue;
      outbox.send(replicaId, {
        type: 'accept',
        ...claim,
        slot,
        value,
        configurationNumber: proposal.configurationNumber,
      });
    }
  }

  #heartbeat(nowMs: number): void {
    const { self, timings, learner, outbox } = this.context;
    this.#heartbeatAtMs = nowMs + timings.renewMs;
    const transmission = this.#transmit(nowMs);
    for (const { replicaId } of this.context.configuration().voters) {
      if (replicaId === self.replicaId) continue;
      outbox.send(replicaId, {
        type: 'heartbeat',
        ballot: this.#claimBallot,
        chosenUpTo: learner.chosenUpTo,
        leaseMs: timings.leaseMs,
        transmission,
      });
    }
  }

  /** Every claim binds this replica to itself too. */
  #transmit(nowMs: number): number {
    const { self, grant, timings, configuration } = this.context;
    grant.grant(self, this.#claimBallot, nowMs, timings.leaseMs);
    return this.lease.transmit(nowMs, configuration());
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

  #vote(from: ReplicaId, slot: Slot, configurationNumber: number): void {
    const proposal = this.#proposals.get(slot);
    if (proposal === undefined || proposal.configurationNumber !== configurationNumber) return;
    proposal.votes.add(from);
    if (proposal.votes.size < majority(this.context.configuration())) return;
    this.#proposals.delete(slot);
    this.#bytesInFlight -= proposal.record.value.length;
    this.context.learner.learnCounted(slot);
  }
}

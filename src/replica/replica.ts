import { assert } from '../common/assert.js';
import type { Clock, Timer } from '../common/clock.js';
import { SuspendDetector } from '../common/clock.js';
import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import { nextSlot, sameIdentity } from '../paxos/ballot.js';
import type { Identity, ReplicaId, Slot } from '../paxos/ballot.js';
import { birthConfiguration, decodeConfiguration, membersOf } from '../paxos/configuration.js';
import type { ChangeEnded, DeliveredValue, Envelope, LogRead, Notice, TurnEffects } from '../paxos/effects.js';
import { CATCH_UP_BYTES } from '../paxos/learner.js';
import { PaxosNode } from '../paxos/node.js';
import type { NodeView } from '../paxos/node.js';
import type { SlowDisk } from '../paxos/reign.js';
import type { PlantedBugs } from '../paxos/planted-bugs.js';
import type { LogTimings } from '../paxos/timings.js';
import type { Epoch } from '../paxos/value.js';
import type { CellId, IdentityStore, ReplicaIdentity } from '../storage/identity-store.js';
import { newIdentity } from '../storage/new-identity.js';
import type { DiskSpace } from '../storage/disk-space.js';
import type { RecoveredLog, ReplayLog } from '../storage/replay-log.js';
import type { DamagedSnapshot, SnapshotStore } from '../storage/snapshot-store.js';
import { Birth } from './birth.js';
import type { Application, LoadedState, ReplicatedLog, StateMachine } from './ports.js';
import { Rejoin } from './rejoin.js';
import { RemovedFromCell } from './removed.js';
import { replay } from './replay.js';
import type { ReplayPorts } from './replay.js';
import { DEFAULT_SNAPSHOT_SCHEDULE } from './snapshot-keeper.js';
import type { SnapshotSchedule } from './snapshot-keeper.js';
import { SpaceWatch } from './space-watch.js';
import type { SpaceNotice } from './space-watch.js';
import { Snapshots } from './snapshots.js';
import type { SnapshotNotice } from './snapshots.js';
import { StateChecks } from './state-checks.js';
import type { CheckNotice, CheckSchedule, CheckStatus } from './state-checks.js';
import { StateDiverged } from './state-diverged.js';
import type { PeerFrame, PeerMessage, Transport } from './transport.js';
import { Stalls } from './stalls.js';
import { Yielding } from './yielding.js';

/** What a replica is made of; daemon and simulator differ only in the ports they give. */
export interface ReplicaOptions {
  readonly replicaId: ReplicaId;
  /** The ids of all replicas of the cell, this one included. */
  readonly configured: readonly ReplicaId[];
  /** Of a cell that is still to be born; afterwards its state says them. */
  readonly timings: LogTimings;
  readonly identityStore: IdentityStore;
  readonly log: ReplayLog;
  readonly snapshots: SnapshotStore;
  readonly snapshotSchedule?: SnapshotSchedule;
  /** When, as master, it has the states of all replicas compared; never where absent. */
  readonly checkSchedule?: CheckSchedule;
  /** The room that log and snapshots have; left out where there is always enough. */
  readonly space?: DiskSpace;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Built once the cell and its identity are known. */
  readonly application: (log: ReplicatedLog, cellId: CellId) => Application;
  /** Storage failed, or this replica must not take part: the process has to end. Called once. */
  readonly fatal: (error: Error) => void;
  /** Told when a reign of this replica begins and ends, and why. */
  readonly onReign?: (notice: ReignNotice) => void;
  /** Told when its disk becomes short of space, and when it is so no more. */
  readonly onSpace?: (notice: SpaceNotice) => void;
  /** Told what becomes of snapshots. */
  readonly onSnapshot?: (notice: SnapshotNotice) => void;
  /** Told when states were found to differ. */
  readonly onCheck?: (notice: CheckNotice) => void;
  /** Told what came of each change of membership that this replica asked for as master. */
  readonly onChange?: (notice: ChangeEnded) => void;
  /** Told, each time that it asks, of a second claimant for the place of one replica. */
  readonly onRival?: (claimant: Identity, rival: Identity) => void;
  /** Told once of each replica that speaks for another cell. */
  readonly onStranger?: (stranger: Stranger) => void;
  readonly bugs?: PlantedBugs;
}

/** A replica of another cell, and the cell that this one is of. */
export interface Stranger {
  readonly replicaId: ReplicaId;
  readonly cellId: CellId;
  readonly ownCellId: CellId;
}

/** A reign's beginning or end. */
export type ReignNotice = Exclude<Notice, { type: 'delivered' | 'changeEnded' }>;

/** What a replica tells of itself before and after its birth. */
export interface ReplicaStatus {
  readonly self: Identity | undefined;
  readonly cellId: CellId | undefined;
  /** Absent until the replica is a member and has replayed its log. */
  readonly node: NodeView | undefined;
  /** The peers that a birth still waits for. */
  readonly waitingFor: readonly ReplicaId[];
  /** The lowest slot whose record the log has. */
  readonly firstSlot: Slot;
  /** Absent until the replica takes part. */
  readonly checks?: CheckStatus;
}

const TICK_MS = 20;
const ANNOUNCE_MS = 200;
const BATCH_BYTES = 1024 * 1024;
const ASK_TO_JOIN_MS = 1_000;
/** How often a master looks whether somebody is to join. */
const REJOIN_LOOK_MS = 200;
/** How long a hand-over waits for what is in flight. */
const DRAIN_MS = 300;
/** After so many leases without an answer of its disk a master hands over: it accepts nothing, so it can choose nothing new. */
const DISK_PATIENCE_LEASES = 4;
const NO_CHECKS: CheckSchedule = { afterSlots: Infinity, afterMs: Infinity };
/** A tick that comes so much too late is a stall. */
const STALL_LEASES = 0.5;
/** How many strangers are told of. */
const STRANGERS_MAX = 16;

/**
 * Drives the consensus core over its ports: one queue, one write at a time, and nothing leaves before what it rests on
 * is durable. Batching is adaptive: what arrives while a write is under way goes into the next value. (DESIGN 3.2, 3.3)
 */
export class Replica implements ReplicatedLog {
  readonly #options: ReplicaOptions;
  readonly #clock: Clock;
  readonly #suspend: SuspendDetector;
  readonly #space: SpaceWatch;
  readonly #yielding = new Yielding();
  readonly #stalls = new Stalls();
  #birth: Birth | undefined;
  #node: PaxosNode | undefined;
  #application: Application | undefined;
  #identity: ReplicaIdentity | undefined;
  #timer: Timer | undefined;
  #stopped = false;
  #writing = false;
  #writingSinceMs = Infinity;
  #pumping = false;
  #pumpWanted = false;
  #snapshots: Snapshots | undefined;
  /** Set while the state has to come from a peer, before this replica can take part. */
  #stateArrived: (() => void) | undefined;
  #durableChosenUpTo = 0 as Slot;
  /** The lowest slot whose record the log has. */
  #firstSlot = 1 as Slot;
  #reclaiming = false;
  #checks: StateChecks | undefined;
  #diverged: StateDiverged | undefined;
  readonly #rejoin: Rejoin;
  /** Whether this identity has been in a configuration that it knows. */
  #wasMember = false;
  #askedToJoinAtMs = -Infinity;
  #rejoinAtMs = -Infinity;
  #reigningSinceMs = Infinity;
  readonly #readingFor = new Set<ReplicaId>();
  readonly #strangers = new Set<string>();
  #announceAtMs = -Infinity;
  #saving = false;
  #handedOver: (() => void) | undefined;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#suspend = new SuspendDetector(options.clock);
    this.#space = new SpaceWatch({
      disk: options.space,
      changed: (notice) => {
        this.#node?.setSpace(notice.space, this.#clock.monotonicMs());
        options.onSpace?.(notice);
      },
      then: (work, goOn) => this.#then(work, goOn),
    });
    this.#rejoin = new Rejoin(options.configured, (claimant, rival) => options.onRival?.(claimant, rival));
  }

  /** Formats an empty directory, or takes up where the last life ended. Resolves when messages are listened to. */
  async start(): Promise<void> {
    const { identityStore, transport, configured } = this.#options;
    let identity = await identityStore.load();
    if (identity === undefined) {
      identity = newIdentity(this.#options.replicaId, this.#options.rng);
      await identityStore.create(identity);
    }
    if (this.#stopped) return;
    this.#identity = identity;
    this.#birth = new Birth(identity, configured);
    transport.onFrame((frame) => this.#receive(frame));
    if (this.#birth.complete) await this.#join(identity);
    else if (configured.length === 1) this.#save(this.#birth.saved(identity));
    this.#tick();
  }

  /**
   * Hands over if this replica is master, then stops taking part. Resolves when the release was sent, or after
   * `patienceMs`.
   */
  async stop(patienceMs: number): Promise<void> {
    if (this.#node?.reigning === true && !this.#stopped) {
      await new Promise<void>((resolve) => {
        const timer = this.#clock.after(patienceMs, resolve);
        this.#handedOver = () => {
          timer.cancel();
          resolve();
        };
        this.#node?.handOver(this.#clock.monotonicMs(), Math.min(DRAIN_MS, patienceMs), 'it was asked to stop');
        this.#pump();
      });
    }
    this.halt();
  }

  /** Stops at once, without a word to anybody. */
  halt(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  reign(): Epoch | undefined {
    if (this.#node === undefined || this.#stopped) return undefined;
    const nowMs = this.#clock.monotonicMs();
    if (this.#suspend.jumped()) {
      this.#node.clockJumped(nowMs);
      this.#pumpSoon();
    }
    return this.#node.serving(nowMs);
  }

  master(): ReplicaId | undefined {
    return this.#node?.master(this.#clock.monotonicMs());
  }

  /** Of its own disk. */
  get room(): SpaceNotice {
    return this.#space.notice;
  }

  /** How often this replica, as master, handed over because another one was better off. */
  get timesYielded(): number {
    return this.#yielding.times;
  }

  shortOfSpace(): boolean {
    return this.#node?.cellShort === true;
  }

  workArrived(): void {
    this.#pumpSoon();
  }

  status(): ReplicaStatus {
    return {
      self: this.#identity?.self,
      cellId: this.#identity?.cellId,
      node: this.#node?.view(this.#clock.monotonicMs()),
      waitingFor: this.#birth?.complete === false ? this.#birth.waitingFor : [],
      firstSlot: this.#firstSlot,
      ...(this.#checks !== undefined && { checks: this.#checks.status }),
    };
  }

  // --- birth ---

  /** Makes the birth's next step durable, then takes it. */
  #save(identity: ReplicaIdentity | undefined): void {
    if (identity === undefined || this.#saving) return;
    this.#saving = true;
    this.#then(this.#options.identityStore.save(identity), () => {
      this.#saving = false;
      if (this.#birth === undefined) return;
      this.#identity = identity;
      const next = this.#birth.saved(identity);
      this.#announce(true);
      if (next !== undefined) this.#save(next);
      else if (this.#birth.complete) this.#then(this.#join(identity), () => this.#pump());
    });
  }

  #announce(answerWanted: boolean): void {
    for (const replicaId of this.#options.configured) {
      if (replicaId !== this.#options.replicaId) this.#announceTo({ replicaId }, answerWanted);
    }
  }

  #announceTo(to: PeerFrame['to'], answerWanted: boolean): void {
    if (this.#birth === undefined || this.#identity === undefined) return;
    const message = this.#birth.announcement(answerWanted);
    this.#options.transport.send({ from: this.#identity.self, to, messages: [message] });
  }

  #onAnnouncement(from: Identity, message: Extract<PeerMessage, { type: 'birth' }>): void {
    if (this.#birth === undefined) return;
    if (message.answerWanted) this.#announceTo(from, false);
    if (this.#birth.complete) return;
    try {
      this.#save(this.#birth.receive(from, message));
    } catch (error) {
      this.#fatal(error);
    }
  }

  async #join(identity: ReplicaIdentity): Promise<void> {
    const { log, snapshots: store, bugs = {} } = this.#options;
    const { cellId, founders } = identity;
    if (cellId === undefined) throw new Error('a member knows its cell');
    this.#wasMember = founders !== undefined;
    const stateMachine = this.#options.application(this, cellId);
    this.#snapshots = this.#newSnapshots(cellId, stateMachine);
    const damaged = (error: DamagedSnapshot): void => this.#options.onSnapshot?.({ type: 'damaged', error });
    const found = await log.recover();
    this.#firstSlot = found.firstSlot;
    const birth = birthConfiguration(founders ?? []);
    const ports = { log, store, cellId, birthConfiguration: birth, stateMachine, damaged, bugs };
    await this.#takePart(identity, ports, found);
  }

  async #takePart(identity: ReplicaIdentity, ports: ReplayPorts<Application>, found: RecoveredLog): Promise<void> {
    const { timings, rng } = this.#options;
    const { stateMachine: application, bugs } = ports;
    const replayed = await replay(ports, found);
    if (this.#stopped) return;
    if (replayed === undefined) {
      return this.#whenStateArrives(() => {
        this.#then(this.#takePart(identity, ports, found), () => this.#pump());
      });
    }
    const { recovered, accepted, configuration, judge } = replayed;
    const { promised, lastRound, chosenUpTo } = recovered;
    this.#application = application;
    this.#durableChosenUpTo = chosenUpTo;
    this.#firstSlot = recovered.firstSlot;
    const node = new PaxosNode({
      self: identity.self,
      timings: application.timings() ?? timings,
      rng,
      nowMs: this.#clock.monotonicMs(),
      // An earlier incarnation of who joined may have granted a lease that still runs. (DESIGN 3.5)
      longestLeaseMs: this.#wasMember ? identity.longestLeaseMs : Math.max(identity.longestLeaseMs, timings.leaseMs),
      promised,
      lastRound,
      chosenUpTo,
      accepted,
      configuration,
      judge,
      bugs,
    });
    this.#node = node;
    this.#checks = this.#newChecks(identity.self, node);
    node.setSpace(this.#space.space, this.#clock.monotonicMs());
    this.#snapshots?.dropOld();
  }

  // --- the comparison of states ---

  #newChecks(self: Identity, node: PaxosNode): StateChecks {
    const { checkSchedule: schedule = NO_CHECKS, onCheck } = this.#options;
    return new StateChecks(
      {
        self,
        schedule,
        configuration: () => node.configuration,
        send: (to, message) => this.#sendTo(to, [message]),
        told: (notice) => onCheck?.(notice),
        diverged: (slot, digest, agreed) => (this.#diverged = diverged(self, slot, digest, agreed)),
      },
      this.#clock.monotonicMs(),
    );
  }

  /**
   * Ends this replica: whatever it answered or handed on might be wrong. Its log, and so what it promised and accepted,
   * is what it was; the next life makes the state of it anew. But no snapshot that was taken here may be part of that.
   */
  #takeOut(node: PaxosNode, error: StateDiverged): void {
    node.handOver(this.#clock.monotonicMs(), 0, 'its state is not that of a majority');
    this.#act(node);
    this.halt();
    const { fatal } = this.#options;
    const forgotten = this.#snapshots?.forgetAll() ?? Promise.resolve();
    forgotten.then(() => fatal(error), fatal);
  }

  // --- snapshots ---

  #newSnapshots(cellId: CellId, stateMachine: StateMachine): Snapshots {
    const { snapshots: store, snapshotSchedule: schedule = DEFAULT_SNAPSHOT_SCHEDULE } = this.#options;
    return new Snapshots({
      store,
      schedule,
      cellId,
      stateMachine,
      send: (to, message) => this.#sendTo(to, [message]),
      changed: () => {
        this.#stateArrived?.();
        this.#pump();
      },
      fits: (sizeBytes) => this.#space.fits(sizeBytes),
      clock: this.#clock,
      rng: this.#options.rng,
      told: (notice) => this.#options.onSnapshot?.(notice),
      then: (work, goOn) => this.#then(work, goOn),
      fatal: this.#fatal,
    });
  }

  /** No sound snapshot leads up to the log's first slot: the state comes from a peer. What was promised here stands. */
  #whenStateArrives(goOn: () => void): void {
    this.#stateArrived = () => {
      this.#stateArrived = undefined;
      this.#snapshots?.takeLoaded();
      goOn();
    };
  }

  #askForState(firstSlot: Slot, nowMs: number): void {
    const { configured, replicaId, rng } = this.#options;
    const peers = configured.filter((id) => id !== replicaId);
    const from = peers[below(rng, peers.length)];
    if (from !== undefined) this.#snapshots?.wanted({ from, firstSlot }, (firstSlot - 2) as Slot, nowMs);
  }

  /** Takes over a state that came from a peer: in the log first, so that a restart begins with it. */
  #install(node: PaxosNode, state: LoadedState): void {
    const { slot, configuration, pairInForce } = state;
    if (slot <= node.chosenUpTo) return;
    const firstSlot = nextSlot(slot);
    this.#writing = true;
    this.#writingSinceMs = this.#clock.monotonicMs();
    this.#then(this.#options.log.append({ accepted: [], chosenUpTo: slot, firstSlot }), () => {
      this.#writing = false;
      this.#writingSinceMs = Infinity;
      this.#durableChosenUpTo = slot;
      this.#firstSlot = firstSlot;
      assert(configuration !== undefined && pairInForce !== undefined, 'a state that was truncated for has a master');
      // What was missing may have come meanwhile after all; then the log begins here, and the state goes on as it is.
      if (slot > node.chosenUpTo) {
        state.install();
        node.snapshotInstalled(slot, decodeConfiguration(configuration), pairInForce, this.#clock.monotonicMs());
      }
      this.#snapshots?.installed(slot);
      this.#reclaim();
      this.#pump();
    });
  }

  /** A snapshot of this replica's was found not to be what was written. */
  snapshotDamaged(slot: Slot, error: DamagedSnapshot): void {
    if (!this.#stopped) this.#snapshots?.damaged(slot, error);
  }

  #reclaim(): void {
    if (this.#reclaiming) return;
    this.#reclaiming = true;
    this.#then(this.#options.log.reclaim(), () => (this.#reclaiming = false));
  }

  // --- the loop ---

  #tick(): void {
    if (this.#stopped) return;
    this.#timer = this.#clock.after(TICK_MS, () => this.#tick());
    const nowMs = this.#clock.monotonicMs();
    if (this.#birth?.complete === false && nowMs >= this.#announceAtMs) {
      this.#announceAtMs = nowMs + ANNOUNCE_MS;
      this.#announce(true);
    }
    this.#space.tick(nowMs);
    if (this.#stateArrived !== undefined) this.#askForState(this.#firstSlot, nowMs);
    this.#snapshots?.tick(nowMs);
    if (this.#node === undefined) return;
    if (this.#suspend.jumped()) this.#node.clockJumped(nowMs);
    const timings = this.#timingsOfCell();
    if (this.#stopped) return;
    if (timings !== undefined) this.#node.retime(timings);
    this.#judgeFitness(this.#node, nowMs, timings ?? this.#options.timings);
    this.#node.tick(nowMs);
    this.#checks?.tick(nowMs);
    this.#mindMembers(this.#node, nowMs);
    this.#pump();
  }

  /** Asks to be a member where this replica is none, ends where it is none any more, and as master helps who asks. */
  #mindMembers(node: PaxosNode, nowMs: number): void {
    const self = this.#identity?.self;
    if (self === undefined) return;
    const { configuration } = node;
    const isMember = membersOf(configuration).some((member) => sameIdentity(member, self));
    if (isMember) this.#wasMember = true;
    else if (this.#wasMember && !node.reigning) return this.#fatal(removed(self));
    else if (!this.#wasMember && nowMs - this.#askedToJoinAtMs >= ASK_TO_JOIN_MS) this.#askToJoin(nowMs);

    if (node.serving(nowMs) === undefined) {
      this.#reigningSinceMs = Infinity;
      return;
    }
    if (this.#reigningSinceMs === Infinity) this.#reigningSinceMs = nowMs;
    if (nowMs < this.#rejoinAtMs) return;
    this.#rejoinAtMs = nowMs + REJOIN_LOOK_MS;
    const { leaseMs } = this.#timingsOfCell() ?? this.#options.timings;
    const { members } = node.view(nowMs);
    const known = { self, configuration, members, leaseMs, reigningSinceMs: this.#reigningSinceMs };
    const change = this.#rejoin.next(known, nowMs);
    if (change !== undefined) node.proposeChange(change, nowMs);
  }

  #askToJoin(nowMs: number): void {
    this.#askedToJoinAtMs = nowMs;
    for (const replicaId of this.#options.configured) {
      if (replicaId !== this.#options.replicaId) this.#sendTo({ replicaId }, [{ type: 'joinRequest' }]);
    }
  }

  #timingsOfCell(): LogTimings | undefined {
    try {
      return this.#application?.timings();
    } catch (error) {
      this.#fatal(error);
      return undefined;
    }
  }

  /**
   * A master whose disk hangs or crawls, or whose process stalls, would hold its lease by heartbeats, and the cell with it;
   * one whose disk is short of space could keep nothing that is written.
   */
  #judgeFitness(node: PaxosNode, nowMs: number, { leaseMs }: LogTimings): void {
    if (node.shouldYieldForSpace(nowMs)) this.#yield(node, nowMs, 'its disk is short of space');
    const slow = node.slowDisk(nowMs);
    if (slow !== undefined) this.#yield(node, nowMs, slowDiskCause(slow), slow.successor);
    this.#stalls.ticked(nowMs, TICK_MS, STALL_LEASES * leaseMs);
    const stalled = this.#stalls.tooMany;
    if (stalled !== undefined) this.#yield(node, nowMs, `its process stalled ${stalled} times in a minute`);
    const waitedMs = nowMs - this.#writingSinceMs;
    if (!node.reigning || waitedMs < DISK_PATIENCE_LEASES * leaseMs) return;
    node.handOver(nowMs, 0, `its disk has not answered for ${Math.round(waitedMs)} ms`);
  }

  /** Hands over to one that is better off, unless it did so a while ago. */
  #yield(node: PaxosNode, nowMs: number, cause: string, successor?: ReplicaId): void {
    if (node.serving(nowMs) === undefined || !this.#yielding.may(nowMs)) return;
    node.reluctantUntil(this.#yielding.yielded(nowMs));
    this.#stalls.forget();
    node.handOver(nowMs, DRAIN_MS, cause, successor);
  }

  #receive(frame: PeerFrame): void {
    const self = this.#identity?.self;
    if (this.#stopped || self === undefined || frame.to.replicaId !== self.replicaId) return;
    this.#lookAtCell(frame);
    if (frame.to.incarnation !== undefined && frame.to.incarnation !== self.incarnation) return;
    const nowMs = this.#clock.monotonicMs();
    const sameCell = frame.cellId !== undefined && frame.cellId === this.#identity?.cellId;
    for (const message of frame.messages) {
      if (message.type === 'birth') this.#onAnnouncement(frame.from, message);
      else if (message.type === 'snapshotRequest' || message.type === 'snapshotPiece') {
        if (sameCell) this.#snapshots?.receive(frame.from, message, nowMs);
      } else if (message.type === 'digestReport' || message.type === 'digestVerdict') {
        if (sameCell) this.#checks?.receive(frame.from, message);
      } else if (message.type === 'joinRequest') {
        if (sameCell) this.#rejoin.asked(frame.from, nowMs);
      } else if (sameCell && frame.to.incarnation !== undefined) this.#node?.step(frame.from, message, nowMs);
    }
    this.#pump();
  }

  /** A replica on the data directory of another cell, or given the wrong peers, hears nobody: let it say why. */
  #lookAtCell({ from: { replicaId }, cellId }: PeerFrame): void {
    const own = this.#identity?.cellId;
    if (cellId === undefined || own === undefined || cellId === own) return;
    const stranger = `${replicaId} ${cellId}`;
    if (this.#strangers.has(stranger) || this.#strangers.size >= STRANGERS_MAX) return;
    this.#strangers.add(stranger);
    this.#options.onStranger?.({ replicaId, cellId, ownCellId: own });
  }

  /** Once whatever is being handled now is done, so that one burst becomes one value. */
  #pumpSoon(): void {
    if (this.#pumpWanted) return;
    this.#pumpWanted = true;
    this.#then(Promise.resolve(), () => {
      this.#pumpWanted = false;
      this.#pump();
    });
  }

  #pump(): void {
    const node = this.#node;
    if (node === undefined || this.#stopped || this.#pumping) return;
    this.#pumping = true;
    do {
      if (!this.#writing) this.#propose(node);
      this.#act(node);
      const state = this.#writing ? undefined : this.#snapshots?.takeLoaded();
      if (state !== undefined) this.#install(node, state);
      if (!this.#writing && node.hasTurn) this.#write(node);
    } while (node.hasEffects);
    this.#pumping = false;
    if (this.#diverged !== undefined) return this.#takeOut(node, this.#diverged);
    this.#snapshots?.takeIfDue();
    if (this.#handedOver !== undefined && !node.reigning) this.#handedOver();
  }

  #propose(node: PaxosNode): void {
    if (!node.canPropose || this.#diverged !== undefined) return;
    if (this.#checks?.due(this.#clock.monotonicMs()) === true) {
      node.proposeChecksum(this.#clock.monotonicMs());
      this.#checks.asked();
    }
    if (this.#checks?.disputed === true) return;
    while (node.canPropose) {
      const body = this.#application?.nextBatch(BATCH_BYTES);
      if (body === undefined) return;
      node.propose(body, this.#clock.monotonicMs());
    }
  }

  #act(node: PaxosNode): void {
    const effects = node.takeEffects();
    this.#send(effects.messages);
    for (const read of effects.logReads) this.#read(node, read);
    const { snapshotWanted } = effects;
    if (snapshotWanted !== undefined) {
      this.#snapshots?.wanted(snapshotWanted, node.chosenUpTo, this.#clock.monotonicMs());
    }
    if (effects.raiseLongestLeaseMs !== undefined) this.#raiseLongestLease(node, effects.raiseLongestLeaseMs);
    for (const notice of effects.notices) this.#notify(notice);
  }

  #notify(notice: Notice): void {
    const application = this.#application;
    if (application === undefined) return;
    switch (notice.type) {
      case 'delivered':
        if (notice.counts) this.#apply(application, notice);
        else application.skip(notice.slot);
        this.#snapshots?.applied(notice.body.length);
        return;
      case 'changeEnded':
        if (notice.outcome === 'chosen') this.#rejoin.changed(notice.change, this.#clock.monotonicMs());
        this.#options.onChange?.(notice);
        return;
      case 'reignBegan':
        application.reignBegan(notice.epoch);
        break;
      case 'reignEnded':
        this.#checks?.reignEnded();
        application.reignEnded(notice.cause);
        break;
    }
    this.#options.onReign?.(notice);
  }

  #apply(application: Application, { slot, header, body }: DeliveredValue): void {
    application.apply(slot, header, body);
    if (header.kind === 'operations') this.#checks?.applied();
    else if (header.kind === 'checksum') {
      this.#checks?.met(slot, header.epoch, application.digest(), this.#clock.monotonicMs());
    }
  }

  /** Persist, then speak. (DESIGN 3.2) */
  #write(node: PaxosNode): void {
    const turn = node.takeTurn();
    const firstSlot = this.#firstSlotAfter(turn);
    this.#writing = true;
    this.#writingSinceMs = this.#clock.monotonicMs();
    this.#then(this.#persist(turn, firstSlot), (written) => {
      this.#writing = false;
      this.#writingSinceMs = Infinity;
      if (turn.chosenUpTo !== undefined) this.#durableChosenUpTo = turn.chosenUpTo;
      if (written && firstSlot !== undefined) {
        this.#firstSlot = firstSlot;
        this.#reclaim();
      }
      this.#send(turn.messages);
      node.turnDurable(turn, this.#clock.monotonicMs());
      this.#pump();
    });
  }

  /** Where the log begins once this turn is written, if that changes: the truncation rides on it. */
  #firstSlotAfter({ chosenUpTo = this.#durableChosenUpTo }: TurnEffects): Slot | undefined {
    const firstNeeded = this.#snapshots?.firstNeeded ?? this.#firstSlot;
    return firstNeeded > this.#firstSlot && firstNeeded <= chosenUpTo ? firstNeeded : undefined;
  }

  /** @returns whether there was anything to write */
  async #persist(turn: TurnEffects, firstSlot: Slot | undefined): Promise<boolean> {
    const { promised, lastRound, accepted, chosenUpTo } = turn;
    if (promised === undefined && lastRound === undefined && accepted.length === 0) return false;
    if (this.#space.mustSpend(this.#clock.monotonicMs())) await this.#space.spend();
    await this.#options.log.append({
      accepted,
      ...(promised !== undefined && !this.#options.bugs?.promiseNotPersisted && { promised }),
      ...(lastRound !== undefined && { lastRound }),
      ...(chosenUpTo !== undefined && { chosenUpTo }),
      ...(firstSlot !== undefined && { firstSlot }),
    });
    return true;
  }

  #send(envelopes: readonly Envelope[]): void {
    if (envelopes.length === 0 || this.#node === undefined || this.#identity?.cellId === undefined) return;
    const frames: { readonly to: Identity; readonly messages: PeerMessage[] }[] = [];
    for (const { to, message } of envelopes) {
      const frame = frames.find((begun) => sameIdentity(begun.to, to));
      if (frame === undefined) frames.push({ to, messages: [message] });
      else frame.messages.push(message);
    }
    for (const { to, messages } of frames) this.#sendTo(to, messages);
  }

  #sendTo(to: PeerFrame['to'], messages: readonly PeerMessage[]): void {
    const { cellId, self } = this.#identity ?? {};
    if (cellId !== undefined && self !== undefined) this.#options.transport.send({ cellId, from: self, to, messages });
  }

  /** Serves a peer that is far behind from the disk; one reading per peer at a time. */
  #read(node: PaxosNode, read: LogRead): void {
    const { replicaId } = read.to;
    if (this.#readingFor.has(replicaId)) return;
    this.#readingFor.add(replicaId);
    this.#then(this.#options.log.read(read.fromSlot, this.#durableChosenUpTo, CATCH_UP_BYTES), (records) => {
      this.#readingFor.delete(replicaId);
      // The log may have been truncated while it was read.
      node.logRecords(read, read.fromSlot < this.#firstSlot ? [] : records, this.#firstSlot);
      this.#pump();
    });
  }

  #raiseLongestLease(node: PaxosNode, longestLeaseMs: number): void {
    if (this.#identity === undefined || this.#saving) return;
    const identity = { ...this.#identity, longestLeaseMs };
    this.#saving = true;
    this.#then(this.#options.identityStore.save(identity), () => {
      this.#saving = false;
      this.#identity = identity;
      node.longestLeaseRaised(longestLeaseMs);
    });
  }

  /** Goes on when the work is done, unless this replica was stopped meanwhile; whatever fails on the way is fatal. */
  #then<Result>(work: Promise<Result>, goOn: (result: Result) => void): void {
    work
      .then((result) => {
        if (!this.#stopped) goOn(result);
      })
      .catch(this.#fatal);
  }

  readonly #fatal = (error: unknown): void => {
    if (this.#stopped) return;
    this.halt();
    this.#options.fatal(error instanceof Error ? error : new Error(String(error)));
  };
}

const slowDiskCause = ({ ownMs, othersMs }: SlowDisk): string =>
  `its disk takes ${Math.round(ownMs)} ms for a value, those of the others ${Math.round(othersMs)} ms`;

const removed = ({ replicaId, incarnation }: Identity): RemovedFromCell =>
  new RemovedFromCell(
    `replica ${replicaId}/${incarnation} is a member of its cell no more: another one took its place, or an operator ` +
      'removed it. To have it join anew, move its data directory aside and start it again',
  );

const diverged = ({ replicaId, incarnation }: Identity, slot: Slot, digest: string, agreed: string): StateDiverged =>
  new StateDiverged(
    `replica ${replicaId}/${incarnation} has the state ${digest} after slot ${slot}, a majority has ${agreed}: its memory ` +
      'or its program failed. It serves nobody; its snapshots are removed, and started again it makes its state anew. If ' +
      'this comes again, test the memory of its machine',
  );

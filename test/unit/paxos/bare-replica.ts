import { InvariantViolation } from '../../../src/common/assert.js';
import type { Rng } from '../../../src/common/rng.js';
import type { AcceptedRecord } from '../../../src/paxos/accepted-record.js';
import { NO_BALLOT } from '../../../src/paxos/ballot.js';
import type { Ballot, Identity, Slot } from '../../../src/paxos/ballot.js';
import { decodeConfiguration } from '../../../src/paxos/configuration.js';
import type { Configuration } from '../../../src/paxos/configuration.js';
import type { MembershipChange } from '../../../src/paxos/membership-change.js';
import type { Effects, Envelope, LogRead, Notice, TurnEffects } from '../../../src/paxos/effects.js';
import { EpochJudge } from '../../../src/paxos/epoch-judge.js';
import type { PaxosMessage } from '../../../src/paxos/messages.js';
import { PaxosNode } from '../../../src/paxos/node.js';
import type { CoreBugs } from '../../../src/paxos/planted-bugs.js';
import type { LogTimings } from '../../../src/paxos/timings.js';
import { decodeValue } from '../../../src/paxos/value.js';

/** What the disk of one replica holds: all that a restart begins with. */
export interface SyncedState {
  promised: Ballot;
  lastRound: number;
  chosenUpTo: Slot;
  longestLeaseMs: number;
  readonly records: Map<Slot, AcceptedRecord>;
}

export interface BareReplicaOptions {
  readonly self: Identity;
  readonly founding: Configuration;
  readonly timings: LogTimings;
  readonly rng: Rng;
  readonly bugs: CoreBugs;
  /** Milliseconds by this replica's own clock. */
  readonly nowMs: () => number;
  readonly send: (envelopes: readonly Envelope[]) => void;
  readonly notice: (notice: Notice) => void;
  /** A turn reached the disk. */
  readonly synced: (turn: TurnEffects) => void;
  /** The core found a broken invariant: the process ended. */
  readonly violated: (violation: InvariantViolation) => void;
}

/**
 * One consensus core over a disk that holds exactly what was synced, with nothing else around it: no driver, no birth,
 * no timers. Whoever drives it decides when a turn becomes durable, and what is lost in a crash.
 */
export class BareReplica {
  readonly disk: SyncedState = {
    promised: NO_BALLOT,
    lastRound: 0,
    chosenUpTo: 0 as Slot,
    longestLeaseMs: 0,
    records: new Map(),
  };
  /** Whether a turn is durable as soon as it is taken. */
  syncsAtOnce = true;
  #node: PaxosNode | undefined;
  #turn: TurnEffects | undefined;
  #firstLife = true;

  constructor(private readonly options: BareReplicaOptions) {
    this.start();
  }

  get id(): Identity['replicaId'] {
    return this.options.self.replicaId;
  }

  get self(): Identity {
    return this.options.self;
  }

  /** Absent while the process is down. */
  get node(): PaxosNode | undefined {
    return this.#node;
  }

  /** The turn on its way to the disk. */
  get turnUnderWay(): TurnEffects | undefined {
    return this.#turn;
  }

  get serving(): Ballot | undefined {
    return this.#node?.serving(this.options.nowMs());
  }

  /** Begins a life with what the disk holds. */
  start(): void {
    const { self, founding, timings, rng, bugs, nowMs } = this.options;
    const { promised, lastRound, chosenUpTo, longestLeaseMs, records } = this.disk;
    const judge = new EpochJudge(undefined, bugs);
    let configuration = founding;
    for (let slot = 1; slot <= chosenUpTo; slot++) {
      const { header, body } = decodeValue(records.get(slot as Slot)!.value);
      if (judge.judge(header) && header.kind === 'configuration') configuration = decodeConfiguration(body);
    }
    const accepted = [...records.values()].filter((record) => record.slot > chosenUpTo);
    this.#node = new PaxosNode({
      self,
      timings,
      rng,
      nowMs: nowMs(),
      longestLeaseMs,
      promised,
      lastRound,
      chosenUpTo,
      accepted,
      configuration,
      judge,
      bugs,
    });
    // The identity file of a new cell allows grants from the start here: one exchange less in every trace.
    this.disk.longestLeaseMs = timings.leaseMs;
    if (this.#firstLife) this.#node.longestLeaseRaised(timings.leaseMs);
    this.#firstLife = false;
  }

  /** The process ends: the turn under way, and whatever was in memory, is gone. */
  crash(): void {
    this.#node = undefined;
    this.#turn = undefined;
  }

  step(from: Identity, message: PaxosMessage): void {
    this.#drive((node) => node.step(from, message, this.options.nowMs()));
  }

  tick(): void {
    this.#drive((node) => node.tick(this.options.nowMs()));
  }

  /** The slot that the value was proposed in, if this replica may propose. */
  propose(body: Uint8Array): Slot | undefined {
    let slot: Slot | undefined;
    this.#drive((node) => {
      if (node.canPropose) slot = node.propose(body, this.options.nowMs());
    });
    return slot;
  }

  /** Why the change cannot be, if it cannot; what comes of it is a notice. */
  proposeChange(change: MembershipChange): string | undefined {
    let problem: string | undefined = 'it is down';
    this.#drive((node) => {
      problem = node.proposeChange(change, this.options.nowMs());
    });
    return problem;
  }

  handOver(patienceMs: number): void {
    this.#drive((node) => node.handOver(this.options.nowMs(), patienceMs, 'it was handed over'));
  }

  /** The turn under way reaches the disk. Whether there was one. */
  sync(): boolean {
    if (this.#turn === undefined) return false;
    this.#drive((node) => this.#turnReachedDisk(node));
    return true;
  }

  #drive(act: (node: PaxosNode) => void): void {
    const node = this.#node;
    if (node === undefined) return;
    try {
      act(node);
      this.#settle(node);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      this.crash();
      this.options.violated(error);
    }
  }

  #settle(node: PaxosNode): void {
    for (;;) {
      while (node.hasEffects) this.#carryOut(node, node.takeEffects());
      if (this.#turn === undefined && node.hasTurn) this.#turn = node.takeTurn();
      else if (this.#turn === undefined || !this.syncsAtOnce) return;
      else this.#turnReachedDisk(node);
    }
  }

  #carryOut(node: PaxosNode, effects: Effects): void {
    if (effects.messages.length > 0) this.options.send(effects.messages);
    for (const notice of effects.notices) this.options.notice(notice);
    for (const read of effects.logReads) this.#answerFromDisk(node, read);
    if (effects.raiseLongestLeaseMs !== undefined) node.longestLeaseRaised(effects.raiseLongestLeaseMs);
  }

  #answerFromDisk(node: PaxosNode, read: LogRead): void {
    const chosen: AcceptedRecord[] = [];
    for (let slot = read.fromSlot; slot <= this.disk.chosenUpTo; slot++) chosen.push(this.disk.records.get(slot)!);
    node.logRecords(read, chosen, 1 as Slot);
  }

  #turnReachedDisk(node: PaxosNode): void {
    const turn = this.#turn!;
    const { promised, lastRound, accepted, chosenUpTo } = turn;
    this.#turn = undefined;
    if (promised !== undefined && !this.options.bugs.promiseNotPersisted) this.disk.promised = promised;
    if (lastRound !== undefined) this.disk.lastRound = lastRound;
    for (const record of accepted) this.disk.records.set(record.slot, record);
    // A watermark alone is not worth a write: the driver lets it wait for the next one.
    const writes = promised !== undefined || lastRound !== undefined || accepted.length > 0;
    if (writes && chosenUpTo !== undefined) this.disk.chosenUpTo = chosenUpTo;
    this.options.synced(turn);
    if (turn.messages.length > 0) this.options.send(turn.messages);
    node.turnDurable(turn, this.options.nowMs());
  }
}

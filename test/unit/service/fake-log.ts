import type { Identity, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import type { Incarnation } from '../../../src/paxos/ballot.js';
import type { Epoch, ValueHeader } from '../../../src/paxos/value.js';
import type { Application, ReplicatedLog } from '../../../src/replica/ports.js';

interface Chosen {
  readonly header: ValueHeader;
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** A log without replicas: what it is handed over is chosen when a test says so. */
export class FakeLog implements ReplicatedLog {
  /** Values chosen so far, in slot order. */
  readonly chosen: Chosen[] = [];
  /** Set to false: the lease has run out, and the reign does not know it yet. */
  leaseHeld = true;
  /** Who is said to be master while this one is not. */
  otherMaster: ReplicaId | undefined;
  /** Whether a majority is said to be short of space. */
  short = false;
  workArrivals = 0;
  readonly self: Identity;
  #application: Application | undefined;
  #epoch: Epoch | undefined;
  #order = 0;
  #handedOver: Chosen[] = [];

  constructor(replicaId = 1) {
    this.self = { replicaId: replicaId as ReplicaId, incarnation: '00000000000000aa' as Incarnation };
  }

  reign(): Epoch | undefined {
    return this.leaseHeld ? this.#epoch : undefined;
  }

  master(): ReplicaId | undefined {
    return this.#epoch === undefined ? this.otherMaster : this.self.replicaId;
  }

  shortOfSpace(): boolean {
    return this.short;
  }

  workArrived(): void {
    this.workArrivals++;
  }

  attach(application: Application): void {
    this.#application = application;
  }

  get application(): Application {
    return this.#application!;
  }

  /** Values handed over and not chosen yet. */
  get inFlight(): number {
    return this.#handedOver.length;
  }

  beginReign(round: number): void {
    this.leaseHeld = true;
    this.#epoch = { ...this.self, round };
    this.#order = 0;
    this.choose({ header: { kind: 'epoch', epoch: this.#epoch, orderInEpoch: 0 }, body: NOTHING });
    this.application.reignBegan(this.#epoch);
  }

  /** @param lost what becomes of the values in flight: chosen later all the same, or never */
  endReign(lost: 'values-lost' | 'values-survive' = 'values-lost'): void {
    this.#epoch = undefined;
    this.application.reignEnded('a test said so');
    const survivors = lost === 'values-lost' ? [] : this.#handedOver;
    this.#handedOver = [];
    for (const value of survivors) this.choose(value);
  }

  /** Asks for one value and keeps it in flight. @returns whether there was one */
  take(maxBytes = 1024 * 1024): boolean {
    const body = this.application.nextBatch(maxBytes);
    if (body === undefined) return false;
    const header = { kind: 'operations', epoch: this.#epoch!, orderInEpoch: ++this.#order } as const;
    this.#handedOver.push({ header, body });
    return true;
  }

  /** Has the oldest value in flight chosen and applied. */
  chooseNext(): void {
    this.choose(this.#handedOver.shift()!);
  }

  choose(value: Chosen): void {
    this.chosen.push(value);
    this.application.apply(this.chosen.length as Slot, value.header, value.body);
  }

  /** Until nothing is left to do. */
  run(): void {
    while (this.take() || this.#handedOver.length > 0) while (this.#handedOver.length > 0) this.chooseNext();
  }
}

import { checksum } from '../../../src/common/checksum.js';
import { SeededRng } from '../../../src/common/rng.js';
import type { ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import type { PairInForce } from '../../../src/paxos/epoch-judge.js';
import type { PlantedBugs } from '../../../src/paxos/planted-bugs.js';
import { DEFAULT_LOG_TIMINGS } from '../../../src/paxos/timings.js';
import type { LogTimings } from '../../../src/paxos/timings.js';
import type { Epoch, ValueHeader } from '../../../src/paxos/value.js';
import type { Application, ReplicatedLog, StateLoading, StateSnapshot } from '../../../src/replica/ports.js';
import { Replica } from '../../../src/replica/replica.js';
import type { Stranger } from '../../../src/replica/replica.js';
import type { SnapshotSchedule } from '../../../src/replica/snapshot-keeper.js';
import type { CheckNotice, CheckSchedule } from '../../../src/replica/state-checks.js';
import type { PeerFrame, Transport } from '../../../src/replica/transport.js';
import { MemoryDisk } from '../../../src/storage/memory/memory-disk.js';
import { MemoryDiskSpace } from '../../../src/storage/memory/memory-disk-space.js';
import { MemoryIdentityStore } from '../../../src/storage/memory/memory-identity-store.js';
import { MemoryReplayLog } from '../../../src/storage/memory/memory-replay-log.js';
import { MemorySnapshotStore } from '../../../src/storage/memory/memory-snapshot-store.js';
import { TestClock, TestTime } from './test-clock.js';

const LATENCY_MS = 1;
/** Of each replica's reserve. */
export const RESERVE_BYTES = 1_000_000;

/** What a {@link Notebook} holds. */
interface Pages {
  readonly applied: readonly string[];
  readonly pair: PairInForce | undefined;
  readonly configuration: string;
}

/** An application that writes down what the log tells it. Bodies are words, joined by spaces into one value. */
export class Notebook implements Application {
  readonly lines: string[] = [];
  readonly applied: string[] = [];
  #waiting: string[] = [];
  #slot = 0 as Slot;
  #pair: PairInForce | undefined;
  #configuration = '';

  constructor(private readonly log: ReplicatedLog) {}

  /** Taken from the last value `lease N`. */
  timings(): LogTimings | undefined {
    const stated = this.applied.findLast((text) => text.startsWith('lease '));
    return stated === undefined ? undefined : { ...DEFAULT_LOG_TIMINGS, leaseMs: Number(stated.slice(6)) };
  }

  submit(...words: string[]): void {
    this.#waiting.push(...words);
    this.log.workArrived();
  }

  apply(slot: Slot, header: ValueHeader, body: Uint8Array): void {
    const { kind, epoch, orderInEpoch } = header;
    this.#slot = slot;
    this.#pair = { epoch, orderInEpoch };
    if (kind === 'configuration') this.#configuration = Buffer.from(body).toString('hex');
    const text = kind === 'operations' ? Buffer.from(body).toString('utf8') : kind;
    this.lines.push(`${slot} ${text}`);
    if (kind === 'operations') this.applied.push(text);
    if (text === 'poison') throw new Error('the application cannot go on');
  }

  skip(slot: Slot): void {
    this.#slot = slot;
    this.lines.push(`${slot} skipped`);
  }

  digest(): string {
    const text = `${JSON.stringify(this.applied)} ${this.#configuration}`;
    return checksum(Buffer.from(text)).toString(16).padStart(32, '0');
  }

  snapshot(): StateSnapshot {
    const pages: Pages = { applied: this.applied, pair: this.#pair, configuration: this.#configuration };
    const state = Buffer.from(JSON.stringify(pages));
    return {
      slot: this.#slot,
      digest: '0'.repeat(32),
      entryCount: 1,
      stateBytes: state.length,
      chunks: () => [state],
    };
  }

  loadState(): StateLoading {
    let text = '';
    return {
      add: (chunk) => (text += Buffer.from(chunk).toString('utf8')),
      finish: ({ slot }) => {
        const state = JSON.parse(text) as Pages;
        return {
          slot,
          pairInForce: state.pair,
          configuration: Buffer.from(state.configuration, 'hex'),
          install: () => {
            this.#slot = slot;
            this.#pair = state.pair;
            this.#configuration = state.configuration;
            this.applied.splice(0, Infinity, ...state.applied);
            this.lines.push(`snapshot of ${slot}`);
          },
        };
      },
    };
  }

  reignBegan(_epoch: Epoch): void {
    this.lines.push('reign began');
    this.log.workArrived();
  }

  reignEnded(cause: string): void {
    this.lines.push(`reign ended: ${cause}`);
  }

  nextBatch(maxBytes: number): Uint8Array | undefined {
    if (this.#waiting.length === 0 || maxBytes < 1) return undefined;
    const body = Buffer.from(this.#waiting.join(' '));
    this.#waiting = [];
    return body;
  }
}

/** Frames arrive a moment after they were sent, unless the test intervenes. */
export class Wires {
  readonly sent: PeerFrame[] = [];
  /** Whether a frame arrives. */
  passes: (frame: PeerFrame) => boolean = () => true;
  readonly #receivers = new Map<ReplicaId, (frame: PeerFrame) => void>();

  constructor(private readonly time: TestTime) {}

  plug(replicaId: ReplicaId): Transport {
    return {
      send: (frame) => {
        this.sent.push(frame);
        if (this.passes(frame)) this.time.scheduler.after(LATENCY_MS, () => this.deliver(frame));
      },
      onFrame: (receive) => this.#receivers.set(replicaId, receive),
    };
  }

  unplug(replicaId: ReplicaId): void {
    this.#receivers.delete(replicaId);
  }

  deliver(frame: PeerFrame): void {
    this.deliverTo(frame.to.replicaId, frame);
  }

  /** The frame reaches `replicaId`, whoever it is addressed to. */
  deliverTo(replicaId: ReplicaId, frame: PeerFrame): void {
    this.#receivers.get(replicaId)?.(frame);
  }

  /** The kinds of messages that left `from` since the last look. */
  take(from: number): string[] {
    const mine = this.sent.filter((frame) => Number(frame.from.replicaId) === from);
    this.sent.length = 0;
    return mine.flatMap(({ messages }) => messages.map(({ type }) => type));
  }
}

/** One replica's place: a disk that outlives processes, and the process of the moment. */
export class Place {
  /** Syncs that wait for the test to let them go, while it holds them. */
  readonly heldSyncs: ((failure?: Error) => void)[] = [];
  holdsSyncs = false;
  /** How long each sync takes. */
  syncMs = 0;
  /** The most writes that were ever under way at once, and how many there were. */
  writes = { underWay: 0, most: 0, total: 0 };
  disk = new MemoryDisk((done) => this.#sync(done));
  /** Without bound until a test says so. */
  readonly space = new MemoryDiskSpace(RESERVE_BYTES);
  readonly clock: TestClock;
  replica: Replica | undefined;
  notebook: Notebook | undefined;
  readonly fatal: Error[] = [];
  readonly reigns: string[] = [];
  readonly strangers: Stranger[] = [];
  readonly checks: CheckNotice[] = [];
  readonly damagedSnapshots: string[] = [];
  #lives = 0;

  constructor(
    readonly id: ReplicaId,
    private readonly ids: readonly ReplicaId[],
    private readonly wires: Wires,
    private readonly time: TestTime,
    private readonly bugs: PlantedBugs,
    private readonly seed: number,
    private readonly snapshotSchedule?: SnapshotSchedule,
    private readonly checkSchedule?: CheckSchedule,
  ) {
    this.clock = new TestClock(time);
  }

  async start(): Promise<void> {
    this.notebook = undefined;
    this.replica = new Replica({
      replicaId: this.id,
      configured: this.ids,
      timings: DEFAULT_LOG_TIMINGS,
      identityStore: new MemoryIdentityStore(this.disk),
      log: new MemoryReplayLog(this.disk),
      snapshots: new MemorySnapshotStore(this.disk),
      space: this.space,
      transport: this.wires.plug(this.id),
      clock: this.clock,
      rng: new SeededRng(this.seed + 1000 * this.id + ++this.#lives),
      application: (log) => (this.notebook = new Notebook(log)),
      fatal: (error) => this.fatal.push(error),
      onStranger: (stranger) => this.strangers.push(stranger),
      onSnapshot: (notice) => notice.type === 'damaged' && this.damagedSnapshots.push(notice.error.message),
      onCheck: (notice) => this.checks.push(notice),
      ...(this.checkSchedule && { checkSchedule: this.checkSchedule }),
      ...(this.snapshotSchedule && { snapshotSchedule: this.snapshotSchedule }),
      onReign: (notice) => this.reigns.push(notice.type),
      bugs: this.bugs,
    });
    await this.replica.start();
  }

  /** An empty disk takes the place of the one there is. */
  replaceDisk(): void {
    this.disk = new MemoryDisk((done) => this.#sync(done));
  }

  /** The process ends at once; what was not synced is gone. */
  kill(): void {
    this.replica?.halt();
    this.replica = undefined;
    this.wires.unplug(this.id);
    this.disk.crash();
    this.heldSyncs.length = 0;
    this.writes.underWay = 0;
  }

  get isMaster(): boolean {
    return this.replica?.reign() !== undefined;
  }

  /** Lets the writes that wait reach the disk, or fail. */
  releaseSyncs(failure?: Error): void {
    for (const done of this.heldSyncs.splice(0)) done(failure);
  }

  #sync(done: (failure?: Error) => void): void {
    this.writes.underWay++;
    this.writes.total++;
    this.writes.most = Math.max(this.writes.most, this.writes.underWay);
    const finish = (failure?: Error): void => {
      this.writes.underWay--;
      done(failure);
    };
    if (this.holdsSyncs) this.heldSyncs.push(finish);
    else if (this.syncMs > 0) this.time.scheduler.after(this.syncMs, () => finish());
    else finish();
  }
}

/** A cell of replicas as they run in production, on memory disks and a test's time. */
export class TestCell {
  readonly time = new TestTime();
  readonly wires = new Wires(this.time);
  readonly places: readonly Place[];

  constructor(
    size: number,
    bugs: PlantedBugs = {},
    seed = 0,
    snapshotSchedule?: SnapshotSchedule,
    checkSchedule?: CheckSchedule,
  ) {
    const ids = Array.from({ length: size }, (_, index) => (index + 1) as ReplicaId);
    this.places = ids.map(
      (id) => new Place(id, ids, this.wires, this.time, bugs, seed, snapshotSchedule, checkSchedule),
    );
  }

  place(id: number): Place {
    return this.places[id - 1]!;
  }

  async start(): Promise<void> {
    await Promise.all(this.places.map((place) => place.start()));
  }

  get master(): Place | undefined {
    return this.places.find(({ isMaster }) => isMaster);
  }

  /** Starts everything and waits for a master. */
  async open(): Promise<Place> {
    await this.start();
    await this.time.until(() => this.master !== undefined);
    return this.master!;
  }

  /** Waits until everybody who runs has applied `text`. */
  async applied(text: string, patienceMs = 10_000): Promise<boolean> {
    const has = ({ replica, notebook }: Place): boolean =>
      replica === undefined || notebook?.applied.some((body) => body.split(' ').includes(text)) === true;
    return this.time.until(() => this.places.every(has), patienceMs);
  }
}

import type { Clock } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import type { Identity, ReplicaId, Slot } from '../paxos/ballot.js';
import type { SnapshotWanted } from '../paxos/effects.js';
import type { CellId } from '../storage/identity-store.js';
import { DamagedSnapshot } from '../storage/snapshot-store.js';
import type { SnapshotStore } from '../storage/snapshot-store.js';
import { loadSnapshot } from './load-snapshot.js';
import type { LoadedState, StateMachine } from './ports.js';
import { SnapshotFetch } from './snapshot-fetch.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import type { SnapshotSchedule } from './snapshot-keeper.js';
import type { PeerFrame, SnapshotPiece, SnapshotRequest } from './transport.js';

/** What a peer is sent at a time: as much as a batch of the log, so that nothing waits behind it for long. */
const PIECE_BYTES = 256 * 1024;

/** What a byte of state takes in a snapshot, with what surrounds it, at the most. */
const STORED_PER_BYTE = 1.25;
/** When to look again whether there is room for one that was due. */
const NO_ROOM_MS = 5_000;

/** What becomes of a replica's snapshots, for people. */
export type SnapshotNotice =
  | { readonly type: 'taken'; readonly slot: Slot; readonly stateBytes: number; readonly tookMs: number }
  /** A peer's state took the place of what was missing here. */
  | { readonly type: 'installed'; readonly slot: Slot }
  /** One was due, and the disk has no room for it: the log stays as long as it is. */
  | { readonly type: 'noRoom'; readonly stateBytes: number }
  /** One was not what was written, and is used no more. */
  | { readonly type: 'damaged'; readonly error: DamagedSnapshot };

/** What the snapshots of a replica work with. */
export interface SnapshotsPorts {
  readonly store: SnapshotStore;
  readonly schedule: SnapshotSchedule;
  readonly cellId: CellId;
  readonly stateMachine: StateMachine;
  readonly send: (to: PeerFrame['to'], message: SnapshotRequest | SnapshotPiece) => void;
  /** There is something for the replica to do: a state to install, or room to make in the log. */
  readonly changed: () => void;
  /** Whether the disk has room for so much. */
  readonly fits: (sizeBytes: number) => boolean;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly told: (notice: SnapshotNotice) => void;
  /** Goes on when the work is done, unless the replica was stopped; whatever fails is the end of it. */
  readonly then: <Result>(work: Promise<Result>, goOn: (result: Result) => void) => void;
  readonly fatal: (error: unknown) => void;
}

/** All that one replica does with snapshots: takes, keeps and serves its own, and fetches those of others. (DESIGN 4) */
export class Snapshots {
  readonly #ports: SnapshotsPorts;
  readonly #keeper: SnapshotKeeper;
  readonly #fetch: SnapshotFetch;
  readonly #readingFor = new Set<ReplicaId>();
  #loaded: LoadedState | undefined;
  #loading = false;
  #firstNeeded = 1 as Slot;
  readonly #damaged = new Set<Slot>();
  #taking: Promise<unknown> = Promise.resolve();
  #takeNotBeforeMs = -Infinity;

  constructor(ports: SnapshotsPorts) {
    this.#ports = ports;
    const { store, schedule, rng, send, fits, fatal } = ports;
    this.#keeper = new SnapshotKeeper(store, schedule, rng);
    this.#fetch = new SnapshotFetch({
      store,
      send: (replicaId, request) => send({ replicaId }, request),
      fits,
      arrived: (slot) => this.#load(slot),
      fatal,
    });
  }

  /** The lowest slot whose record the log still has to keep. */
  get firstNeeded(): Slot {
    return this.#firstNeeded;
  }

  /** Another slot is applied. */
  applied(valueBytes: number): void {
    this.#keeper.applied(valueBytes);
  }

  /** Takes a snapshot if it is time for one. */
  takeIfDue(): void {
    if (!this.#keeper.due) return;
    const { cellId, stateMachine, fits, clock, then, told } = this.#ports;
    const beganAtMs = clock.monotonicMs();
    if (beganAtMs < this.#takeNotBeforeMs) return;
    const state = stateMachine.snapshot();
    if (!fits(state.stateBytes * STORED_PER_BYTE)) {
      this.#takeNotBeforeMs = beganAtMs + NO_ROOM_MS;
      return told({ type: 'noRoom', stateBytes: state.stateBytes });
    }
    const replaced = [...this.#damaged];
    const taking = this.#keeper.take(state, cellId, replaced);
    this.#taking = taking;
    then(taking, (firstNeeded) => {
      const { slot, stateBytes } = state;
      for (const each of replaced) this.#damaged.delete(each);
      told({ type: 'taken', slot, stateBytes, tookMs: clock.monotonicMs() - beganAtMs });
      this.#kept(firstNeeded);
    });
  }

  /** Fetches a snapshot, unless one is on its way: the log of a peer does not reach back to what is missing here. */
  wanted({ from }: SnapshotWanted, chosenUpTo: Slot, nowMs: number): void {
    if (this.#loading || this.#loaded !== undefined) return;
    this.#fetch.begin(from, chosenUpTo, nowMs);
  }

  tick(nowMs: number): void {
    this.#fetch.tick(nowMs);
  }

  receive(from: Identity, message: SnapshotRequest | SnapshotPiece, nowMs: number): void {
    if (message.type === 'snapshotPiece') this.#fetch.received(from.replicaId, message, nowMs);
    else this.#serve(from, message);
  }

  /** A state that arrived, to be installed now; nothing where none waits for that. */
  takeLoaded(): LoadedState | undefined {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    return loaded;
  }

  /** A state that arrived is installed: the snapshots before it may go. */
  installed(slot: Slot): void {
    this.#ports.told({ type: 'installed', slot });
    this.dropOld();
  }

  /** Throws away what is kept no more. */
  dropOld(): void {
    this.#ports.then(this.#keeper.dropOld(), (firstNeeded) => this.#kept(firstNeeded));
  }

  /** One that is kept is damaged: nobody is given any of it, and another one takes its place as soon as may be. */
  damaged(slot: Slot, error: DamagedSnapshot): void {
    if (this.#damaged.has(slot)) return;
    this.#damaged.add(slot);
    this.#keeper.hurry();
    this.#ports.told({ type: 'damaged', error });
    this.#ports.changed();
  }

  /**
   * Removes every snapshot: those taken here may hold a state that is not the cell's. Durable when it resolves; the last
   * that is done with them.
   */
  async forgetAll(): Promise<void> {
    await this.#taking;
    const { store } = this.#ports;
    for (const slot of await store.list()) await store.remove(slot);
  }

  #kept(firstNeeded: Slot): void {
    this.#firstNeeded = firstNeeded;
    this.#ports.changed();
  }

  #load(slot: Slot): void {
    const { store, cellId, stateMachine, then, told, changed } = this.#ports;
    this.#loading = true;
    const load = loadSnapshot(store, slot, cellId, stateMachine).catch(async (error: unknown) => {
      if (!(error instanceof DamagedSnapshot)) throw error;
      told({ type: 'damaged', error });
      await store.remove(slot);
      return undefined;
    });
    then(load, (loaded) => {
      this.#loading = false;
      this.#loaded = loaded;
      changed();
    });
  }

  /** One piece for each peer at a time. */
  #serve(to: Identity, { slot, offset }: SnapshotRequest): void {
    if (this.#readingFor.has(to.replicaId)) return;
    this.#readingFor.add(to.replicaId);
    this.#ports.then(this.#piece(slot, offset), (piece) => {
      this.#readingFor.delete(to.replicaId);
      this.#ports.send(to, piece);
    });
  }

  async #piece(slot: Slot, offset: number): Promise<SnapshotPiece> {
    const { store } = this.#ports;
    const wanted = this.#damaged.has(slot) ? undefined : await store.piece(slot, offset, PIECE_BYTES);
    if (wanted !== undefined) return { type: 'snapshotPiece', slot, offset, ...wanted };
    const newest = (await store.list()).find((one) => !this.#damaged.has(one));
    const first = newest === undefined ? undefined : await store.piece(newest, 0, PIECE_BYTES);
    if (newest === undefined || first === undefined) {
      return { type: 'snapshotPiece', slot: 0 as Slot, offset: 0, totalBytes: 0, bytes: new Uint8Array(0) };
    }
    return { type: 'snapshotPiece', slot: newest, offset: 0, ...first };
  }
}

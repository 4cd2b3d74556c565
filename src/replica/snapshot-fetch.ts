import { assert } from '../common/assert.js';
import type { ReplicaId, Slot } from '../paxos/ballot.js';
import { DamagedSnapshot } from '../storage/snapshot-store.js';
import type { IncomingSnapshot, SnapshotStore } from '../storage/snapshot-store.js';
import type { SnapshotPiece, SnapshotRequest } from './transport.js';

/** Which snapshot is asked for when any will do. */
const NEWEST = 0 as Slot;
/** A request that was not answered for so long is sent again. */
const RESEND_MS = 500;
/** So often; then the source is given up, and whoever says next that it has what is missing is asked. */
const PATIENCE = 6;
/** When to ask again after one that the disk has no room for. */
const NO_ROOM_MS = 5_000;

/** What a fetch works with. */
export interface SnapshotFetchPorts {
  readonly store: SnapshotStore;
  readonly send: (to: ReplicaId, request: SnapshotRequest) => void;
  /** Whether the disk has room for so much. */
  readonly fits: (sizeBytes: number) => boolean;
  /** A snapshot arrived, whole and durable. */
  readonly arrived: (slot: Slot) => void;
  /** The disk refused. */
  readonly fatal: (error: unknown) => void;
}

/**
 * Gets a snapshot from a peer, one piece at a time: the next one is asked for when the last is written, so that a transfer
 * goes at the pace of the slower side and never fills a queue. Where the source has thrown it away meanwhile for a newer
 * one, that is taken from its beginning; a source that is silent is given up. (DESIGN 3.4)
 */
export class SnapshotFetch {
  readonly #ports: SnapshotFetchPorts;
  #source: ReplicaId | undefined;
  /** Below this slot one would be of no use. */
  #beyond = 0 as Slot;
  #incoming: IncomingSnapshot | undefined;
  #busy = false;
  /** Whether this source has sent anything that was of use. */
  #helped = false;
  #sentAtMs = -Infinity;
  #sent = 0;
  #notBeforeMs = -Infinity;

  constructor(ports: SnapshotFetchPorts) {
    this.#ports = ports;
  }

  /** Asks `source`, unless a fetch is under way. @param beyond what this replica has by itself */
  begin(source: ReplicaId, beyond: Slot, nowMs: number): void {
    if (this.#source !== undefined || this.#busy || nowMs < this.#notBeforeMs) return;
    this.#source = source;
    this.#beyond = beyond;
    this.#sent = 0;
    this.#helped = false;
    this.#request(nowMs);
  }

  /** Whether a fetch is under way. */
  get active(): boolean {
    return this.#source !== undefined;
  }

  tick(nowMs: number): void {
    if (this.#source === undefined || this.#busy || nowMs - this.#sentAtMs < RESEND_MS) return;
    if (this.#sent < PATIENCE) this.#request(nowMs);
    else this.#giveUp();
  }

  received(from: ReplicaId, piece: SnapshotPiece, nowMs: number): void {
    if (from !== this.#source || this.#busy) return;
    if (piece.slot <= this.#beyond) return this.#giveUp();
    const isNext = piece.slot === this.#incoming?.slot && piece.offset === this.#incoming.receivedBytes;
    const isFirst = piece.slot !== this.#incoming?.slot && piece.offset === 0;
    // Late or repeated.
    if ((!isNext && !isFirst) || piece.bytes.length === 0) return;
    if (!this.#ports.fits(piece.totalBytes - piece.offset)) {
      this.#notBeforeMs = nowMs + NO_ROOM_MS;
      return this.#giveUp();
    }
    this.#busy = true;
    this.#helped = true;
    this.#sent = 0;
    this.#take(piece).then(
      (isWhole) => {
        this.#busy = false;
        if (!isWhole) return this.#request(nowMs);
        this.#source = undefined;
        this.#incoming = undefined;
        this.#ports.arrived(piece.slot);
      },
      (error: unknown) => this.#failed(error),
    );
  }

  async #take({ slot, totalBytes, bytes }: SnapshotPiece): Promise<boolean> {
    const { store } = this.#ports;
    if (this.#incoming !== undefined && this.#incoming.slot !== slot) {
      await this.#incoming.discard();
      this.#incoming = undefined;
    }
    const incoming = (this.#incoming ??= await store.receive(slot));
    await incoming.append(bytes);
    if (incoming.receivedBytes < totalBytes) return false;
    await incoming.complete();
    return true;
  }

  #request(nowMs: number): void {
    assert(this.#source !== undefined, 'somebody is asked');
    this.#sentAtMs = nowMs;
    this.#sent++;
    const { slot, receivedBytes } = this.#incoming ?? { slot: NEWEST, receivedBytes: 0 };
    this.#ports.send(this.#source, { type: 'snapshotRequest', slot, offset: receivedBytes });
  }

  /** What came of it is kept, for who is asked next may have the same one; once. */
  #giveUp(): void {
    this.#source = undefined;
    if (!this.#helped) this.#discard();
  }

  /** What was damaged on its way, or at its source, is thrown away, and asked for again by whoever misses it. */
  #failed(error: unknown): void {
    if (error instanceof DamagedSnapshot) this.#discard();
    else this.#ports.fatal(error);
  }

  #discard(): void {
    if (this.#incoming === undefined) return;
    this.#busy = true;
    this.#incoming.discard().then(
      () => {
        this.#busy = false;
        this.#source = undefined;
        this.#incoming = undefined;
      },
      (failure: unknown) => this.#ports.fatal(failure),
    );
  }
}

import { assert } from '../common/assert.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { PeerFrame, Transport } from '../replica/transport.js';
import { parseAddress } from './address.js';
import { encodeFrame } from './peer-codec.js';
import { PeerClock } from './peer-clock.js';
import { PeerLane } from './peer-lane.js';
import type { PeerTimings } from './peer-lane.js';
import { LANES, splitByLane } from './peer-lanes.js';
import type { LaneName } from './peer-lanes.js';
import { PeerListener } from './peer-listener.js';
import type { PeerCounts } from './peer-listener.js';
import { PEER_PORT_LIMITS } from '../wire/limits.js';
import type { PeerPortLimits } from '../wire/limits.js';
import { serviceOf } from './proto.js';

const MIB = 1024 * 1024;
/** The one method between replicas: its path names it to any gRPC. */
export const EXCHANGE_PATH = serviceOf('chubby.peer.v1.Peer')['Exchange']!.path;

const TIMINGS: PeerTimings = { redialMinMs: 50, redialMaxMs: 1_000, connectMs: 1_000, pingMs: 2_000 };
/** What may wait for a peer that does not read: several turns of a full window; old news is not worth more memory. */
const QUEUE_BYTES: Readonly<Record<LaneName, number>> = { control: 8 * MIB, values: 32 * MIB, bulk: 16 * MIB };

export interface GrpcTransportOptions {
  readonly self: ReplicaId;
  /** `host:port` of the peer port of this replica; port 0 lets the system choose. */
  readonly listen: string;
  /** `host:port` of every other replica's peer port. */
  readonly peers: ReadonlyMap<ReplicaId, string>;
  /** Told when a lane to a peer begins and ceases to carry frames; for the log. */
  readonly laneChanged?: (
    peer: ReplicaId,
    lane: LaneName,
    state: { readonly up: boolean; readonly cause: string },
  ) => void;
  /** Told now and then how much faster a peer's clock runs than the own one, as a fraction. */
  readonly clockCompared?: (peer: ReplicaId, drift: number) => void;
  readonly timings?: Partial<PeerTimings>;
  readonly queueBytes?: Readonly<Record<LaneName, number>>;
  readonly limits?: Partial<PeerPortLimits>;
}

/** What the transport did so far. */
export interface TransportCounts extends Readonly<PeerCounts> {
  readonly sent: number;
  /** Frames not sent: the peer was away or is none, or too much waited for it. */
  readonly dropped: number;
}

/** What the transport knows of a peer. */
export interface PeerContact {
  /** Frames to it find a connection now. */
  readonly connected: boolean;
  /** How long ago its last frame came; absent before the first. */
  readonly heardAgoMs: number | undefined;
  /** How much faster its clock runs than the own one, as a fraction; absent until that is known. */
  readonly clockDrift: number | undefined;
}

interface Heard {
  atMs: number;
  readonly clock: PeerClock;
}

/** Frames between replicas over gRPC (DESIGN 6): dials every peer and takes what the peers, dialling here, send. */
export class GrpcTransport implements Transport {
  readonly #lanes = new Map<ReplicaId, Record<LaneName, PeerLane>>();
  readonly #listener: PeerListener;
  /** Of configured peers only: strangers may claim any id. */
  readonly #heard = new Map<ReplicaId, Heard>();
  #receive: ((frame: PeerFrame) => void) | undefined;
  #sent = 0;
  #dropped = 0;

  private constructor(private readonly options: GrpcTransportOptions) {
    this.#listener = new PeerListener(options.self, EXCHANGE_PATH, (frame) => this.#arrived(frame), {
      ...PEER_PORT_LIMITS,
      ...options.limits,
    });
  }

  /**
   * Listens and begins to dial. The port bound is in the result.
   *
   * @throws RangeError for a malformed address, Error of Node when the own one cannot be had
   */
  static async start(
    options: GrpcTransportOptions,
  ): Promise<{ readonly transport: GrpcTransport; readonly port: number }> {
    const peers = [...options.peers].map(([id, address]) => [id, parseAddress(address)] as const);
    const transport = new GrpcTransport(options);
    const port = await transport.#listener.listen(parseAddress(options.listen));
    for (const [id, address] of peers) {
      const laneTo = (name: LaneName): PeerLane => transport.#openLane(id, name, address);
      transport.#lanes.set(id, { control: laneTo('control'), values: laneTo('values'), bulk: laneTo('bulk') });
    }
    return { transport, port };
  }

  get counts(): TransportCounts {
    return { ...this.#listener.counts, sent: this.#sent, dropped: this.#dropped };
  }

  /** Whether frames to the peer find a connection now. */
  isUp(peer: ReplicaId): boolean {
    const lanes = this.#lanes.get(peer);
    return lanes !== undefined && lanes.control.isUp && lanes.values.isUp;
  }

  /** What is known of a peer; of one that is not configured, that there is no contact. */
  contactWith(peer: ReplicaId): PeerContact {
    const heard = this.#heard.get(peer);
    return {
      connected: this.isUp(peer),
      heardAgoMs: heard === undefined ? undefined : performance.now() - heard.atMs,
      clockDrift: heard?.clock.drift,
    };
  }

  send(frame: PeerFrame): void {
    // Absent for an id that only a stranger gave itself, and that is now answered.
    const lanes = this.#lanes.get(frame.to.replicaId);
    for (const part of splitByLane(frame)) {
      const lane = lanes?.[part.lane];
      if (lane?.isUp === true && lane.send(this.#encode(part.frame))) this.#sent++;
      else this.#dropped++;
    }
  }

  onFrame(receive: (frame: PeerFrame) => void): void {
    this.#receive = receive;
  }

  async close(): Promise<void> {
    for (const lanes of this.#lanes.values()) for (const name of LANES) lanes[name].close();
    await this.#listener.close();
  }

  #arrived(frame: PeerFrame): void {
    this.#note(frame);
    this.#receive?.(frame);
  }

  #note({ from: { replicaId }, sentUs }: PeerFrame): void {
    if (!this.#lanes.has(replicaId)) return;
    const atMs = performance.now();
    let heard = this.#heard.get(replicaId);
    if (heard === undefined) this.#heard.set(replicaId, (heard = { atMs, clock: new PeerClock() }));
    heard.atMs = atMs;
    if (sentUs === undefined || !heard.clock.heard(sentUs / 1000, atMs)) return;
    const { drift } = heard.clock;
    if (drift !== undefined) this.options.clockCompared?.(replicaId, drift);
  }

  #encode(frame: PeerFrame): Buffer {
    const bytes = encodeFrame({ ...frame, sentUs: Math.round(performance.now() * 1000) });
    assert(bytes.length <= PEER_PORT_LIMITS.frameBytes, 'no message is larger than a frame may be');
    return bytes;
  }

  #openLane(peer: ReplicaId, name: LaneName, address: ReturnType<typeof parseAddress>): PeerLane {
    const { laneChanged, timings, queueBytes = QUEUE_BYTES } = this.options;
    return new PeerLane(
      address,
      EXCHANGE_PATH,
      queueBytes[name],
      { ...TIMINGS, ...timings },
      {
        up: () => laneChanged?.(peer, name, { up: true, cause: 'connected' }),
        down: (cause) => laneChanged?.(peer, name, { up: false, cause }),
      },
    );
  }
}

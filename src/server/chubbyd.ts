import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Timer } from '../common/clock.js';
import { showBallot } from '../paxos/ballot.js';
import type { ReplicaId } from '../paxos/ballot.js';
import { Replica } from '../replica/replica.js';
import type { Stranger } from '../replica/replica.js';
import type { CheckNotice } from '../replica/state-checks.js';
import type { SnapshotNotice } from '../replica/snapshots.js';
import type { SpaceNotice } from '../replica/space-watch.js';
import { ClientServer } from '../rpc/client-server.js';
import { GrpcTransport } from '../rpc/peer-transport.js';
import { ChubbyService } from '../service/chubby-service.js';
import { NO_LOAD } from '../service/master-load.js';
import type { Rereadable } from '../storage/rereadable.js';
import type { SnapshotStore } from '../storage/snapshot-store.js';
import { openDataDirectory } from '../storage/level/data-directory.js';
import { directoriesSetAside } from '../storage/level/set-aside.js';
import { ReserveFile } from '../storage/level/reserve-file.js';
import { listening, tryAddresses } from './address-refused.js';
import { FlightRecorder } from './flight-recorder.js';
import { AdminHttp } from './admin-http.js';
import type { AdminPages } from './admin-http.js';
import type { ReplicaConfig } from '../config/config.js';
import { liveness, readiness } from './health.js';
import { IdentityWatch } from './identity-watch.js';
import { MeasuredLog } from './measured-log.js';
import { Metrics } from './metrics.js';
import { MachineClock } from '../machine/machine-clock.js';
import { MachineRng } from '../machine/machine-rng.js';
import { healthOf, placeOf } from './replica-health.js';
import { sameState, stateOf } from './replica-state.js';
import type { ReplicaState } from './replica-state.js';
import { LIMITS } from '../wire/limits.js';
import type { ReplicaHealth } from '../wire/types.js';
import { VERSION } from './package-files.js';
import { Scrub } from './scrub.js';
import { addressesIn, ServedReplica } from './served-replica.js';

export interface ChubbydOptions {
  readonly config: ReplicaConfig;
  readonly log: Logger;
  /** Told what makes it impossible to go on; ends the process. */
  readonly fatal: (error: unknown) => void;
  readonly onState: (state: ReplicaState) => void;
}

// The bounds of a shutdown. (DESIGN 8)
const HAND_OVER_MS = 1_000;
const CLOSE_MS = 1_000;
/** For the answers that the end of a reign has caused to reach their clients. */
const FLUSH_MS = 50;

const LOOK_EVERY_MS = 50;
/** In the data directory; damage to it is harmless. */
const HISTORY_FILE = 'history.jsonl';

/** One replica of a cell as a process runs it: everything composed from its configuration, until it is stopped. */
export class Chubbyd {
  readonly #options: ChubbydOptions;
  readonly #clock = new MachineClock();
  /** What is to be closed, the newest first. */
  readonly #closers: (() => Promise<void> | void)[] = [];
  #replica: Replica | undefined;
  #service: ChubbyService | undefined;
  #state: ReplicaState = { name: 'starting' };
  #lookTimer: Timer | undefined;
  #recorder: FlightRecorder | undefined;
  /** The peers whose clocks run at another rate than may be. */
  readonly #clocksBeyond = new Set<ReplicaId>();

  constructor(options: ChubbydOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the replica takes part. A process that cannot have its addresses touches no disk.
   *
   * @throws AddressRefused when another process has one of the addresses
   * @throws UnusableDirectory, DamagedIdentity, DamagedLog, StorageFailure when the data directory cannot be used
   */
  async start(): Promise<void> {
    const { config, log, fatal } = this.#options;
    log.info({ listen: config.listen, dataDir: config.dataDir, node: process.version }, 'starts');
    log.warn('open: no TLS and no access control, anybody who reaches the ports may do anything');
    await tryAddresses([config.listen]);

    const rng = new MachineRng();
    const metrics = new Metrics(config.cell, config.replicaId);
    const space = await ReserveFile.open(config.dataDir, config.disk.reserveBytes);
    const { identity, identityStore, replayLog, snapshots } = await openDataDirectory(
      config.dataDir,
      config.replicaId,
      rng,
    );
    this.#closers.unshift(() => replayLog.close());
    const recorder = (this.#recorder = new FlightRecorder(join(config.dataDir, HISTORY_FILE), this.#clock));
    recorder.record('started', { detail: `version ${VERSION}, incarnation ${identity.self.incarnation}` });
    const measuredLog = new MeasuredLog(replayLog, this.#clock, (durationMs) => metrics.appended(durationMs));
    const watch = new IdentityWatch(identityStore, identity.self, this.#clock, fatal);
    this.#closers.unshift(() => watch.stop());

    const transport = await this.#dialPeers();
    const replica = new Replica({
      replicaId: config.replicaId,
      configured: config.replicas.map(({ id }) => id),
      timings: config.timings,
      identityStore,
      log: measuredLog,
      snapshots,
      snapshotSchedule: config.snapshots,
      checkSchedule: { afterSlots: LIMITS.checkSlots, afterMs: LIMITS.checkMs },
      space,
      transport,
      clock: this.#clock,
      rng,
      application: (replicatedLog, cellId) =>
        (this.#service = new ChubbyService({
          cellName: config.cell,
          cellId,
          self: config.replicaId,
          replicas: addressesIn(config),
          log: replicatedLog,
          clock: this.#clock,
          rng,
          timings: config.timings,
        })),
      fatal: (error) => {
        recorder.record('ended', { detail: error.message });
        fatal(error);
      },
      onSpace: (notice) => this.#noteSpace(notice),
      onSnapshot: (notice) => this.#noteSnapshot(notice, metrics),
      onCheck: (notice) => this.#noteCheck(notice),
      onChange: ({ change, outcome, cause }) => {
        log.warn({ change, outcome, cause }, 'change of membership');
        recorder.record('membership', { detail: `${JSON.stringify(change)}: ${outcome}` });
      },
      onRival: (claimant, rival) => log.error({ claimant, rival }, 'two replicas claim one place: stop one of them'),
      onStranger: (stranger) => this.#warnOf(stranger),
      onReign: (notice) => {
        if (notice.type === 'reignEnded') {
          log.warn({ cause: notice.cause }, 'is master no longer');
          return recorder.record('reign-ended', { detail: notice.cause });
        }
        const epoch = showBallot(notice.epoch);
        const detail = this.#replica?.status().node?.stoodBecause ?? '';
        log.info({ epoch, cause: detail }, 'is master');
        recorder.record('reign-began', { epoch, detail });
      },
    });
    this.#replica = replica;
    const sources = {
      config,
      replica,
      place: placeOf(config.dataDir),
      setAside: await directoriesSetAside(config.dataDir),
      contactWith: (peer: ReplicaId) => transport.contactWith(peer),
      timings: () => this.#service?.timings(),
      appendMs: () => measuredLog.appendMs,
    };
    const health = (): ReplicaHealth => healthOf(sources);
    const clients = await this.#listenToClients(
      new ServedReplica(config, replica, () => this.#service, health, recorder, this.#clock),
    );
    this.#measure(metrics, replica, transport, clients);
    await this.#serveAdmin({
      health: () =>
        liveness(
          { answeredAtMs: watch.answeredAtMs, appendingSinceMs: measuredLog.appendingSinceMs },
          this.#clock.monotonicMs(),
        ),
      ready: () => readiness(stateOf(replica), replica.status().node, config.timings.windowSlots),
      metrics: () => metrics.page(),
    });
    await replica.start();
    this.#scrub(replica, replayLog, snapshots, metrics);
    this.#look(replica, clients);
  }

  /** A damaged log ends the replica, and its next life sets it aside, as with damage that a start finds. */
  #scrub(replica: Replica, log: Rereadable, snapshots: SnapshotStore, metrics: Metrics): void {
    const { config, fatal } = this.#options;
    const scrub = new Scrub({
      log,
      snapshots,
      clock: this.#clock,
      bytesPerSecond: config.scrub.bytesPerSecond,
      snapshotDamaged: (slot, error) => replica.snapshotDamaged(slot, error),
      failed: (error) => void replica.stop(HAND_OVER_MS).then(() => fatal(error), fatal),
    });
    metrics.addCounters({
      scrub_rounds_total: { help: 'Times that all files were read again', read: () => scrub.rounds },
      scrub_read_bytes_total: { help: 'Bytes of files read again', read: () => scrub.readBytes },
    });
    this.#closers.unshift(() => scrub.stop());
    scrub.start();
  }

  /** Hands over if this replica is master, then closes everything; within two seconds. Never fails. */
  async stop(): Promise<void> {
    const { log } = this.#options;
    await this.#replica?.stop(HAND_OVER_MS);
    this.#recorder?.record('ended', { detail: 'it was asked to stop' });
    await this.#pause(FLUSH_MS);
    this.#lookTimer?.cancel();
    const closed = this.#close().catch((error: unknown) => log.error({ err: error }, 'could not close everything'));
    await Promise.race([closed, this.#pause(CLOSE_MS)]);
  }

  async #close(): Promise<void> {
    for (const close of this.#closers) await close();
  }

  #warnOf({ replicaId, cellId, ownCellId }: Stranger): void {
    const { config, log } = this.#options;
    const sentence =
      `replica ${replicaId} speaks for cell ${cellId}, this replica's data directory ${config.dataDir} is of cell ` +
      `${ownCellId}: correct the data directory or the peer addresses, of whichever is the wrong one`;
    log.error({ replicaId, cellId, ownCellId }, sentence);
    console.error(`chubbyd: ${sentence}`);
  }

  #noteSpace({ space, freeBytes, heldBytes }: SpaceNotice): void {
    const { config, log } = this.#options;
    this.#recorder?.record('space', { detail: `${space}, ${freeBytes} bytes free` });
    const where = { dataDir: config.dataDir, freeBytes, reserveBytes: heldBytes };
    if (space === 'ample') return log.info(where, 'the disk has room again: client writes are accepted');
    const sentence = 'the disk is short of space: client writes are refused here until some is freed';
    if (space === 'short') log.warn(where, sentence);
    else log.error(where, `${sentence}, and much of the reserve is spent`);
  }

  #noteSnapshot(notice: SnapshotNotice, metrics: Metrics): void {
    const { log } = this.#options;
    const at = 'slot' in notice ? ` at slot ${notice.slot}` : '';
    this.#recorder?.record('snapshot', { detail: `${notice.type}${at}` });
    if (notice.type === 'damaged') {
      metrics.snapshotDamaged();
      return log.error({ err: notice.error }, 'a snapshot is damaged and used no more');
    }
    if (notice.type === 'installed') {
      metrics.snapshotInstalled();
      return log.info({ slot: notice.slot }, 'took over the state of a peer');
    }
    if (notice.type === 'noRoom') {
      const { stateBytes } = notice;
      return log.warn({ stateBytes }, 'no room for a snapshot: the log behind it cannot be freed');
    }
    const { slot, stateBytes, tookMs } = notice;
    metrics.snapshotTaken(tookMs);
    log.info({ slot, stateBytes, tookMs: Math.round(tookMs) }, 'took a snapshot');
  }

  #noteCheck(notice: CheckNotice): void {
    const { log } = this.#options;
    const { type, ...what } = notice;
    this.#recorder?.record('state', { detail: `${type} at slot ${notice.slot}` });
    if (type === 'differs') log.error(what, 'a replica has another state than a majority: it takes itself out');
    else if (type === 'settled') log.warn(what, 'a majority has the same state again: it is written again');
    else log.error(what, 'no majority has the same state: nothing is written until one has; restart a replica');
  }

  /** Leases rest on the bound: no rule of the protocol can see that it is broken. (DESIGN 3.5) */
  #compareClock(peer: ReplicaId, drift: number): void {
    const maxClockDrift = (this.#service?.timings() ?? this.#options.config.timings).maxClockDrift;
    const beyond = Math.abs(drift) > maxClockDrift;
    if (beyond === this.#clocksBeyond.has(peer)) return;
    const { log } = this.#options;
    if (beyond) {
      this.#clocksBeyond.add(peer);
      log.error({ peer, drift, maxClockDrift }, 'its clock and this one run at different rates: leases are not safe');
    } else {
      this.#clocksBeyond.delete(peer);
      log.info({ peer, drift, maxClockDrift }, 'its clock and this one run at the same rate again');
    }
  }

  #pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(durationMs, resolve));
  }

  async #dialPeers(): Promise<GrpcTransport> {
    const { config, log } = this.#options;
    const peers = config.replicas.filter(({ id }) => id !== config.replicaId);
    const { transport } = await listening('the other replicas', config.listen.peer, () =>
      GrpcTransport.start({
        self: config.replicaId,
        listen: config.listen.peer,
        peers: new Map(peers.map(({ id, peerAddress }) => [id, peerAddress])),
        laneChanged: (peer, lane, { up, cause }) =>
          log.info({ peer, lane, cause }, up ? 'peer connected' : 'peer disconnected'),
        clockCompared: (peer, drift) => this.#compareClock(peer, drift),
      }),
    );
    this.#closers.unshift(() => transport.close());
    return transport;
  }

  async #listenToClients(cell: ServedReplica): Promise<ClientServer> {
    const { config, fatal } = this.#options;
    const { server } = await listening('clients', config.listen.client, () =>
      ClientServer.start({ listen: config.listen.client, cell, fatal }),
    );
    this.#closers.unshift(() => server.close());
    return server;
  }

  async #serveAdmin(pages: AdminPages): Promise<void> {
    const { admin } = this.#options.config.listen;
    if (admin === undefined) return;
    const http = await AdminHttp.start(admin, pages);
    this.#closers.unshift(() => http.close());
  }

  #measure(metrics: Metrics, replica: Replica, transport: GrpcTransport, clients: ClientServer): void {
    const state = (): ReturnType<ChubbyService['status']> | undefined => this.#service?.status();
    metrics.addReplica(
      () => stateOf(replica),
      () => replica.status(),
    );
    metrics.addMaster(() => this.#service?.load ?? NO_LOAD);
    metrics.addGauges({
      applied_slot: {
        help: 'Highest slot up to which every value is applied',
        read: () => state()?.applied ?? 0,
      },
      disk_free_bytes: {
        help: 'Free on the disk of the data directory, beside the reserve',
        read: () => replica.room.freeBytes,
      },
      disk_reserve_bytes: { help: 'What the reserve for a full disk holds', read: () => replica.room.heldBytes },
      disk_short: {
        help: '1 while this replica refuses client writes because its disk is short of space',
        read: () => (replica.room.space === 'ample' ? 0 : 1),
      },
      disk_pace_own_seconds: {
        help: 'What the own disk of a master takes for a value, over the last ones',
        read: () => (replica.status().node?.pace?.ownMs ?? 0) / 1000,
      },
      disk_pace_others_seconds: {
        help: 'The same of as many others as make a majority with it, network included',
        read: () => (replica.status().node?.pace?.othersMs ?? 0) / 1000,
      },
      cell_disks_short: {
        help: '1 at a master that refuses client writes because a majority is short of space',
        read: () => (replica.shortOfSpace() ? 1 : 0),
      },
      peer_clock_drift: {
        help: "What the rate of the peers' clocks differs by from this one's at the most, as a fraction",
        read: () => this.#largestDrift(transport),
      },
      entries: { help: 'Entries of the database', read: () => state()?.entries ?? 0 },
      client_connections: { help: 'Open connections of clients', read: () => clients.counts.open },
      client_held_bytes: {
        help: 'Requests of clients that have not come whole, or wait for their turn',
        read: () => clients.counts.heldBytes,
      },
      client_queued_bytes: { help: 'Replies waiting for slow readers', read: () => clients.counts.queuedBytes },
    });
    metrics.addCounters({
      mastership_yielded_total: {
        help: 'Times that this master handed over because another replica was better off',
        read: () => replica.timesYielded,
      },
      client_connections_refused_total: { help: 'Connections over a bound', read: () => clients.counts.refused },
      client_connections_cut_total: { help: 'Connections ended by this end', read: () => clients.counts.cut },
      client_answers_unsent_total: { help: 'Answers that could not be sent', read: () => clients.counts.unsent },
      peer_frames_sent_total: { help: 'Frames sent to peers', read: () => transport.counts.sent },
      peer_frames_dropped_total: { help: 'Frames not sent to peers', read: () => transport.counts.dropped },
      peer_frames_received_total: { help: 'Frames from peers', read: () => transport.counts.received },
      peer_frames_malformed_total: { help: 'Frames that were none', read: () => transport.counts.malformed },
      peer_frames_misaddressed_total: { help: 'Frames for others', read: () => transport.counts.misaddressed },
    });
  }

  #largestDrift(transport: GrpcTransport): number {
    const drifts = this.#options.config.replicas.map(({ id }) => Math.abs(transport.contactWith(id).clockDrift ?? 0));
    return Math.max(...drifts);
  }

  /** Tells of each change of state. A change that lasts shorter than a look is none worth telling. */
  #look(replica: Replica, clients: ClientServer): void {
    this.#lookTimer = this.#clock.after(LOOK_EVERY_MS, () => this.#look(replica, clients));
    const state = stateOf(replica);
    if (sameState(state, this.#state)) return;
    this.#state = state;
    this.#options.log.info({ state }, 'state');
    if (state.name === 'follower') this.#recorder?.record('follows', { master: state.master ?? 0 });
    if (state.name === 'seeking') this.#recorder?.record('seeks');
    clients.setMaster(state.name === 'master');
    this.#options.onState(state);
  }
}

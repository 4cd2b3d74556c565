import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CLIENT_PORT_LIMITS, LIMITS, PEER_PORT_LIMITS } from '../wire/limits.js';
import type { ReplicaStatus } from '../replica/replica.js';
import type { MasterLoad } from '../service/master-load.js';
import type { ReplicaState, ReplicaStateName } from './replica-state.js';

/** What one number is read from at each scrape. */
export interface MetricSource {
  readonly help: string;
  readonly read: () => number;
}

/** By their names, without prefix. */
export type MetricSources = Readonly<Record<string, MetricSource>>;

const PREFIX = 'chubby_';
const STATES: readonly ReplicaStateName[] = ['forming', 'starting', 'seeking', 'follower', 'master'];
const SNAPSHOT_BUCKETS_S = [0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60];
const APPEND_BUCKETS_S = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5];

/** The metrics of one replica, in Prometheus' text format. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #appendSeconds: Histogram;
  readonly #snapshotSeconds: Histogram;
  readonly #snapshotsInstalled: Counter;
  readonly #snapshotsDamaged: Counter;

  constructor(cell: string, replicaId: number) {
    this.#registry.setDefaultLabels({ cell, replica: String(replicaId) });
    this.#addLimits();
    collectDefaultMetrics({ register: this.#registry, prefix: PREFIX });
    this.#appendSeconds = new Histogram({
      name: `${PREFIX}log_append_seconds`,
      help: 'Duration of the synced writes to the replay log',
      buckets: APPEND_BUCKETS_S,
      registers: [this.#registry],
    });
    this.#snapshotSeconds = new Histogram({
      name: `${PREFIX}snapshot_seconds`,
      help: 'Duration of the snapshots taken',
      buckets: SNAPSHOT_BUCKETS_S,
      registers: [this.#registry],
    });
    this.#snapshotsInstalled = new Counter({
      name: `${PREFIX}snapshots_installed_total`,
      help: 'States taken over from peers, where their logs did not reach back',
      registers: [this.#registry],
    });
    this.#snapshotsDamaged = new Counter({
      name: `${PREFIX}snapshots_damaged_total`,
      help: 'Snapshots found not to be what was written',
      registers: [this.#registry],
    });
  }

  /** Adds what the replica tells of itself. */
  addReplica(state: () => ReplicaState, status: () => ReplicaStatus): void {
    this.#addState(state);
    const node = (read: (node: NonNullable<ReplicaStatus['node']>) => number) => () => {
      const { node: view } = status();
      return view === undefined ? 0 : read(view);
    };
    this.addGauges({
      chosen_slot: {
        help: 'Highest slot up to which every value is known to be chosen',
        read: node((n) => n.chosenUpTo),
      },
      known_slot: { help: 'Highest slot that this replica knows to be in use', read: node((n) => n.highestKnown) },
      in_flight_values: { help: 'Values proposed here and not yet chosen', read: node((n) => n.inFlight) },
      log_first_slot: { help: 'Lowest slot whose record the log has', read: () => status().firstSlot },
      verified_slot: {
        help: 'Last slot after which the state is known to be that of a majority',
        read: () => status().checks?.verifiedSlot ?? 0,
      },
      state_disputed: {
        help: '1 while no majority of the replicas has the same state, so that nothing is written',
        read: () => Number(status().checks?.disputed ?? false),
      },
      promised_round: { help: 'Round of the highest ballot promised', read: node((n) => n.promised.round) },
    });
    this.addCounters({
      state_mismatches_total: {
        help: 'Times that this replica, as master, found another one to have another state than a majority',
        read: () => status().checks?.mismatches ?? 0,
      },
    });
  }

  /** Adds what this replica has to carry while it is master. */
  addMaster(load: () => MasterLoad): void {
    this.addGauges({
      sessions: { help: 'Sessions that this master serves', read: () => load().sessions },
      stretched_lease_seconds: {
        help: 'To what the number of sessions stretches each lease; 0 while they are few',
        read: () => load().stretchedLeaseMs / 1000,
      },
      waiting_acquires: { help: 'Acquires that wait for a lock', read: () => load().waitingAcquires },
      cached_answers: { help: 'Answers that clients may have cached', read: () => load().cachedAnswers },
      changes_waiting: {
        help: 'Changes that wait until nobody caches what they touch',
        read: () => load().changesWaiting,
      },
      subscriptions: { help: 'Handles that are told of events', read: () => load().subscriptions },
      event_bytes: { help: 'Events that wait for acknowledgements', read: () => load().eventBytes },
    });
  }

  /** Adds numbers that may fall. */
  addGauges(sources: MetricSources): void {
    for (const [name, { help, read }] of Object.entries(sources)) {
      new Gauge({
        name: PREFIX + name,
        help,
        registers: [this.#registry],
        collect() {
          this.set(read());
        },
      });
    }
  }

  /** Adds numbers that only grow. */
  addCounters(sources: MetricSources): void {
    for (const [name, { help, read }] of Object.entries(sources)) {
      new Counter({
        name: PREFIX + name,
        help,
        registers: [this.#registry],
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    }
  }

  /** A synced write of the replay log is done. */
  appended(durationMs: number): void {
    this.#appendSeconds.observe(durationMs / 1000);
  }

  /** A snapshot is written. */
  snapshotTaken(tookMs: number): void {
    this.#snapshotSeconds.observe(tookMs / 1000);
  }

  /** A peer's state was taken over. */
  snapshotInstalled(): void {
    this.#snapshotsInstalled.inc();
  }

  /** A snapshot was found damaged. */
  snapshotDamaged(): void {
    this.#snapshotsDamaged.inc();
  }

  async page(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #addLimits(): void {
    const gauge = new Gauge({
      name: `${PREFIX}limit`,
      help: 'The bounds of this replica, by where they hold',
      labelNames: ['where', 'limit'],
      registers: [this.#registry],
    });
    for (const [where, limits] of Object.entries({
      cell: LIMITS,
      clientPort: CLIENT_PORT_LIMITS,
      peerPort: PEER_PORT_LIMITS,
    })) {
      for (const [limit, bound] of Object.entries(limits)) gauge.set({ where, limit }, bound);
    }
  }

  #addState(state: () => ReplicaState): void {
    new Gauge({
      name: `${PREFIX}replica_state`,
      help: '1 for the state that the replica is in, 0 for the others',
      labelNames: ['state'],
      registers: [this.#registry],
      collect() {
        const { name } = state();
        for (const other of STATES) this.set({ state: other }, other === name ? 1 : 0);
      },
    });
  }
}

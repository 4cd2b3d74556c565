import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { ReplicaId } from '../paxos/ballot.js';
import { loadCell } from '../config/config.js';
import type { ReplicaConfig } from '../config/config.js';
import { freePorts } from './free-ports.js';
import { ReplicaProcess } from './replica-process.js';
import type { ReplicaProcessOptions } from './replica-process.js';

/** How to run a cell that a configuration file describes. */
export interface LocalCellOptions extends Omit<ReplicaProcessOptions, 'id' | 'restart'> {
  /** Whether a replica that died is started again; not unless said so. */
  readonly restart?: boolean;
}

/** A replica of a {@link LocalCell}: its process, and what it runs by. */
export interface LocalReplica {
  readonly id: ReplicaId;
  readonly config: ReplicaConfig;
  readonly process: ReplicaProcess;
}

const LOOK_EVERY_MS = 10;
/** The least there is: what is measured and tested is not to wait for the writing of it. */
const RESERVE_BYTES = 16 * 1024 * 1024;

/** A whole cell on this machine, one child process for each replica. */
export class LocalCell {
  readonly replicas: readonly LocalReplica[];

  /** @throws ConfigError */
  constructor(options: LocalCellOptions) {
    const { configFile, environment } = options;
    this.replicas = loadCell(configFile, { ...process.env, ...environment }).map((config) => {
      const id = config.replicaId;
      return { id, config, process: new ReplicaProcess({ restart: false, ...options, id }) };
    });
  }

  /** Where clients reach the replicas, in the order of their ids. */
  get clientAddresses(): readonly string[] {
    return this.replicas[0]!.config.replicas.map(({ clientAddress }) => clientAddress);
  }

  /** The replica that says it is master now; of two, the one that others follow. */
  get master(): LocalReplica | undefined {
    const followed = new Set(this.replicas.map(({ process }) => process.state?.master));
    const masters = this.replicas.filter(({ process }) => process.state?.name === 'master');
    return masters.find(({ id }) => followed.has(id)) ?? masters[0];
  }

  /** @throws RangeError when the cell has no such replica */
  replica(id: number): LocalReplica {
    const found = this.replicas.find((replica) => replica.id === id);
    if (found === undefined) throw new RangeError(`this cell has no replica ${id}`);
    return found;
  }

  /** Starts every replica that does not run. */
  start(): void {
    for (const { process } of this.replicas) process.start();
  }

  /**
   * Resolves with the master once there is one.
   *
   * @throws Error when there is none after `patienceMs`
   */
  async waitForMaster(patienceMs: number): Promise<LocalReplica> {
    const endMs = performance.now() + patienceMs;
    for (;;) {
      const { master } = this;
      if (master !== undefined) return master;
      if (performance.now() > endMs) throw new Error(`no master after ${patienceMs} ms: ${this.#described()}`);
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Stops every replica, all at the same time. */
  async stop(): Promise<void> {
    await Promise.all(this.replicas.map(({ process }) => process.stop()));
  }

  /** Ends every replica without a warning, all at the same time. */
  async kill(): Promise<void> {
    await Promise.all(this.replicas.map(({ process }) => process.kill()));
  }

  #described(): string {
    return this.replicas
      .map(({ id, process }) => `${id} ${process.state?.name ?? 'down'} ${process.said.join(' ')}`.trim())
      .join(', ');
  }
}

/** What a configuration is written with for tests and benchmarks. */
export interface NewLocalCell extends Omit<LocalCellOptions, 'configFile'> {
  /** Receives `cell.yaml`, `replica-N/` and `log/replica-N.log`; may hold the data of an earlier start. */
  readonly directory: string;
  readonly cell?: string;
  readonly size?: 1 | 3 | 5 | 7;
}

/** Writes the configuration of a cell on free ports of this machine, and starts it. */
export async function startLocalCell(options: NewLocalCell): Promise<LocalCell> {
  const { directory, cell = 'local', size = 5, ...rest } = options;
  mkdirSync(directory, { recursive: true });
  const configFile = join(directory, 'cell.yaml');
  writeFileSync(configFile, await describeCell(directory, cell, size));
  const started = new LocalCell({ ...rest, configFile });
  started.start();
  return started;
}

async function describeCell(directory: string, cell: string, size: number): Promise<string> {
  const ports = await freePorts(3 * size);
  const addressOf = (index: number): string => `127.0.0.1:${ports[index]!}`;
  const replicas = Array.from({ length: size }, (_, index) => ({
    id: index + 1,
    clientAddress: addressOf(index),
    peerAddress: addressOf(size + index),
    adminAddress: addressOf(2 * size + index),
  }));
  const dataDir = join(directory, 'replica-{replicaId}');
  const disk = { reserveBytes: RESERVE_BYTES };
  return stringify({ cell, replicas, dataDir, disk, log: { file: join(directory, 'log', 'replica-{replicaId}.log') } });
}

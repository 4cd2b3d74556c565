import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Channel } from '../../../src/client/channel.js';
import type { Client } from '../../../src/client/client.js';
import { GrpcChannel } from '../../../src/client/grpc/grpc-channel.js';
import { connect } from '../../../src/client/index.js';
import type { ClientOptions } from '../../../src/client/index.js';
import { startLocalCell } from '../../../src/server/local-cell.js';
import type { LocalCell } from '../../../src/server/local-cell.js';
import { ELECTION_MS, eventually } from '../../e2e/running-cell.js';
import { CELL } from './backend.js';
import type { Backend, BackendKind, MastersEnd } from './backend.js';

const SETTLE_MS = 40;
const UNTIL_MS = 30_000;

/** Five real processes on the loopback, reached over gRPC. */
class ProcessesBackend implements Backend {
  readonly inProcess = undefined;
  readonly #observer: Client;

  constructor(
    private readonly cell: LocalCell,
    private readonly directory: string,
  ) {
    this.#observer = this.client();
  }

  get addresses(): readonly string[] {
    return this.cell.clientAddresses;
  }

  client(options: ClientOptions = {}): Client {
    return connect({ ...options, cell: this.addresses.join(',') });
  }

  channelTo(address: string): Channel {
    return new GrpcChannel(address);
  }

  pass(ms: number): Promise<void> {
    return delay(ms);
  }

  async until<Result>(promise: Promise<Result>, withinMs = UNTIL_MS): Promise<Result> {
    const giveUp = new AbortController();
    const late = delay(withinMs, undefined, { signal: giveUp.signal }).then(() => {
      throw new Error(`not within ${withinMs} ms`);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      late.catch(() => undefined);
      giveUp.abort();
    }
  }

  settle(): Promise<void> {
    return delay(SETTLE_MS);
  }

  get #running(): number {
    return this.cell.replicas.filter(({ process }) => process.state !== undefined).length;
  }

  async reign(): Promise<string> {
    return (await this.#observer.status()).epoch ?? '';
  }

  async failOver(how: MastersEnd): Promise<void> {
    // A majority runs when this one is away, too; who comes back does so meanwhile.
    await eventually('four replicas run', () => this.#running >= 4);
    const { id, process } = await this.cell.waitForMaster(ELECTION_MS);
    process.signal(how === 'killed' ? 'SIGKILL' : 'SIGTERM');
    const startedAgain = process.ended().then(() => process.start());
    await eventually('another reigns', () => this.cell.master !== undefined && this.cell.master.id !== id);
    await startedAgain;
  }

  async stop(): Promise<void> {
    await this.#observer.close();
    await this.cell.kill();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 });
  }
}

export const PROCESSES: BackendKind = {
  title: 'in five processes',
  isInProcess: false,
  start: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'chubby-conformance-'));
    const cell = await startLocalCell({ directory, cell: CELL });
    await cell.waitForMaster(ELECTION_MS);
    return new ProcessesBackend(cell, directory);
  },
};

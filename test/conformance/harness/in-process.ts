import type { Channel } from '../../../src/client/channel.js';
import type { Client } from '../../../src/client/client.js';
import { TestCell } from '../../../src/testing/index.js';
import type { TestClientOptions } from '../../../src/testing/index.js';
import type { Backend, BackendKind } from './backend.js';

/** The cell of `chubby/testing`: the production code on virtual time. */
class InProcessBackend implements Backend {
  constructor(readonly inProcess: TestCell) {}

  get addresses(): readonly string[] {
    return this.inProcess.addresses;
  }

  client(options?: TestClientOptions): Client {
    return this.inProcess.client(options);
  }

  channelTo(address: string): Channel {
    return this.inProcess.ports().channelTo(address);
  }

  pass(ms: number): Promise<void> {
    return this.inProcess.advance(ms);
  }

  until<Result>(promise: Promise<Result>, withinMs?: number): Promise<Result> {
    return this.inProcess.until(promise, withinMs);
  }

  settle(): Promise<void> {
    return this.inProcess.settle();
  }

  /** On virtual time no master loses its place by being late. */
  reign(): Promise<string> {
    return Promise.resolve('');
  }

  /** Here no master can be asked to go: it is killed. */
  async failOver(): Promise<void> {
    await this.inProcess.failOver();
  }

  stop(): Promise<void> {
    return this.inProcess.stop();
  }
}

export const IN_PROCESS: BackendKind = {
  title: 'in one process',
  isInProcess: true,
  start: async () => new InProcessBackend(await TestCell.start()),
};

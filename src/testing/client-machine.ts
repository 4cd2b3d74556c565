import type { ClientPorts } from '../client/client.js';
import { SeededRng } from '../common/rng.js';
import type { EventLoop } from './event-loop.js';
import { InProcessChannel } from './in-process-channel.js';
import { Line } from './line.js';
import { MachineTime } from './machine-time.js';
import type { Scheduler } from './scheduler.js';
import { SimProcess } from './sim-process.js';
import type { TestReplica } from './test-replica.js';
import { WatchedClock } from './watched-clock.js';

export interface ClientMachineOptions {
  readonly scheduler: Scheduler;
  readonly loop: EventLoop;
  readonly seed: number;
  readonly principal: string;
  readonly replicaAt: (address: string) => TestReplica | undefined;
}

/** What a client of a test cell runs on: a process, its clocks, and its line to the cell. */
export class ClientMachine {
  readonly process: SimProcess;
  readonly line: Line;
  readonly ports: ClientPorts;

  constructor({ scheduler, loop, seed, principal, replicaAt }: ClientMachineOptions) {
    this.process = new SimProcess(new MachineTime(scheduler, 1));
    const clock = new WatchedClock(this.process, loop);
    this.line = new Line(this.process, clock, loop);
    this.ports = {
      clock,
      rng: new SeededRng(seed),
      resolver: { addressesOf: () => Promise.resolve([]) },
      channelTo: (address) =>
        new InProcessChannel(address, replicaAt(address), this.line, { principal, address: principal }),
    };
  }
}

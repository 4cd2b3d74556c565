import type { ReplicaId } from '../paxos/ballot.js';
import type { Call, Reply } from '../service/call.js';
import type { ChubbyService } from '../service/chubby-service.js';
import type { KeepAliveRequest, KeepAliveResponse } from '../wire/types.js';
import { callBytes, replyBytes } from './message-size.js';
import type { SimNetwork } from './sim-network.js';
import type { SimProcess } from '../testing/sim-process.js';

/** A call and what hears of its answer. */
export interface AskedCall {
  readonly call: Call;
  readonly respond: (reply: Reply) => void;
}

/** How a client reaches a replica: through the simulated network, which may lose either way. */
export interface Wire {
  /** Several calls in one message, as on a pipe: the cell takes them in this order. */
  call(to: ReplicaId, calls: readonly AskedCall[]): void;
  keepAlive(to: ReplicaId, request: KeepAliveRequest, respond: (reply: Reply<KeepAliveResponse>) => void): void;
}

/** A replica that clients may reach. */
export interface Server {
  readonly id: ReplicaId;
  readonly process: SimProcess | undefined;
  readonly service: ChubbyService | undefined;
}

const CALLER = { principal: 'sim', address: 'sim' };
const KEEP_ALIVE_BYTES = 100;

/** The wire of the client at one place of the network. */
export class SimWire implements Wire {
  constructor(
    private readonly place: number,
    private readonly process: SimProcess,
    private readonly network: SimNetwork,
    private readonly server: (id: ReplicaId) => Server | undefined,
  ) {}

  call(to: ReplicaId, calls: readonly AskedCall[]): void {
    const sizeBytes = calls.reduce((sum, { call }) => sum + callBytes(call), 0);
    this.#carry(to, sizeBytes, (service) => {
      for (const { call, respond } of calls) {
        service.call(CALLER, call, (reply) => this.#answer(to, replyBytes(reply), () => respond(reply)));
      }
    });
  }

  keepAlive(to: ReplicaId, request: KeepAliveRequest, respond: (reply: Reply<KeepAliveResponse>) => void): void {
    this.#carry(to, KEEP_ALIVE_BYTES, (service) => {
      service.keepAlive(CALLER, request, (reply) => this.#answer(to, KEEP_ALIVE_BYTES, () => respond(reply)));
    });
  }

  #carry(to: ReplicaId, sizeBytes: number, ask: (service: ChubbyService) => void): void {
    this.network.send(this.place, to, sizeBytes, () => {
      const server = this.server(to);
      server?.process?.run(() => {
        if (server.service !== undefined) ask(server.service);
      });
    });
  }

  #answer(from: ReplicaId, sizeBytes: number, deliver: () => void): void {
    this.network.send(from, this.place, sizeBytes, () => this.process.run(deliver));
  }
}

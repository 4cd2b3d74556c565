import { randomBytes } from 'node:crypto';
import { openRequest } from '../src/client/open-request.js';
import { MachineClock } from '../src/machine/machine-clock.js';
import { MachineRng } from '../src/machine/machine-rng.js';
import type { Identity, Incarnation, ReplicaId, Slot } from '../src/paxos/ballot.js';
import type { Epoch } from '../src/paxos/value.js';
import type { ReplicatedLog } from '../src/replica/ports.js';
import { DEFAULT_CELL_TIMINGS } from '../src/config/default-timings.js';
import type { CallTypes } from '../src/wire/calls.js';
import type { Call, CallName, Reply } from '../src/service/call.js';
import { ChubbyService } from '../src/service/chubby-service.js';
import type { SessionCredential } from '../src/wire/types.js';

const SELF: Identity = { replicaId: 1 as ReplicaId, incarnation: '0000000000000001' as Incarnation };
const EPOCH: Epoch = { ...SELF, round: 1 };
const VALUE_BYTES = 1024 * 1024;
const CALLER = { principal: 'bench', address: '127.0.0.1:1' };

/** A log without replicas and disk, which chooses what it is handed over at once: what is left is the master itself. */
class SoloLog implements ReplicatedLog {
  /** Values chosen so far. */
  values = 0;

  reign(): Epoch {
    return EPOCH;
  }

  master(): ReplicaId {
    return SELF.replicaId;
  }

  shortOfSpace(): boolean {
    return false;
  }

  workArrived(): void {
    // Values are asked for by run().
  }

  begin(service: ChubbyService): void {
    service.apply(this.#nextSlot(), { kind: 'epoch', epoch: EPOCH, orderInEpoch: 0 }, new Uint8Array(0));
    service.reignBegan(EPOCH);
    this.run(service);
  }

  run(service: ChubbyService): void {
    for (let body = service.nextBatch(VALUE_BYTES); body !== undefined; body = service.nextBatch(VALUE_BYTES)) {
      const orderInEpoch = this.values;
      service.apply(this.#nextSlot(), { kind: 'operations', epoch: EPOCH, orderInEpoch }, body);
    }
  }

  #nextSlot(): Slot {
    return ++this.values as Slot;
  }
}

/** The master of a cell of one, without a network: for what a thing costs it in memory and in log values. */
export class SoloService {
  readonly #log = new SoloLog();
  readonly service = new ChubbyService({
    cellName: 'solo',
    cellId: '0'.repeat(32),
    self: 1,
    replicas: [{ id: 1, address: '127.0.0.1:1' }],
    log: this.#log,
    clock: new MachineClock(),
    rng: new MachineRng(),
    timings: DEFAULT_CELL_TIMINGS,
  });

  constructor() {
    this.#log.begin(this.service);
  }

  /** Log values so far. */
  get values(): number {
    return this.#log.values;
  }

  /** Asks, has the log choose what that came to, and gives the answer, if there is one by then. */
  ask<Name extends CallName>(
    name: Name,
    request: CallTypes[Name]['request'],
    around: { readonly credential?: SessionCredential; readonly number?: number } = {},
  ): CallTypes[Name]['response'] | undefined {
    let response: CallTypes[Name]['response'] | undefined;
    const { credential, number = 0 } = around;
    const call: object = { name, request, credential, number, acknowledged: 0, timeLimitMs: 0 };
    this.service.call(CALLER, call as Call, (reply: Reply) => {
      if ('failure' in reply) throw new Error(`${name}: ${reply.failure.reason} ${reply.failure.message}`);
      response = reply.response as CallTypes[Name]['response'];
    });
    this.#log.run(this.service);
    return response;
  }

  /** A session that caches, with its KeepAlive held. */
  session(): SoloSession {
    const created = this.ask('createSession', { nonce: randomBytes(16), cachesNothing: false, leaseMs: 60_000 });
    const credential = created!.session!;
    this.service.keepAlive(CALLER, { session: credential, number: 1, acknowledgedReply: 0 }, () => undefined);
    return new SoloSession(this, credential);
  }
}

/** A session of a {@link SoloService}. */
export class SoloSession {
  #number = 0;

  constructor(
    private readonly solo: SoloService,
    private readonly credential: SessionCredential,
  ) {}

  ask<Name extends CallName>(name: Name, request: CallTypes[Name]['request']): CallTypes[Name]['response'] | undefined {
    return this.solo.ask(name, request, { credential: this.credential, number: ++this.#number });
  }

  open(name: string, create: 'may' | 'never' = 'never'): Buffer {
    return this.ask('open', openRequest(name, { write: true, create }))!.handle;
  }

  /** @returns whether it was granted at once */
  acquire(handle: Buffer): boolean {
    const answer = this.ask('acquire', { context: null, handle, mode: 'LOCK_MODE_EXCLUSIVE', waitMs: 0 });
    return answer?.granted ?? false;
  }

  release(handle: Buffer): void {
    this.ask('release', { context: null, handle });
  }
}

import { MalformedBytes, ownedCopy } from '../common/bytes.js';
import { NO_PAIR } from '../paxos/epoch-judge.js';
import type { PairInForce } from '../paxos/epoch-judge.js';
import { sameBallot } from '../paxos/ballot.js';
import type { Slot } from '../paxos/ballot.js';
import type { Epoch, ValueHeader } from '../paxos/value.js';
import type { Application, ReplicatedLog, StateLoading, StateSnapshot } from '../replica/ports.js';
import { LOG_LIMITS } from '../wire/limits.js';
import type { LogApplication } from './application.js';
import { decodeCommands } from './command-batch.js';
import { LogError } from './log-error.js';
import { Proposals } from './proposals.js';
import { decodeState, digestOf, encodeHead } from './stored-state.js';

/** An application of the library's users as the log knows applications. */
export class LoggedApplication<App extends LogApplication> implements Application {
  readonly #proposals = new Proposals();
  #reign: Epoch | undefined;
  #slot = 0 as Slot;
  #pair: PairInForce = NO_PAIR;
  #configuration: Uint8Array | undefined;

  constructor(
    readonly application: App,
    private readonly log: ReplicatedLog,
  ) {}

  /** @throws LogError when this replica is not master at this very moment (DESIGN 3.5) */
  checkInForce(): void {
    if (this.#reign !== undefined && this.log.reign() !== undefined) return;
    const master = this.log.master();
    const remedy = master === undefined ? 'try again when there is one' : `ask replica ${master}`;
    throw new LogError('notMaster', `this replica is not master: ${remedy}`);
  }

  propose(command: Uint8Array): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!(command instanceof Uint8Array) || command.length > LOG_LIMITS.commandBytes) {
        throw new LogError('tooLarge', `a command is a Uint8Array of at most ${LOG_LIMITS.commandBytes} bytes`);
      }
      this.checkInForce();
      if (this.log.shortOfSpace()) {
        throw new LogError('outOfSpace', 'a majority of the replicas has no room on its disk: free some');
      }
      this.#proposals.add({ command: ownedCopy(command), resolve, reject });
      this.log.workArrived();
    });
  }

  /** Of this replica's options: who gave a lease keeps to the longest it ever gave. */
  timings(): undefined {
    return undefined;
  }

  reignBegan(epoch: Epoch): void {
    this.#reign = epoch;
  }

  reignEnded(cause: string): void {
    this.#reign = undefined;
    this.#proposals.end(cause);
  }

  nextBatch(maxBytes: number): Uint8Array | undefined {
    return this.#proposals.nextBatch(maxBytes);
  }

  apply(slot: Slot, { kind, epoch, orderInEpoch }: ValueHeader, body: Uint8Array): void {
    this.#slot = slot;
    this.#pair = { epoch, orderInEpoch };
    if (kind === 'configuration') this.#configuration = ownedCopy(body);
    if (kind !== 'operations') return;
    const results = decodeCommands(body).map((command) => notPromised(this.application.apply(command)));
    if (this.#reign !== undefined && sameBallot(epoch, this.#reign)) this.#proposals.carriedOut(results);
  }

  skip(slot: Slot): void {
    this.#slot = slot;
  }

  digest(): string {
    return this.snapshot().digest;
  }

  snapshot(): StateSnapshot {
    const state = ownedCopy(bytesOf(this.application.snapshot()));
    const head = encodeHead({ pairInForce: this.#pair, configuration: this.#configuration, state });
    return {
      slot: this.#slot,
      digest: digestOf(head, state),
      entryCount: 1,
      stateBytes: state.length,
      chunks: (chunkBytes) => chunksOf(head, state, chunkBytes),
    };
  }

  loadState(): StateLoading {
    const chunks: Uint8Array[] = [];
    return {
      add: (chunk) => void chunks.push(chunk),
      finish: ({ slot, digest }) => {
        const stored = decodeState(Buffer.concat(chunks));
        const { pairInForce, configuration, state } = stored;
        if (digestOf(encodeHead(stored), state) !== digest) {
          throw new MalformedBytes('it is not the state that it was taken of');
        }
        const install = (): void => {
          this.#slot = slot;
          this.#pair = pairInForce;
          this.#configuration = configuration;
          this.application.restore(state);
        };
        return { slot, pairInForce, configuration, install };
      },
    };
  }
}

function* chunksOf(head: Uint8Array, state: Uint8Array, chunkBytes: number): Generator<Uint8Array, void, undefined> {
  yield head;
  for (let at = 0; at < state.length; at += chunkBytes) yield state.subarray(at, at + chunkBytes);
}

function notPromised(result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  throw new TypeError('apply() of the application returned a promise: it has to be synchronous');
}

function bytesOf(state: unknown): Uint8Array {
  if (state instanceof Uint8Array && state.length <= LOG_LIMITS.stateBytes) return state;
  throw new TypeError(`snapshot() of the application returns a Uint8Array of at most ${LOG_LIMITS.stateBytes} bytes`);
}

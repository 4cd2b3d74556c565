import { Client } from '../../../src/client/client.js';
import type { UnaryCalls } from '../../../src/wire/calls.js';
import type {
  Channel,
  KeepAliveConnection,
  KeepAliveHandlers,
  Outcome,
  PipeConnection,
  PipeHandlers,
  UnaryName,
} from '../../../src/client/channel.js';
import type { ClientOptions } from '../../../src/client/options.js';
import { SeededRng } from '../../../src/common/rng.js';
import { METADATA, refusal } from '../../../src/wire/errors.js';
import type {
  BackupResponse,
  Failure,
  GetStatusResponse,
  KeepAliveRequest,
  KeepAliveResponse,
  PipeCall,
  PipeReply,
  SessionCredential,
  Stat,
} from '../../../src/wire/types.js';
import { VirtualClock } from './virtual-clock.js';

export const LEASE_MS = 12_000;

export const STAT: Stat = {
  kind: 'NODE_KIND_FILE',
  ephemeral: false,
  instanceNumber: 7,
  contentGeneration: 2,
  lockGeneration: 0,
  aclGeneration: 1,
  contentChecksum: Buffer.from('0123456789abcdef', 'hex'),
  revision: 9,
  lengthBytes: 5,
  childCount: 0,
  acl: { read: '', write: '', changeAcl: '' },
};

const UNREACHABLE: Failure = {
  code: 14,
  reason: 'UNREACHABLE',
  message: 'connection refused',
  metadata: { [METADATA.retry]: 'same-number' },
};

/** A message that came through a Pipe. */
export interface Sent {
  readonly address: string;
  readonly calls: readonly PipeCall[];
  readonly acknowledged: number;
}

interface FakePipe {
  readonly address: string;
  readonly handlers: PipeHandlers;
  open: boolean;
}

interface HeldKeepAlive {
  readonly handlers: KeepAliveHandlers;
  readonly request: KeepAliveRequest;
  readonly receivedAtMs: number;
}

/**
 * Replicas a:1, b:1 and c:1 as a client sees them: who is master, who answers, and what they were sent. Calls through a
 * Pipe are answered at once with a plain success unless a test takes `answer` over.
 */
export class FakeCell {
  readonly clock = new VirtualClock();
  readonly addresses = ['a:1', 'b:1', 'c:1'];
  master: string | undefined = 'a:1';
  readonly down = new Set<string>();
  /** Take connections and calls, and answer nothing. */
  readonly mute = new Set<string>();
  readonly sent: Sent[] = [];
  readonly unary: { readonly address: string; readonly name: UnaryName; readonly request: unknown }[] = [];
  readonly keepAlives: { readonly address: string; readonly request: KeepAliveRequest }[] = [];
  /** Held until {@link answerKeepAlive}. */
  held: HeldKeepAlive[] = [];
  sessionFailure: Failure | undefined;
  #replyNumber = 0;
  #pipes: FakePipe[] = [];
  #streams: { readonly address: string; readonly handlers: KeepAliveHandlers; open: boolean }[] = [];

  /** What a call is answered; nothing leaves it open. */
  answer: (call: PipeCall, address: string) => PipeReply | undefined = (call) => success(call);
  answerUnary: <Name extends UnaryName>(
    name: Name,
    request: UnaryCalls[Name]['request'],
  ) => Outcome<unknown> | undefined = () => undefined;

  answerStatus: (address: string) => GetStatusResponse | undefined = () => undefined;

  client(options: ClientOptions = {}): Client {
    const ports = {
      clock: this.clock,
      rng: new SeededRng(1),
      resolver: { addressesOf: () => Promise.resolve([]) },
      channelTo: (address: string) => this.#channelTo(address),
    };
    return new Client(ports, { cell: this.addresses.join(','), ...options });
  }

  /** All calls that came through Pipes, in the order in which they came. */
  get calls(): PipeCall[] {
    return this.sent.flatMap(({ calls }) => calls);
  }

  get openPipes(): string[] {
    return this.#pipes.filter(({ open }) => open).map(({ address }) => address);
  }

  reply(...replies: PipeReply[]): void {
    this.#pipes.findLast(({ open }) => open)!.handlers.replies(replies);
  }

  /** The replica's process dies, and its connections with it. */
  kill(address: string): void {
    this.down.add(address);
    if (this.master === address) this.master = undefined;
    this.cut(address);
  }

  /** The connections to the replica break. */
  cut(address: string, failure: Failure = UNREACHABLE): void {
    for (const stream of [...this.#pipes, ...this.#streams]) {
      if (stream.address !== address || !stream.open) continue;
      stream.open = false;
      stream.handlers.closed(failure);
    }
  }

  /** Answers the KeepAlive that is held, with a full lease from now, said as a length from its receipt. */
  answerKeepAlive(fields: Partial<KeepAliveResponse> = {}): void {
    const { handlers, request, receivedAtMs } = this.held.pop()!;
    handlers.answered({
      sessionId: request.session!.id,
      answers: request.number,
      replyNumber: ++this.#replyNumber,
      leaseMs: this.clock.monotonicMs() - receivedAtMs + LEASE_MS,
      events: [],
      ...fields,
    });
  }

  #channelTo(address: string): Channel {
    return {
      address,
      call: (name, request) => this.#call(address, name, request) as never,
      backup: () => this.#backup(address),
      openPipe: (session, handlers) => this.#openPipe(address, session, handlers),
      openKeepAlive: (handlers) => this.#openKeepAlive(address, handlers),
      close: () => undefined,
    };
  }

  /** What a backup is answered with, by whoever is master; a failure ends it. */
  backups: Outcome<BackupResponse>[][] = [];

  async *#backup(address: string): AsyncGenerator<Outcome<BackupResponse>, void> {
    await Promise.resolve();
    if (address !== this.master) yield { failure: this.notMaster() };
    else yield* this.backups.shift() ?? [];
  }

  async #call(address: string, name: UnaryName, request: UnaryCalls[UnaryName]['request']): Promise<Outcome<unknown>> {
    this.unary.push({ address, name, request });
    await Promise.resolve();
    if (this.mute.has(address)) {
      await new Promise<void>((resolve) => this.clock.after(500, resolve));
      return { failure: UNREACHABLE };
    }
    if (this.down.has(address)) return { failure: UNREACHABLE };
    if (name === 'getMaster') return { response: this.#location() };
    if (name === 'getStatus') return { response: this.answerStatus(address) };
    if (address !== this.master) return { failure: this.notMaster() };
    if (name === 'createSession') return this.#createSession();
    return this.answerUnary(name, request as never) ?? { response: { stat: STAT, contents: Buffer.from('hello') } };
  }

  notMaster(): Failure {
    const { master } = this;
    return refusal('NOT_MASTER', 'not the master', master === undefined ? {} : { [METADATA.master]: master });
  }

  #location(): UnaryCalls['getMaster']['response'] {
    const replicas = this.addresses.map((address, index) => ({ id: index + 1, address }));
    const master = replicas.find(({ address }) => address === this.master);
    const facts = { cell: 'test', cellId: Buffer.alloc(16), replicas, signingKeys: [], spreadMs: 0 };
    return master === undefined ? facts : { ...facts, master };
  }

  #createSession(): Outcome<unknown> {
    if (this.sessionFailure !== undefined) return { failure: this.sessionFailure };
    const session: SessionCredential = { id: Buffer.from('12345678'), secret: Buffer.alloc(16, 1) };
    return { response: { session, leaseMs: LEASE_MS } };
  }

  #openPipe(address: string, _session: SessionCredential, handlers: PipeHandlers): PipeConnection {
    const pipe = { address, handlers, open: true };
    this.#pipes.push(pipe);
    if (this.down.has(address)) this.#soon(() => this.cut(address));
    return {
      queuedBytes: 0,
      send: (calls, acknowledged) => {
        this.sent.push({ address, calls, acknowledged });
        this.#soon(() => {
          if (!pipe.open || this.mute.has(address)) return;
          const replies = calls.map((call) =>
            address === this.master ? this.answer(call, address) : failed(call, this.notMaster()),
          );
          handlers.replies(replies.filter((reply) => reply !== undefined));
        });
      },
      close: () => {
        pipe.open = false;
      },
    };
  }

  #openKeepAlive(address: string, handlers: KeepAliveHandlers): KeepAliveConnection {
    const stream = { address, handlers, open: true };
    this.#streams.push(stream);
    return {
      send: (request) => {
        this.keepAlives.push({ address, request });
        this.held.push({ handlers, request, receivedAtMs: this.clock.monotonicMs() });
        this.#soon(() => {
          if (stream.open && !this.mute.has(address) && address !== this.master) this.cut(address, this.notMaster());
        });
      },
      close: () => {
        stream.open = false;
        this.held = this.held.filter((held) => held.handlers !== handlers);
      },
    };
  }

  #soon(run: () => void): void {
    void Promise.resolve().then(run);
  }
}

const GRANTED = { granted: true, lockGeneration: 3, holderSessionId: Buffer.alloc(0), lockDelayLeftMs: 0 };

const SUCCESSES: Omit<PipeReply, 'number'> = {
  close: {},
  getContentsAndStat: { contents: Buffer.from('hello'), stat: STAT },
  getStat: { stat: STAT },
  setContents: { stat: STAT },
  delete: {},
  acquire: GRANTED,
  tryAcquire: GRANTED,
  release: { released: true },
  cancel: { cancelled: true },
  getSequencer: { sequencer: Buffer.from('sequencer') },
  checkSequencer: { valid: true, reason: '' },
  poison: {},
  reattach: { lostHandles: {}, stillTrue: [], cacheNumber: 0 },
  setAcl: { stat: STAT },
  multiOp: { held: true, guards: [], results: [], revision: 0 },
  acquireAll: {
    granted: true,
    lockGenerations: [],
    busyName: '',
    holderSessionId: Buffer.alloc(0),
    lockDelayLeftMs: 0,
  },
  setSequencer: { handle: Buffer.from('guarded handle') },
};

/** The plain success of a call. */
export function success({ number, call, ...calls }: PipeCall): PipeReply {
  if (call === 'open')
    return {
      number,
      open: { handle: Buffer.from(`handle ${number}`), created: true, stat: STAT, name: calls.open!.name },
    };
  return { number, [call!]: SUCCESSES[call!] };
}

export const failed = ({ number }: { readonly number: number }, failure: Failure): PipeReply => ({ number, failure });

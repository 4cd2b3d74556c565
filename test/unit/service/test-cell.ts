import { DEFAULT_CELL_TIMINGS } from '../../../src/config/default-timings.js';
import { SeededRng } from '../../../src/common/rng.js';
import type { Slot } from '../../../src/paxos/ballot.js';
import type { AdminCallTypes, CallTypes } from '../../../src/wire/calls.js';
import type { AdminCall, AdminName, Call, Caller, CallName, Reply } from '../../../src/service/call.js';
import { ChubbyService } from '../../../src/service/chubby-service.js';
import type { ServiceOptions } from '../../../src/service/options.js';
import type { Failure, KeepAliveResponse, SessionCredential } from '../../../src/wire/types.js';
import { FakeLog } from './fake-log.js';
import { VirtualClock } from './virtual-clock.js';

export const CELL_ID = '0123456789abcdef0123456789abcdef';
export const CELL_NAME = 'test';

const REPLICAS = [1, 2, 3].map((id) => ({ id, address: `replica-${id}:7100` }));

export const SOMEBODY: Caller = { principal: 'somebody', address: 'host:7' };

/** Every field a request can have, as a decoder fills in what was left out. */
const DEFAULTS = {
  // Most tests have no client that hears of invalidations.
  createSession: { nonce: Buffer.alloc(0), cachesNothing: true, leaseMs: 0 },
  closeSession: { session: null },
  open: {
    context: null,
    name: '',
    read: false,
    write: false,
    changeAcl: false,
    create: 'CREATE_MODE_NEVER',
    kind: 'NODE_KIND_UNSPECIFIED',
    ephemeral: false,
    initialContents: Buffer.alloc(0),
    lockDelayMs: 0,
    directory: Buffer.alloc(0),
    sequential: false,
    events: [],
    recursive: false,
  },
  close: { context: null, handle: Buffer.alloc(0) },
  getContentsAndStat: { context: null },
  getStat: { context: null },
  readDir: { context: null, pageToken: Buffer.alloc(0), limit: 0 },
  setContents: { context: null, contents: Buffer.alloc(0), create: false },
  delete: { context: null },
  acquire: { context: null, handle: Buffer.alloc(0), mode: 'LOCK_MODE_EXCLUSIVE', waitMs: 0 },
  tryAcquire: { context: null, handle: Buffer.alloc(0), mode: 'LOCK_MODE_EXCLUSIVE' },
  release: { context: null, handle: Buffer.alloc(0) },
  cancel: { session: null, requestNumber: 0 },
  getSequencer: { context: null, handle: Buffer.alloc(0), furtherHandles: [] },
  checkSequencer: { sequencer: Buffer.alloc(0) },
  poison: { context: null, handle: Buffer.alloc(0) },
  reattach: { context: null, handles: [], cached: [], complete: false, acknowledgedReply: 0 },
  setAcl: { context: null, acl: null },
  multiOp: { context: null, guards: [], thenOperations: [], elseOperations: [] },
  acquireAll: { context: null, locks: [], waitMs: 0, atOnce: false },
  setSequencer: { context: null, handle: Buffer.alloc(0), sequencer: Buffer.alloc(0) },
} as const satisfies { [Name in CallName]: CallTypes[Name]['request'] };

export type Fields<Name extends CallName> = Partial<CallTypes[Name]['request']>;

/** A call under way: its answer once it came, and how often it came. */
export interface Asked<Name extends CallName> {
  reply: Reply<CallTypes[Name]['response']> | undefined;
  replies: number;
}

/** A failure where an answer was expected. */
export class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(`${failure.reason}: ${failure.message}`);
  }
}

export function responseOf<R>(asked: { reply: Reply<R> | undefined }): R {
  if (asked.reply === undefined) throw new Error('not answered yet');
  if ('failure' in asked.reply) throw new Refused(asked.reply.failure);
  return asked.reply.response;
}

export function failureOf(asked: { reply: Reply<unknown> | undefined }): Failure {
  if (asked.reply === undefined) throw new Error('not answered yet');
  if (!('failure' in asked.reply)) throw new Error(`answered: ${JSON.stringify(asked.reply.response)}`);
  return asked.reply.failure;
}

export const reasonOf = (asked: { reply: Reply<unknown> | undefined }): string => failureOf(asked).reason;

export interface Around {
  readonly credential?: SessionCredential | undefined;
  readonly number?: number;
  readonly acknowledged?: number;
  readonly timeLimitMs?: number;
  readonly principal?: string;
}

/** One service on a log without replicas, under virtual time. Values are chosen at once unless a test holds them. */
export class TestCell {
  readonly clock: VirtualClock;
  readonly log: FakeLog;
  readonly service: ChubbyService;
  /** Whether every call's value is chosen at once. */
  automatic = true;
  readonly #options: Partial<ServiceOptions>;

  constructor(options: Partial<ServiceOptions> = {}, clock = new VirtualClock(), replicaId = 1) {
    this.clock = clock;
    this.log = new FakeLog(replicaId);
    this.#options = options;
    this.service = new ChubbyService({
      cellName: CELL_NAME,
      cellId: CELL_ID,
      self: replicaId,
      replicas: REPLICAS,
      log: this.log,
      clock,
      rng: new SeededRng(replicaId),
      timings: DEFAULT_CELL_TIMINGS,
      ...options,
    });
    this.log.attach(this.service);
  }

  /** A cell whose first master reigns. */
  static reigning(options: Partial<ServiceOptions> = {}): TestCell {
    const cell = new TestCell(options);
    cell.log.beginReign(1);
    cell.log.run();
    return cell;
  }

  /** Another replica that has applied the same values, and knows nothing else. */
  successor(round: number, replicaId = 2): TestCell {
    return new TestCell(this.#options, this.clock, replicaId).succeeding(this, round);
  }

  /** Applies what the other one applied, and reigns. */
  succeeding(other: TestCell, round: number): this {
    other.log.chosen.forEach((value) => this.log.choose(value));
    this.log.beginReign(round);
    this.log.run();
    return this;
  }

  ask<Name extends CallName>(name: Name, fields: Fields<Name>, around: Around = {}): Asked<Name> {
    const asked: Asked<Name> = { reply: undefined, replies: 0 };
    this.askAndTell(name, fields, around, (reply) => {
      asked.reply = reply;
      asked.replies++;
    });
    if (this.automatic) this.log.run();
    return asked;
  }

  /** @param tell called with each answer as it comes */
  askAndTell<Name extends CallName>(
    name: Name,
    fields: Fields<Name>,
    around: Around,
    tell: (reply: Reply<CallTypes[Name]['response']>) => void,
  ): void {
    const call: object = {
      name,
      request: { ...DEFAULTS[name], ...fields },
      credential: around.credential,
      number: around.number ?? 0,
      acknowledged: around.acknowledged ?? 0,
      timeLimitMs: around.timeLimitMs ?? 0,
    };
    const caller = { ...SOMEBODY, principal: around.principal ?? SOMEBODY.principal };
    this.service.call(caller, call as Call, (reply) => tell(reply as Reply<CallTypes[Name]['response']>));
  }

  admin<Name extends AdminName>(name: Name, request: AdminCallTypes[Name]['request']) {
    const asked: { reply: Reply<AdminCallTypes[Name]['response']> | undefined } = { reply: undefined };
    this.service.admin(SOMEBODY, { name, request } as AdminCall, (reply) => {
      asked.reply = reply as Reply<AdminCallTypes[Name]['response']>;
    });
    if (this.automatic) this.log.run();
    return asked;
  }

  /** Lets time pass; what falls due is chosen as it falls due. */
  advance(byMs: number): void {
    this.clock.advance(byMs, () => {
      if (this.automatic) this.log.run();
    });
  }

  session(nonceByte = 1, fields: Fields<'createSession'> = {}, principal = SOMEBODY.principal): TestSession {
    const nonce = Buffer.alloc(16, nonceByte);
    const { session, leaseMs } = responseOf(this.ask('createSession', { nonce, ...fields }, { principal }));
    return new TestSession(this, session!, leaseMs);
  }

  /** Whether the session can still be served. */
  cellHas({ credential }: TestSession): boolean {
    return !('failure' in this.ask('getStat', byName(`/ls/${CELL_NAME}`), { credential, number: 1 }).reply!);
  }

  digest(): string {
    return this.service.status().digest;
  }

  get slots(): Slot {
    return this.log.chosen.length as Slot;
  }
}

/** A client of one session, which numbers its requests and acknowledges nothing unless told to. */
export class TestSession {
  number = 0;
  acknowledged = 0;
  #keepAlives = 0;

  constructor(
    public cell: TestCell,
    readonly credential: SessionCredential,
    readonly leaseMs: number,
  ) {}

  ask<Name extends CallName>(name: Name, fields: Fields<Name>, around: Around = {}): Asked<Name> {
    const { credential, acknowledged } = this;
    const number = around.number ?? ++this.number;
    return this.cell.ask(name, fields, { credential, acknowledged, ...around, number });
  }

  /** Asks, and expects an answer. */
  do<Name extends CallName>(name: Name, fields: Fields<Name>): CallTypes[Name]['response'] {
    return responseOf(this.ask(name, fields));
  }

  /** A handle to read and write. */
  open(name: string, fields: Fields<'open'> = {}): Buffer {
    return this.do('open', { name, read: true, write: true, ...fields }).handle;
  }

  create(name: string, fields: Fields<'open'> = {}): Buffer {
    return this.open(name, { create: 'CREATE_MODE_MUST', ...fields });
  }

  mkdir(name: string): Buffer {
    return this.create(name, { kind: 'NODE_KIND_DIRECTORY' });
  }

  keepAlive(acknowledgedReply = 0) {
    const asked: { reply: Reply<KeepAliveResponse> | undefined; number: number; withdraw: () => void } = {
      reply: undefined,
      number: ++this.#keepAlives,
      withdraw: () => undefined,
    };
    const { number } = asked;
    const held = this.cell.service.keepAlive(
      SOMEBODY,
      { session: this.credential, number, acknowledgedReply },
      (reply) => (asked.reply = reply),
    );
    asked.withdraw = () => held.withdraw();
    return asked;
  }
}

export const byHandle = (handle: Buffer) => ({ target: 'handle', handle }) as const;
export const byName = (name: string) => ({ target: 'name', name }) as const;

import { AccessLists } from '../../../src/chubby/access-lists.js';
import { expect } from 'vitest';
import { readDir } from '../../../src/chubby/calls/read-dir.js';
import { getContentsAndStat } from '../../../src/chubby/calls/get-contents-and-stat.js';
import { getStat } from '../../../src/chubby/calls/get-stat.js';
import { parseName } from '../../../src/chubby/names.js';
import type { NodePath } from '../../../src/chubby/records/node-path.js';
import { Refusal } from '../../../src/chubby/refusal.js';
import { below } from '../../../src/common/rng.js';
import type { Rng } from '../../../src/common/rng.js';
import { FaultTolerantDb } from '../../../src/db/fault-tolerant-db.js';
import type { Slot } from '../../../src/paxos/ballot.js';
import type { CallName, Reply } from '../../../src/service/call.js';
import type { ServiceOptions } from '../../../src/service/options.js';
import { listingMessage, statMessage } from '../../../src/service/replies.js';
import { LIMITS } from '../../../src/wire/limits.js';
import type { KeepAliveResponse, SessionCredential } from '../../../src/wire/types.js';
import { byName, responseOf, TestCell } from './test-cell.js';
import type { Asked } from './test-cell.js';

const ASKER = { principal: 'somebody', lists: new AccessLists(LIMITS.cachedPrincipals) };

const LEASE_MS = 4_000;
const NAMES = ['a', 'b', 'd', 'd/x', 'd/y', 'd/e', 'd/e/z'].map((name) => `/ls/test/${name}`);
const DIRECTORIES = new Set(['/ls/test/d', '/ls/test/d/e']);

/** What a client has in its cache, in a form that can be compared with the truth. */
type Answer = string;
type Kind = 'getContentsAndStat' | 'getStat' | 'readDir';
const KINDS: readonly Kind[] = ['getContentsAndStat', 'getStat', 'readDir'];

const shown = (value: unknown): Answer => JSON.stringify(value);
const ABSENT = shown('absent');

/** A client that caches as the protocol tells it to; it may be cut off, slow, or gone. */
class CachingClient {
  readonly #world: CachingWorld;
  readonly #credential: SessionCredential;
  readonly #cache = new Map<string, Answer>();
  #leaseUntilMs: number;
  #invalidation = 0;
  #acknowledgedReply = 0;
  #keepAlives = 0;
  #number = 0;
  /** Nothing of it reaches a master any more, and no answer reaches it. */
  isCut = false;
  isOver = false;
  readonly asked: { readonly name: CallName; readonly replies: number[] }[] = [];
  readonly handles: Buffer[] = [];

  constructor(world: CachingWorld, credential: SessionCredential, leaseUntilMs: number) {
    this.#world = world;
    this.#credential = credential;
    this.#leaseUntilMs = leaseUntilMs;
    this.#keepAlive();
  }

  get cacheSize(): number {
    return this.#cache.size;
  }

  /** Whatever it would answer from its cache now is true now. */
  check(truth: (key: string) => Answer): number {
    if (this.#world.nowMs >= this.#leaseUntilMs) this.#cache.clear();
    for (const [key, answer] of this.#cache) {
      if (answer !== truth(key)) throw new Error(`cached: ${key}: ${answer}, and in truth ${truth(key)}`);
    }
    return this.#cache.size;
  }

  read(kind: Kind, name: string): void {
    this.#ask(kind, byName(name), (reply) => this.#mayCache(`${kind} ${name}`, reply));
  }

  write(rng: Rng): void {
    const name = NAMES[below(rng, NAMES.length)]!;
    const kind = DIRECTORIES.has(name) ? 'NODE_KIND_DIRECTORY' : 'NODE_KIND_FILE';
    const handle = this.handles[below(rng, this.handles.length)] ?? Buffer.alloc(0);
    const open = {
      name,
      read: true,
      write: true,
      kind,
      create: 'CREATE_MODE_MAY',
      ephemeral: rng.next() < 0.3,
    } as const;
    const collect = (reply: Reply<{ handle?: Buffer }>): void => {
      if ('response' in reply && reply.response.handle !== undefined) this.handles.push(reply.response.handle);
    };
    const draw = rng.next();
    if (draw < 0.3) this.#ask('open', open, collect);
    else if (draw < 0.55) {
      this.#ask('setContents', { ...byName(name), contents: Buffer.from(rng.bytes(3)), create: rng.next() < 0.5 });
    } else if (draw < 0.7) this.#ask('delete', byName(name));
    else if (draw < 0.78) this.#ask('tryAcquire', { handle });
    else if (draw < 0.84) this.#ask('acquire', { handle, waitMs: 1 + below(rng, 3_000) });
    else if (draw < 0.92) this.#ask('release', { handle });
    else if (draw < 0.96) this.#ask('close', { handle });
    else this.#ask('cancel', { requestNumber: below(rng, this.#number + 2) });
  }

  close(): void {
    this.isOver = true;
    this.#cache.clear();
    this.#ask('closeSession', {});
  }

  #ask<Name extends CallName>(
    name: Name,
    fields: object,
    handle: (reply: Reply<never>) => void = () => undefined,
  ): void {
    const { cell } = this.#world;
    const number = ++this.#number;
    const asked = { name, replies: [] as number[] };
    this.asked.push(asked);
    this.#world.send(this, () => {
      const around = { credential: this.#credential, number };
      cell.askAndTell(name, fields, around, (reply) => {
        asked.replies.push(this.#world.nowMs);
        this.#world.send(this, () => handle(reply as Reply<never>));
      });
    });
  }

  #mayCache(key: string, reply: Reply<{ cacheNumber?: number | undefined }>): void {
    if (this.isOver || this.#world.nowMs >= this.#leaseUntilMs) return;
    const number =
      'failure' in reply ? Number(reply.failure.metadata['cache-number'] ?? Number.NaN) : reply.response.cacheNumber;
    // What an invalidation overtook is used, and not cached.
    if (number === undefined || !(number >= this.#invalidation)) return;
    if ('failure' in reply) return void this.#cache.set(key, ABSENT);
    const { cacheNumber, ...answer } = reply.response;
    expect(cacheNumber).toBe(number);
    this.#cache.set(key, shown(answer));
  }

  #keepAlive(): void {
    const { cell, nowMs: sentAtMs } = this.#world;
    const number = ++this.#keepAlives;
    const request = { session: this.#credential, number, acknowledgedReply: this.#acknowledgedReply };
    this.#world.send(this, () =>
      cell.service.keepAlive({ principal: 'somebody', address: 'here' }, request, (reply) =>
        this.#world.send(this, () => this.#kept(sentAtMs, reply)),
      ),
    );
  }

  #kept(sentAtMs: number, reply: Reply<KeepAliveResponse>): void {
    if (this.isOver) return;
    if ('failure' in reply) return this.#keepAlive();
    const { response } = reply;
    if (response.failure !== undefined) {
      this.isOver = true;
      this.#cache.clear();
      return;
    }
    if (this.#world.nowMs >= this.#leaseUntilMs) this.#cache.clear();
    for (const event of response.events) {
      if (event.event === 'masterFailedOver') this.#cache.clear();
      if (event.event !== 'invalidation') continue;
      const { number, nodes, listings } = event.invalidation!;
      this.#invalidation = Math.max(this.#invalidation, number);
      for (const name of nodes) {
        this.#cache.delete(`getContentsAndStat ${name}`);
        this.#cache.delete(`getStat ${name}`);
        if (this.#cache.get(`readDir ${name}`) === ABSENT) this.#cache.delete(`readDir ${name}`);
      }
      for (const name of listings) this.#cache.delete(`readDir ${name}`);
    }
    this.#acknowledgedReply = Math.max(this.#acknowledgedReply, response.replyNumber);
    this.#leaseUntilMs = Math.max(this.#leaseUntilMs, sentAtMs + response.leaseMs);
    this.#keepAlive();
  }
}

interface Message {
  readonly client: CachingClient;
  readonly deliver: () => void;
}

/** Clients that cache, masters that follow one another, and a network that delays what it likes for as long as it likes. */
export class CachingWorld {
  readonly #rng: Rng;
  readonly #options: Partial<ServiceOptions>;
  cell: TestCell;
  readonly clients: CachingClient[] = [];
  readonly #dead: CachingClient[] = [];
  #messages: Message[] = [];
  readonly #truth = new FaultTolerantDb();
  /** Of the slots applied so far. */
  readonly #known = new Map<string, Answer>();
  #slots = 0;
  #round = 1;
  #nonce = 0;
  /** Cached answers that were looked at. */
  checked = 0;

  constructor(rng: Rng, options: Partial<ServiceOptions> = {}) {
    this.#rng = rng;
    this.#options = { ...options, rng };
    this.cell = TestCell.reigning(this.#options);
    for (let i = 0; i < 4; i++) this.#connect();
  }

  get nowMs(): number {
    return this.cell.clock.monotonicMs();
  }

  send(client: CachingClient, deliver: () => void): void {
    if (!client.isCut) this.#messages.push({ client, deliver });
  }

  step(): void {
    const draw = this.#rng.next();
    const client = this.#pick(this.clients)!;
    if (draw < 0.14) client.read(this.#pick(KINDS)!, this.#pick(NAMES)!);
    else if (draw < 0.22) client.read('readDir', this.#pick(['/ls/test', ...DIRECTORIES])!);
    else if (draw < 0.32) client.write(this.#rng);
    else if (draw < 0.75) this.#deliver();
    else if (draw < 0.93) this.#choose();
    else if (draw < 0.985) this.cell.advance(below(this.#rng, 250));
    else if (draw < 0.987) this.cell.advance(below(this.#rng, 4_000));
    else if (draw < 0.991) this.#failOver();
    else if (draw < 0.995) client.isCut = true;
    else client.close();
    this.#check();
    this.#replaceDead();
  }

  /** Everything arrives, every lease that nobody keeps runs out, and nothing is left without its one answer. */
  settle(): void {
    for (let i = 0; i < 40; i++) {
      while (this.#messages.length > 0) {
        this.#deliver();
        this.cell.log.run();
        this.#check();
      }
      this.cell.advance(500);
      this.cell.log.run();
      this.#check();
    }
    for (const { asked } of [...this.clients, ...this.#dead]) {
      for (const { name, replies } of asked) expect([name, replies.length <= 1]).toEqual([name, true]);
    }
    const last = this.#connect();
    this.#deliverAll();
    last.write(this.#rng);
    this.#deliverAll();
    expect(last.asked.at(-1)!.replies).toHaveLength(1);
  }

  #deliverAll(): void {
    for (let i = 0; i < 100; i++) {
      while (this.#messages.length > 0) this.#deliver();
      this.cell.log.run();
      this.cell.advance(100);
    }
  }

  #check(): void {
    const { chosen } = this.cell.log;
    if (this.#slots < chosen.length) this.#known.clear();
    for (; this.#slots < chosen.length; this.#slots++) {
      const { header, body } = chosen[this.#slots]!;
      this.#truth.apply((this.#slots + 1) as Slot, header, body);
    }
    const truth = (key: string): Answer => {
      if (!this.#known.has(key)) this.#known.set(key, this.#truthOf(key));
      return this.#known.get(key)!;
    };
    for (const client of this.clients) this.checked += client.check(truth);
  }

  #truthOf(key: string): Answer {
    const [kind, name] = key.split(' ') as [Kind, string];
    const path = parseName(name, 'test', LIMITS) as NodePath;
    if (kind === 'readDir') {
      const listing = readDir(this.#truth, ASKER, LIMITS, path, '', 0);
      return listing instanceof Refusal ? absence(listing) : shown(listingMessage(listing, Buffer.alloc(0)));
    }
    if (kind === 'getStat') {
      const stat = getStat(this.#truth, ASKER, path);
      return stat instanceof Refusal ? absence(stat) : shown({ stat: statMessage(stat) });
    }
    const found = getContentsAndStat(this.#truth, ASKER, path);
    if (found instanceof Refusal) return absence(found);
    return shown({ contents: Buffer.from(found.contents), stat: statMessage(found.stat) });
  }

  #deliver(): void {
    const [message] = this.#messages.splice(below(this.#rng, this.#messages.length), 1);
    if (message?.client.isCut === false) message.deliver();
  }

  #choose(): void {
    if (this.#rng.next() < 0.7) this.cell.log.take(this.#rng.next() < 0.3 ? 500 : undefined);
    if (this.cell.log.inFlight > 0 && this.#rng.next() < 0.8) this.cell.log.chooseNext();
  }

  #failOver(): void {
    this.cell.log.endReign(this.#rng.next() < 0.5 ? 'values-lost' : 'values-survive');
    const { cell } = this;
    this.cell = new TestCell(this.#options, cell.clock, 1 + (this.#round % 3));
    cell.log.chosen.forEach((value) => this.cell.log.choose(value));
    this.cell.log.beginReign(++this.#round);
    this.cell.automatic = false;
  }

  /** Who is cut off may go on reading from his cache, as long as his lease lets him. */
  #replaceDead(): void {
    for (const [at, client] of this.clients.entries()) {
      if (!client.isOver && !(client.isCut && client.cacheSize === 0)) continue;
      this.clients.splice(at, 1);
      this.#dead.push(client);
      this.#connect();
      return;
    }
  }

  #connect(): CachingClient {
    this.cell.automatic = true;
    const nonce = Buffer.alloc(16);
    nonce.writeUInt32BE(++this.#nonce);
    const sentAtMs = this.nowMs;
    const fields = { nonce, leaseMs: LEASE_MS, cachesNothing: this.#rng.next() < 0.1 };
    const { session, leaseMs } = responseOf(this.cell.ask('createSession', fields) as Asked<'createSession'>);
    this.cell.automatic = false;
    const client = new CachingClient(this, session!, sentAtMs + leaseMs);
    this.clients.push(client);
    return client;
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[below(this.#rng, items.length)];
  }
}

const absence = ({ reason }: Refusal): Answer => (reason === 'NOT_FOUND' ? ABSENT : shown(reason));

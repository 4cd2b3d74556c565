import { describe, expect, it } from 'vitest';
import { below, SeededRng } from '../../../src/common/rng.js';
import type { CallName } from '../../../src/service/call.js';
import { decodeLock } from '../../../src/chubby/records/lock.js';
import { checkCell, entriesOf, replayed } from './cell-invariants.js';
import { byHandle, byName, responseOf, SOMEBODY, TestCell } from './test-cell.js';
import type { Asked } from './test-cell.js';
import type { SessionCredential, Stat } from '../../../src/wire/types.js';

const SEEDS = 40;
const STEPS = 250;
const NAMES = ['/ls/test/a', '/ls/test/b', '/ls/test/d', '/ls/test/d/x', '/ls/test/d/y'];
/** Nothing was executed, or it is not known whether: a retry may be answered otherwise. */
const MAY_CHANGE = new Set(['UNKNOWN_OUTCOME', 'NOT_MASTER', 'REQUEST_FORGOTTEN']);

interface Request {
  readonly name: CallName;
  readonly fields: object;
  readonly number: number;
  readonly asked: Asked<CallName>[];
}

interface Client {
  readonly credential: SessionCredential;
  /** Acknowledged with its next KeepAlive: half of them may cache, and hold up writes until then. */
  handledReply: number;
  readonly handles: Buffer[];
  readonly sequencers: Buffer[];
  readonly requests: Request[];
  /** Opens under numbers of other requests, which no client should send. */
  readonly strays: Asked<'open'>[];
}

/** Clients, masters and the log, doing at random what they may do. */
class RandomCell {
  readonly #rng: SeededRng;
  cell: TestCell;
  readonly clients: Client[] = [];
  #round = 1;
  #nonce = 0;

  constructor(seed: number) {
    this.#rng = new SeededRng(seed);
    this.cell = TestCell.reigning({ rng: this.#rng });
    this.cell.automatic = false;
    for (let i = 0; i < 3; i++) this.#connect();
  }

  step(): void {
    const draw = this.#rng.next();
    if (draw < 0.6) this.#request(this.#pick(this.clients)!);
    else if (draw < 0.67) this.#retry(this.#pick(this.clients)!);
    else if (draw < 0.7) this.#stray(this.#pick(this.clients)!);
    else if (draw < 0.85) this.#choose();
    else if (draw < 0.93) this.#keepAlive();
    else if (draw < 0.97) this.cell.advance(below(this.#rng, 6_000));
    else if (draw < 0.985) this.#failOver();
    else this.#replaceClient();
  }

  /** Everything in flight is chosen, everybody lets go, and nobody is left waiting. */
  settle(): void {
    this.cell.log.run();
    for (const { credential } of this.clients) this.cell.ask('closeSession', {}, { credential });
    this.cell.log.run();
    for (const { requests, strays } of this.clients) {
      for (const { asked } of requests) expect(asked.map(({ replies }) => replies)).toEqual(asked.map(() => 1));
      expect(strays.map(({ replies }) => replies)).toEqual(strays.map(() => 1));
    }
    const locks = [...entriesOf(replayed(this.cell.log), 'l')];
    for (const { value } of locks) expect(decodeLock(value).holders.filter(({ heldBack }) => !heldBack)).toEqual([]);
  }

  /** No request was executed twice, and no two executions were one. */
  checkWrites(): void {
    const written = new Map<string, Request>();
    for (const request of this.clients.flatMap(({ requests }) => requests)) {
      if (request.name !== 'setContents') continue;
      for (const { reply } of request.asked) {
        if (reply === undefined || !('response' in reply)) continue;
        const { instanceNumber, contentGeneration } = (reply.response as { stat: Stat }).stat;
        const version = `${instanceNumber} ${contentGeneration}`;
        expect(written.get(version) ?? request).toBe(request);
        written.set(version, request);
      }
    }
    expect(written.size).toBe(new Set(written.values()).size);
  }

  #connect(): void {
    this.cell.log.run();
    const nonce = Buffer.alloc(16, ++this.#nonce);
    const asked = this.cell.ask('createSession', { nonce, cachesNothing: this.#rng.next() < 0.5 });
    this.cell.log.run();
    const { session } = responseOf(asked);
    this.clients.push({ credential: session!, handledReply: 0, handles: [], sequencers: [], requests: [], strays: [] });
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[below(this.#rng, items.length)];
  }

  #request(client: Client): void {
    const number = client.requests.length + 1;
    const [name, fields] = this.#draw(client);
    const request: Request = { name, fields, number, asked: [] };
    client.requests.push(request);
    this.#ask(client, request);
  }

  #draw(client: Client): [CallName, object] {
    const handle = this.#pick(client.handles) ?? Buffer.alloc(0);
    const name = this.#pick(NAMES)!;
    const target = this.#rng.next() < 0.5 ? byHandle(handle) : byName(name);
    const mode = this.#rng.next() < 0.5 ? 'LOCK_MODE_SHARED' : 'LOCK_MODE_EXCLUSIVE';
    const open = {
      name,
      read: true,
      write: true,
      create: 'CREATE_MODE_MAY',
      kind: name === '/ls/test/d' ? 'NODE_KIND_DIRECTORY' : 'NODE_KIND_UNSPECIFIED',
      ephemeral: this.#rng.next() < 0.4,
      lockDelayMs: this.#rng.next() < 0.5 ? 3_000 : 0,
    };
    const locks = [handle, this.#pick(client.handles) ?? handle].map((each) => ({ handle: each, mode }));
    const calls: [CallName, object][] = [
      ['open', open],
      ['open', open],
      ['open', { ...open, create: 'CREATE_MODE_NEVER' }],
      ['close', { handle }],
      ['setContents', { ...target, contents: Buffer.from(this.#rng.bytes(5)), create: 'name' in target }],
      ['setContents', { ...target, contents: Buffer.from(this.#rng.bytes(5)) }],
      ['delete', target],
      ['acquire', { handle, mode, waitMs: below(this.#rng, 5_000) }],
      ['acquire', { handle, mode, waitMs: 0 }],
      ['tryAcquire', { handle, mode }],
      ['acquireAll', { locks, waitMs: below(this.#rng, 5_000) }],
      ['acquireAll', { locks, atOnce: this.#rng.next() < 0.5 }],
      ['release', { handle }],
      ['release', { handle }],
      ['cancel', { requestNumber: below(this.#rng, client.requests.length + 2) }],
      ['getContentsAndStat', target],
      ['readDir', byName('/ls/test')],
      ['getSequencer', { handle }],
      ['setSequencer', { handle, sequencer: this.#pick(client.sequencers) ?? Buffer.alloc(0) }],
      ['poison', { handle }],
    ];
    return this.#pick(calls)!;
  }

  #retry(client: Client): void {
    const request = this.#pick(client.requests.slice(-6));
    if (request !== undefined) this.#ask(client, request);
  }

  /** Opens some node under a number that may have opened another one, or was drawn by another request. */
  #stray(client: Client): void {
    const { credential } = client;
    const number =
      this.#rng.next() < 0.2 ? 1 + below(this.#rng, client.requests.length + 1) : 3_000 + below(this.#rng, 5);
    const fields = { name: this.#pick(NAMES)!, read: true, write: true };
    client.strays.push(this.cell.ask('open', fields, { credential, number }));
  }

  #ask(client: Client, { name, fields, number, asked }: Request): void {
    const { credential } = client;
    const acknowledged = this.#acknowledged(client);
    const timeLimitMs = this.#rng.next() < 0.2 ? 1 + below(this.#rng, 3_000) : 0;
    asked.push(this.cell.ask(name, fields, { credential, number, acknowledged, timeLimitMs }));
  }

  /** Up to the first request without a lasting answer, waiting Acquires left out. */
  #acknowledged({ requests }: Client): number {
    const open = requests.findIndex(
      ({ name, asked }) => !name.startsWith('acquire') && asked.every((each) => !lasts(each)),
    );
    return open === -1 ? requests.length : requests[open]!.number - 1;
  }

  #choose(): void {
    if (this.#rng.next() < 0.7) this.cell.log.take(this.#rng.next() < 0.3 ? 500 : undefined);
    if (this.cell.log.inFlight > 0 && this.#rng.next() < 0.8) this.cell.log.chooseNext();
    this.#collectHandles();
  }

  #keepAlive(): void {
    for (const client of this.clients) {
      const request = { session: client.credential, number: 1, acknowledgedReply: client.handledReply };
      this.cell.service.keepAlive(SOMEBODY, request, (reply) => {
        if ('response' in reply) client.handledReply = reply.response.replyNumber;
      });
    }
  }

  #failOver(): void {
    this.cell.log.endReign(this.#rng.next() < 0.5 ? 'values-lost' : 'values-survive');
    const { cell } = this;
    this.cell = new TestCell({ rng: this.#rng }, cell.clock, 1 + (this.#round % 3));
    cell.log.chosen.forEach((value) => this.cell.log.choose(value));
    this.cell.log.beginReign(++this.#round);
    this.cell.automatic = false;
  }

  #replaceClient(): void {
    const { credential } = this.#pick(this.clients)!;
    if (this.#rng.next() < 0.5) this.cell.ask('closeSession', {}, { credential });
    this.#connect();
  }

  #collectHandles(): void {
    for (const { handles, sequencers, requests, strays } of this.clients) {
      const recent: Asked<CallName>[] = requests.slice(-20).flatMap(({ asked }) => asked);
      for (const { reply } of [...recent, ...strays]) {
        if (reply === undefined || !('response' in reply)) continue;
        if ('sequencer' in reply.response) sequencers.splice(0, Infinity, reply.response.sequencer);
        if (!('handle' in reply.response)) continue;
        const { handle } = reply.response;
        if (!handles.some((known) => known.equals(handle))) handles.push(handle);
      }
    }
  }
}

const lasts = ({ reply }: Asked<CallName>): boolean =>
  reply !== undefined && !('failure' in reply && MAY_CHANGE.has(reply.failure.reason));

describe('whatever clients, masters and the log do', () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('(seed %i) the cell stays whole', (seed) => {
    const random = new RandomCell(seed);
    for (let i = 0; i < STEPS; i++) {
      random.step();
      if (i % 10 === 0) checkCell(replayed(random.cell.log));
    }
    random.settle();
    random.checkWrites();
    checkCell(replayed(random.cell.log));
    expect(random.cell.service.status().digest).toBe(replayed(random.cell.log).digest);
  });
});

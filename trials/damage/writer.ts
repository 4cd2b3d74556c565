import type { CallTypes } from '../../src/wire/calls.js';
import type { Call, CallName, Reply } from '../../src/service/call.js';
import { byName, readRequest, setContentsRequest } from '../../src/client/requests.js';
import type { SessionCredential } from '../../src/wire/types.js';
import type { DiskCell } from './disk-cell.js';

const CALLER = { principal: 'trial', address: '127.0.0.1:1' };
const ANSWER_MS = 2_000;
const ASKED_MAX = 10;
const LEASE_MS = 60_000;

/** What was acknowledged: by file, its contents. What the cell holds must be that. */
export type Acknowledged = Map<string, string>;

/** One session with the master of the moment, which writes files, reads them, and knows what was acknowledged. */
export class Writer {
  #number = 0;

  private constructor(
    private readonly cell: DiskCell,
    private readonly credential: SessionCredential,
    readonly acknowledged: Acknowledged,
  ) {}

  /** @throws Error when the master does not answer */
  static async connect(cell: DiskCell, acknowledged: Acknowledged): Promise<Writer> {
    await cell.elected();
    const request = { nonce: Buffer.from(cell.rng.bytes(16)), cachesNothing: true, leaseMs: LEASE_MS };
    const { session } = await ask(cell, 'createSession', request, undefined, 0);
    return new Writer(cell, session!, acknowledged);
  }

  async write(file: string, contents: string): Promise<void> {
    await this.#ask('setContents', setContentsRequest(byName(file), contents, {}, true));
    this.acknowledged.set(file, contents);
  }

  /** The first file that does not hold what was acknowledged, told in a sentence. */
  async wrongFile(): Promise<string | undefined> {
    for (const [file, expected] of this.acknowledged) {
      const { contents } = await this.#ask('getContentsAndStat', readRequest(byName(file)));
      const found = Buffer.from(contents).toString('utf8');
      if (found !== expected) return `${file} holds ${found.slice(0, 40)}, acknowledged was ${expected.slice(0, 40)}`;
    }
    return undefined;
  }

  #ask<Name extends CallName>(name: Name, request: CallTypes[Name]['request']): Promise<CallTypes[Name]['response']> {
    return ask(this.cell, name, request, this.credential, ++this.#number);
  }
}

async function ask<Name extends CallName>(
  cell: DiskCell,
  name: Name,
  request: CallTypes[Name]['request'],
  credential: SessionCredential | undefined,
  number: number,
): Promise<CallTypes[Name]['response']> {
  const call: object = { name, request, credential, number, acknowledged: number - 1, timeLimitMs: 0 };
  let reply: Reply | undefined;
  const isAnswered = (): boolean => {
    // Who reigns may not have told the cell yet that it does.
    if (reply !== undefined && 'failure' in reply && reply.failure.reason === 'NOT_MASTER') reply = undefined;
    return reply !== undefined;
  };
  for (let asked = 0; asked < ASKED_MAX && !isAnswered(); asked++) {
    const master = await cell.elected();
    master.service?.call(CALLER, call as Call, (answer) => (reply = answer));
    await cell.until(isAnswered, ANSWER_MS);
  }
  if (reply === undefined) throw new Error(`${name}: no answer`);
  if ('failure' in reply) throw new Error(`${name}: ${reply.failure.reason} ${reply.failure.message}`);
  return reply.response as CallTypes[Name]['response'];
}

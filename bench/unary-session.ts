import { randomBytes } from 'node:crypto';
import type { UnaryCalls } from '../src/wire/calls.js';
import type { UnaryName } from '../src/client/channel.js';
import { openRequest } from '../src/client/open-request.js';
import { GrpcChannel } from '../src/client/grpc/grpc-channel.js';
import type { SessionCredential } from '../src/wire/types.js';

const TIME_LIMIT_MS = 10_000;

/** A session as any gRPC client without our library would have it: one call a request, numbers counted by hand. */
export class UnarySession {
  readonly #channel: GrpcChannel;
  readonly #credential: SessionCredential;
  readonly #open = new Set<number>();
  #lastNumber = 0;

  private constructor(channel: GrpcChannel, credential: SessionCredential) {
    this.#channel = channel;
    this.#credential = credential;
  }

  /** @param master the master's client address */
  static async begin(master: string): Promise<UnarySession> {
    const channel = new GrpcChannel(master);
    const request = { nonce: randomBytes(16), cachesNothing: true, leaseMs: 60_000 };
    const { session } = await ask(channel, 'createSession', request);
    if (session === null) throw new Error('a created session has a credential');
    return new UnarySession(channel, session);
  }

  async openToWrite(name: string): Promise<Buffer> {
    const { handle } = await this.#numbered((context) =>
      ask(this.#channel, 'open', { ...openRequest(name, { write: true, create: 'may' }), context }),
    );
    return handle;
  }

  async write(handle: Buffer, contents: Buffer): Promise<void> {
    await this.#numbered((context) =>
      ask(this.#channel, 'setContents', { context, handle, target: 'handle', contents, create: false }),
    );
  }

  close(): void {
    this.#channel.close();
  }

  async #numbered<Answer>(
    call: (context: { session: SessionCredential; number: number; acknowledged: number }) => Promise<Answer>,
  ): Promise<Answer> {
    const number = ++this.#lastNumber;
    this.#open.add(number);
    const [oldestOpen = number] = this.#open;
    try {
      return await call({ session: this.#credential, number, acknowledged: oldestOpen - 1 });
    } finally {
      this.#open.delete(number);
    }
  }
}

async function ask<Name extends UnaryName>(
  channel: GrpcChannel,
  name: Name,
  request: UnaryCalls[Name]['request'],
): Promise<UnaryCalls[Name]['response']> {
  const outcome = await channel.call(name, request, TIME_LIMIT_MS);
  if ('response' in outcome) return outcome.response;
  throw new Error(`${name}: ${outcome.failure.reason} ${outcome.failure.message}`);
}

import type { Caller, HeldKeepAlive, Reply } from '../service/call.js';
import { refusal } from '../wire/errors.js';
import type { KeepAliveRequestFields } from '../wire/gen/chubby/v1/KeepAliveRequest.js';
import type { KeepAliveResponseFields } from '../wire/gen/chubby/v1/KeepAliveResponse.js';
import type { KeepAliveRequest, KeepAliveResponse } from '../wire/types.js';
import { ANYBODY } from '../wire/principal.js';
import { MalformedMessage } from '../wire/well-formed.js';
import { principalIn } from './callers.js';
import { MessageOutbox } from './outbox.js';
import { codecOf } from './proto.js';
import { UNSENDABLE } from './served-cell.js';
import type { ServerContext } from './served-cell.js';
import type { StreamBounds } from './stream-bounds.js';
import { StreamWriter } from './stream-writer.js';
import type { ByteStream } from './stream-writer.js';

const requests = codecOf<KeepAliveRequestFields, KeepAliveRequest>('chubby.v1.KeepAliveRequest');
const responses = codecOf<KeepAliveResponseFields, KeepAliveResponse>('chubby.v1.KeepAliveResponse');

/**
 * One KeepAlive stream, of one session or many. Its end withdraws what is held: nobody is there to whom a lease could
 * be promised.
 */
export class KeepAliveStream {
  readonly #writer: StreamWriter;
  readonly #held = new Set<HeldKeepAlive>();
  readonly #caller: Caller;
  #halfClosed = false;

  /** @param maxHeld KeepAlives held at a time */
  constructor(
    stream: ByteStream,
    private readonly context: ServerContext,
    bounds: StreamBounds,
    private readonly maxHeld: number,
  ) {
    const incoming = context.calls.of(stream);
    const principal = principalIn(stream.metadata);
    this.#caller = { principal: typeof principal === 'string' ? principal : ANYBODY, address: incoming.peer };
    this.#writer = new StreamWriter(
      stream,
      incoming,
      new MessageOutbox(),
      bounds,
      () => undefined,
      () => this.#withdrawAll(),
    );
    stream.on('data', (bytes: Buffer) => {
      incoming.took(bytes);
      this.#guarded(() => this.#arrived(bytes));
    });
    stream.on('end', () => {
      this.#halfClosed = true;
      this.#endIfAnswered();
    });
    if (typeof principal !== 'string') this.#writer.fail(principal);
  }

  #arrived(bytes: Buffer): void {
    if (this.#writer.isOver) return;
    let request: KeepAliveRequest;
    try {
      request = requests.decode(bytes);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      return this.#writer.fail(refusal('MALFORMED_REQUEST', `KeepAliveRequest: ${error.message}`));
    }
    if (this.#held.size >= this.maxHeld) {
      return this.#writer.fail(refusal('LIMIT_SESSIONS', `more than ${this.maxHeld} KeepAlives on one stream`));
    }
    this.#hold(request);
  }

  #hold(request: KeepAliveRequest): void {
    const holding: { answered: boolean; keepAlive?: HeldKeepAlive } = { answered: false };
    holding.keepAlive = this.context.cell.keepAlive(this.#caller, request, (reply) => {
      holding.answered = true;
      if (holding.keepAlive !== undefined) this.#held.delete(holding.keepAlive);
      this.#answered(reply);
    });
    // The answer may have come already.
    if (!holding.answered) this.#held.add(holding.keepAlive);
  }

  #answered(reply: Reply<KeepAliveResponse>): void {
    if ('failure' in reply) return this.#writer.fail(reply.failure);
    let bytes: Buffer;
    try {
      bytes = responses.encode(reply.response);
    } catch (error) {
      this.context.unsent(error);
      return this.#writer.fail(UNSENDABLE);
    }
    this.#writer.add(bytes);
    this.#endIfAnswered();
  }

  #endIfAnswered(): void {
    if (this.#halfClosed && this.#held.size === 0) this.#writer.end();
  }

  #withdrawAll(): void {
    for (const held of this.#held) held.withdraw();
    this.#held.clear();
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.context.fatal(error);
    }
  }
}

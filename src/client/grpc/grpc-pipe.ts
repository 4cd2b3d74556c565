import { refusal } from '../../wire/errors.js';
import { LIMITS } from '../../wire/limits.js';
import { RepeatedField } from '../../wire/repeated-field.js';
import type { PipeCall, PipeReply, PipeResponse, SessionCredential } from '../../wire/types.js';
import type { PipeConnection, PipeHandlers } from '../channel.js';
import { ByteStream } from './byte-stream.js';
import type { ClientByteStream } from './byte-stream.js';
import { codecOf } from './proto.js';

/** The fields of PipeRequest around its calls. */
interface Surroundings {
  readonly session?: SessionCredential;
  readonly acknowledged: number;
}

const surroundings = codecOf<Surroundings>('chubby.v1.PipeRequest');
const pipeCalls = codecOf<PipeCall>('chubby.v1.PipeCall');
const responses = codecOf<PipeResponse>('chubby.v1.PipeResponse');

/** Of `calls` in PipeRequest. */
const CALLS_FIELD = 2;
/** A call with its tag, its length and the fields around it must fit into a message. */
const CALL_BYTES_MAX = LIMITS.messageBytes - 256;

/** A Pipe over gRPC. */
export class GrpcPipe implements PipeConnection {
  readonly #stream: ByteStream;
  readonly #calls = new RepeatedField(CALLS_FIELD);
  /** Absent once it was sent. */
  #session: SessionCredential | undefined;
  #acknowledged = 0;

  /**
   * @param address of the replica, for messages
   * @param closed called when the connection is over, whoever ended it
   */
  constructor(
    address: string,
    stream: ClientByteStream,
    session: SessionCredential,
    private readonly handlers: PipeHandlers,
    private readonly closed: () => void,
  ) {
    this.#session = session;
    this.#stream = new ByteStream(address, stream, {
      next: () => this.#nextMessage(),
      received: (message) => handlers.replies(responses.decode(message).replies),
      closed: (failure) => {
        closed();
        handlers.closed(failure);
      },
    });
    // Even when there is no call to go with it: a replica ends a stream of which nothing comes.
    this.#stream.wake();
  }

  get queuedBytes(): number {
    return this.#calls.sizeBytes;
  }

  send(calls: readonly PipeCall[], acknowledged: number): void {
    this.#acknowledged = acknowledged;
    for (const call of calls) {
      const bytes = pipeCalls.encode(call);
      if (bytes.length <= CALL_BYTES_MAX) this.#calls.add(bytes);
      else this.#refuse(call.number, `the request is ${bytes.length} bytes`);
    }
    this.#stream.wake();
  }

  close(): void {
    this.#stream.close();
    this.closed();
  }

  /** Ends the connection as if the network had. */
  break(): void {
    this.#stream.break();
  }

  #nextMessage(): Buffer | undefined {
    const session = this.#session;
    if (this.#calls.isEmpty && session === undefined) return undefined;
    this.#session = undefined;
    const around = surroundings.encode({ acknowledged: this.#acknowledged, ...(session !== undefined && { session }) });
    return this.#calls.take(LIMITS.messageBytes, around);
  }

  #refuse(number: number, sentence: string): void {
    const reply: PipeReply = { number, failure: refusal('TOO_LARGE', sentence), reply: 'failure' };
    setImmediate(() => this.handlers.replies([reply]));
  }
}

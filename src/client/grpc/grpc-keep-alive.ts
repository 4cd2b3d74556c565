import type { KeepAliveRequest, KeepAliveResponse } from '../../wire/types.js';
import type { KeepAliveConnection, KeepAliveHandlers } from '../channel.js';
import { ByteStream } from './byte-stream.js';
import type { ClientByteStream } from './byte-stream.js';
import { codecOf } from './proto.js';

const requests = codecOf<KeepAliveRequest>('chubby.v1.KeepAliveRequest');
const responses = codecOf<KeepAliveResponse>('chubby.v1.KeepAliveResponse');

/** A KeepAlive stream over gRPC. */
export class GrpcKeepAlive implements KeepAliveConnection {
  readonly #stream: ByteStream;
  readonly #queue: Buffer[] = [];

  /**
   * @param address of the replica, for messages
   * @param closed called when the connection is over, whoever ended it
   */
  constructor(
    address: string,
    stream: ClientByteStream,
    handlers: KeepAliveHandlers,
    private readonly closed: () => void,
  ) {
    this.#stream = new ByteStream(address, stream, {
      next: () => this.#queue.shift(),
      received: (message) => handlers.answered(responses.decode(message)),
      closed: (failure) => {
        closed();
        handlers.closed(failure);
      },
    });
  }

  send(request: KeepAliveRequest): void {
    this.#queue.push(requests.encode(request));
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
}

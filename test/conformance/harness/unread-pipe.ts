import { connect } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { serviceOf } from '../../../src/client/grpc/proto.js';
import type { SessionCredential } from '../../../src/wire/types.js';

const { path, requestSerialize } = serviceOf('chubby.v1.Chubby')['Pipe']!;
const NOT_COMPRESSED = 0;

/** A Pipe whose client asks for files and reads nothing of what comes. */
export class UnreadPipe {
  /** Resolves when the cell has cut the connection. */
  readonly cut: Promise<void>;
  readonly #connection: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;

  constructor(address: string, session: SessionCredential) {
    this.#connection = connect(`http://${address}`);
    this.#connection.on('error', () => undefined);
    this.cut = new Promise((resolve) => this.#connection.once('close', resolve));
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    this.#stream = this.#connection.request(headers);
    this.#stream.on('error', () => undefined);
    this.#send({ session, calls: [], acknowledged: 0 });
  }

  ask(number: number, name: string): void {
    const call = { number, call: 'getContentsAndStat', getContentsAndStat: { target: 'name', name } };
    this.#send({ calls: [call], acknowledged: 0 });
  }

  close(): void {
    this.#connection.destroy();
  }

  #send(request: object): void {
    const message = requestSerialize(request);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt8(NOT_COMPRESSED, 0);
    prefix.writeUInt32BE(message.length, 1);
    this.#stream.write(Buffer.concat([prefix, message]));
  }
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { ServiceDefinition } from '@grpc/proto-loader';
import { ReflectionV1Implementation } from '@grpc/reflection/build/src/implementations/reflection-v1.js';
import { refusal } from '../wire/errors.js';
import { LIMITS } from '../wire/limits.js';
import { MessageOutbox } from './outbox.js';
import { bytesOnly, CLIENT_PACKAGE } from './proto.js';
import type { ServerContext } from './served-cell.js';
import type { StreamBounds } from './stream-bounds.js';
import { StreamWriter } from './stream-writer.js';
import type { ByteStream } from './stream-writer.js';

const PROTOS = join(dirname(createRequire(import.meta.url).resolve('@grpc/reflection')), '../proto');
/** They differ in their names alone. */
const VERSIONS = ['v1', 'v1alpha'];

type Question = Parameters<ReflectionV1Implementation['handleServerReflectionRequest']>[0];

/**
 * grpc.reflection.*.ServerReflection: what a stranger's tool asks before it calls us. The package of that name knows the
 * answers; its own implementation of the stream writes them to whoever does not read.
 */
export class Reflection {
  readonly #answers = new ReflectionV1Implementation(CLIENT_PACKAGE);

  /** @param highWaterBytes of answers that wait to be sent, beyond which further questions are not looked at */
  constructor(
    private readonly context: ServerContext,
    private readonly bounds: StreamBounds,
    private readonly highWaterBytes: number,
  ) {}

  addTo(server: Server): void {
    for (const version of VERSIONS) {
      const definitions = loadSync(`grpc/reflection/${version}/reflection.proto`, {
        includeDirs: [PROTOS],
        longs: String,
        enums: String,
        bytes: Array,
        defaults: true,
        oneofs: true,
      });
      const service = definitions[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;
      server.addService(bytesOnly(service), {
        ServerReflectionInfo: (stream: ByteStream) => this.#serve(stream, service['ServerReflectionInfo']!),
      });
    }
  }

  #serve(stream: ByteStream, { requestDeserialize, responseSerialize }: ServiceDefinition[string]): void {
    const incoming = this.context.calls.of(stream);
    const writer = new StreamWriter(
      stream,
      incoming,
      new MessageOutbox(),
      this.bounds,
      () => stream.resume(),
      () => undefined,
    );
    stream.on('data', (bytes: Buffer) => {
      incoming.took(bytes);
      let answer: Buffer;
      try {
        answer = responseSerialize(this.#answers.handleServerReflectionRequest(requestDeserialize(bytes) as Question));
      } catch {
        // Nothing but the bytes can be at fault: decoders throw errors of several classes for them.
        return writer.fail(refusal('MALFORMED_REQUEST', 'not a question of server reflection'));
      }
      if (answer.length > LIMITS.messageBytes) {
        return writer.fail(refusal('TOO_LARGE', `the answer would be ${answer.length} bytes`));
      }
      writer.add(answer);
      if (writer.waitingBytes > this.highWaterBytes) stream.pause();
    });
    stream.on('end', () => writer.end());
  }
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import type { AnyDefinition, MessageTypeDefinition, ServiceDefinition } from '@grpc/proto-loader';
import { assert } from '../../common/assert.js';
import { decodeWellFormed } from '../../wire/well-formed.js';

// The package asks for its own root by name: the same answer from src/, from dist/src/ and from an installed copy.
const packageRoot = dirname(createRequire(import.meta.url).resolve('chubby/package.json'));

const definitions = loadSync(['chubby/v1/chubby.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'], {
  includeDirs: [join(packageRoot, 'proto')],
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
});

const isMessage = (definition: AnyDefinition): definition is MessageTypeDefinition<object, object> =>
  'serialize' in definition;

const isService = (definition: AnyDefinition): definition is ServiceDefinition => !('format' in definition);

/** One message type between its objects and its bytes. */
export interface Codec<Message> {
  encode(message: Message): Buffer;
  /** @throws MalformedMessage */
  decode(bytes: Buffer): Message;
}

/** The codec of a message of our protos, by its full name. */
export function codecOf<Message extends object>(name: string): Codec<Message> {
  const definition = definitions[name];
  assert(definition !== undefined && isMessage(definition), () => `${name} is a message of our protos`);
  const { serialize, deserialize } = definition;
  return { encode: serialize, decode: (bytes) => decodeWellFormed(deserialize, bytes) as Message };
}

/** A service of our protos by its full name. */
export function serviceOf(name: string): ServiceDefinition {
  const definition = definitions[name];
  assert(definition !== undefined && isService(definition), () => `${name} is a service of our protos`);
  return definition;
}

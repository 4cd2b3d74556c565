import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import type { AnyDefinition, MessageTypeDefinition, ServiceDefinition } from '@grpc/proto-loader';
import type { MethodDefinition } from '@grpc/grpc-js';
import { assert } from '../common/assert.js';
import { decodeWellFormed } from '../wire/well-formed.js';

// The package asks for its own root by name: the same answer from src/, from dist/src/ and from an installed copy.
const packageRoot = dirname(createRequire(import.meta.url).resolve('chubby/package.json'));

const load = (...files: readonly string[]) =>
  loadSync([...files], {
    includeDirs: [join(packageRoot, 'proto')],
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });

/** What clients may see of the cell: also what server reflection shows. */
export const CLIENT_PACKAGE = load('chubby/v1/chubby.proto');
const PACKAGES = {
  ...CLIENT_PACKAGE,
  ...load('chubby/peer/v1/peer.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'),
};

/** One message type between its bytes and its objects; `Fields` may leave fields out, `Decoded` has them all. */
export interface Codec<Fields, Decoded> {
  encode(fields: Fields): Buffer;
  /** Byte fields are views of `bytes`. @throws MalformedMessage */
  decode(bytes: Buffer): Decoded;
}

const isMessage = (definition: AnyDefinition): definition is MessageTypeDefinition<object, object> =>
  'serialize' in definition;

const isService = (definition: AnyDefinition): definition is ServiceDefinition => !('format' in definition);

/** The codec of a message of our protos, by its full name. */
export function codecOf<Fields extends object, Decoded extends object>(name: string): Codec<Fields, Decoded> {
  const definition = PACKAGES[name];
  assert(definition !== undefined && isMessage(definition), () => `${name} is a message of our protos`);
  const { serialize, deserialize } = definition;
  return { encode: serialize, decode: (bytes) => decodeWellFormed(deserialize, bytes) as Decoded };
}

/** A service of our protos by its full name. */
export function serviceOf(name: string): ServiceDefinition {
  const definition = PACKAGES[name];
  assert(definition !== undefined && isService(definition), () => `${name} is a service of our protos`);
  return definition;
}

/**
 * A service's methods for grpc-js with every message as the bytes it is: grpc-js answers bytes that it cannot decode
 * with a text of its own, and keeps what it has not sent yet as objects whose size nobody knows.
 */
export function bytesOnly(service: ServiceDefinition): Record<string, MethodDefinition<Buffer, Buffer>> {
  const same = (bytes: Buffer): Buffer => bytes;
  const codecs = {
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  return Object.fromEntries(
    Object.entries(service).map(([name, { path, requestStream, responseStream }]) => [
      name,
      { path, requestStream, responseStream, ...codecs },
    ]),
  );
}

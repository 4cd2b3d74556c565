import { ByteReader, ByteWriter, MalformedBytes } from '../common/bytes.js';
import { readBallot, writeBallot } from './ballot.js';
import type { Ballot } from './ballot.js';

/** What the log agrees on in one slot: a header and a body, encoded once by the master that made it. */
export type Value = Uint8Array & { readonly __brand: 'Value' };

/**
 * What a value is for. `noop` fills a slot of which nothing is known; `epoch` begins a reign; `operations` is a batch
 * for the state machine; `configuration` changes who votes; `checksum` asks every replica for the digest of its state
 * after this slot. The second byte of the value, after its format version.
 */
export const VALUE_KINDS = ['noop', 'epoch', 'operations', 'configuration', 'checksum'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** A master's reign, named by the ballot of the master that made its values; kept when others re-propose them. */
export type Epoch = Ballot;

/** The one header of every value, judged in one place before anybody else sees the body. (DESIGN 3.7) */
export interface ValueHeader {
  readonly kind: ValueKind;
  readonly epoch: Epoch;
  readonly orderInEpoch: number;
}

const FORMAT_VERSION = 1;

/** Header and body as one value. `body` is copied. */
export function encodeValue(header: ValueHeader, body: Uint8Array): Value {
  const out = new ByteWriter(body.length + 40);
  out.u8(FORMAT_VERSION).u8(VALUE_KINDS.indexOf(header.kind));
  writeBallot(out, header.epoch);
  out.uint(header.orderInEpoch).raw(body);
  return out.take() as Value;
}

/**
 * Takes a value apart; the body is a view.
 *
 * @throws MalformedBytes for anything that {@link encodeValue} does not produce
 */
export function decodeValue(value: Value): { readonly header: ValueHeader; readonly body: Uint8Array } {
  const from = new ByteReader(value);
  const version = from.u8();
  if (version !== FORMAT_VERSION) throw new MalformedBytes(`value format ${version} is not known here`);
  const kind = VALUE_KINDS[from.u8()];
  if (kind === undefined) throw new MalformedBytes('unknown kind of value');
  const epoch = readBallot(from);
  const orderInEpoch = from.uint();
  return { header: { kind, epoch, orderInEpoch }, body: from.raw(from.remaining) };
}

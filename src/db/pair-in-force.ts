import { ByteReader, ByteWriter, MalformedBytes, toHex } from '../common/bytes.js';

/** A reign's name: the ballot of the master whose reign it is. The log's `Epoch`, as the database knows it. */
export interface EpochName {
  readonly round: number;
  readonly replicaId: number;
  /** 16 hex digits. */
  readonly incarnation: string;
}

/** Epoch and order of the last value applied: what the next one must directly follow. (DESIGN 3.7) */
export interface PairInForce {
  readonly epoch: EpochName;
  readonly orderInEpoch: number;
}

const FORMAT_VERSION = 1;
const INCARNATION_BYTES = 8;

export function encodePairInForce({ epoch, orderInEpoch }: PairInForce): Uint8Array {
  return new ByteWriter(40)
    .u8(FORMAT_VERSION)
    .uint(epoch.round)
    .uint(epoch.replicaId)
    .raw(Buffer.from(epoch.incarnation, 'hex'))
    .uint(orderInEpoch)
    .take();
}

/** @throws MalformedBytes for anything that {@link encodePairInForce} does not produce */
export function decodePairInForce(bytes: Uint8Array): PairInForce {
  const from = new ByteReader(bytes);
  const version = from.u8();
  if (version !== FORMAT_VERSION) throw new MalformedBytes(`format ${version} of the pair in force is not known here`);
  const round = from.uint();
  const replicaId = from.uint();
  const incarnation = toHex(from.raw(INCARNATION_BYTES));
  const orderInEpoch = from.uint();
  from.end();
  return { epoch: { round, replicaId, incarnation }, orderInEpoch };
}

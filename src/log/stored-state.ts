import { ByteReader, ByteWriter, MalformedBytes } from '../common/bytes.js';
import { hashBytes, hexOfLanes, newLanes } from '../common/hash128.js';
import { readBallot, writeBallot } from '../paxos/ballot.js';
import type { PairInForce } from '../paxos/epoch-judge.js';
import { NewerFormat } from '../storage/newer-format.js';

// A state as snapshots hold it: what the log itself has to know again, and the application's bytes. ([PML] 5.4)

const FORMAT_VERSION = 1;

/** All that a snapshot of this log holds. */
export interface StoredState {
  readonly pairInForce: PairInForce;
  /** Nothing before the first value. */
  readonly configuration: Uint8Array | undefined;
  /** Of the application. */
  readonly state: Uint8Array;
}

/** What stands before the application's bytes. */
export function encodeHead({ pairInForce, configuration, state }: StoredState): Uint8Array {
  const out = new ByteWriter(256).u8(FORMAT_VERSION);
  writeBallot(out, pairInForce.epoch);
  out.uint(pairInForce.orderInEpoch).bool(configuration !== undefined);
  if (configuration !== undefined) out.bytes(configuration);
  return out.uint(state.length).take();
}

/** @throws MalformedBytes for anything else than {@link encodeHead} and the bytes that belong behind it */
export function decodeState(bytes: Uint8Array): StoredState {
  const from = new ByteReader(bytes);
  const version = from.u8();
  if (version > FORMAT_VERSION) throw new NewerFormat('the state in it', version, FORMAT_VERSION);
  if (version !== FORMAT_VERSION) throw new MalformedBytes(`format ${version} is none`);
  const pairInForce = { epoch: readBallot(from), orderInEpoch: from.uint() };
  const configuration = from.bool() ? from.bytes() : undefined;
  const state = from.raw(from.uint());
  from.end();
  return { pairInForce, configuration, state };
}

/** Equal for equal states, as 32 hex digits. */
export function digestOf(head: Uint8Array, state: Uint8Array): string {
  const lanes = newLanes(1);
  hashBytes(head, lanes);
  hashBytes(state, lanes);
  return hexOfLanes(lanes);
}

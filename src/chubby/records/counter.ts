import { ByteWriter } from '../../common/bytes.js';
import { openRecord } from './format.js';

const FORMAT_VERSION = 1;

/** A counter of the cell, e.g. the global revision. */
export const encodeCounter = (value: number): Uint8Array => new ByteWriter(9).u8(FORMAT_VERSION).uint(value).take();

/** @throws MalformedBytes for anything that {@link encodeCounter} does not produce */
export function decodeCounter(bytes: Uint8Array): number {
  const from = openRecord('counter', bytes, FORMAT_VERSION);
  const value = from.uint();
  from.end();
  return value;
}

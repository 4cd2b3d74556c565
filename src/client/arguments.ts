import { nearestName } from '../common/nearest-name.js';
import { ChubbyError } from './chubby-error.js';

// What callers give, checked before anything is sent. A plain JavaScript program has no compiler to tell it.

/** The most that a uint32 of the wire holds. */
export const UINT32_MAX = 2 ** 32 - 1;

/** What UTF-8 cannot say, and what decoders put in its place: the cell takes a message with it for damaged. */
const NOT_UTF8 = /[\uD800-\uDFFF\uFFFD]/u;

export const badArgument = (message: string): ChubbyError => new ChubbyError('BAD_ARGUMENT', message);

/** @throws ChubbyError BAD_ARGUMENT for what is no text, MALFORMED_NAME for what is no UTF-8 */
export function nameFrom(name: string): string {
  if (typeof name !== 'string') throw badArgument(`a name is a text, not ${typeof name}`);
  if (NOT_UTF8.test(name)) throw new ChubbyError('MALFORMED_NAME', `${JSON.stringify(name)} is not UTF-8`);
  return name;
}

/** Text as UTF-8; bytes as they are, and not copied. */
export function bytesFrom(contents: Uint8Array | string): Buffer {
  if (typeof contents === 'string') return Buffer.from(contents, 'utf8');
  return bufferFrom(contents, 'contents are a text or');
}

/** @param what the sentence up to "a Uint8Array" */
export function bufferFrom(bytes: Uint8Array, what: string): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw badArgument(`${what} a Uint8Array, not ${typeof bytes}`);
}

/** @param max what the wire holds */
export function wholeFrom(value: number, what: string, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw badArgument(`${what} is a whole number from 0 to ${max}, not ${String(value)}`);
}

/** Options of every call. */
export const CALL_OPTIONS = ['signal', 'timeoutMs'] as const;

/**
 * An option that is not known, a misspelt condition say, must not be passed over: the call would do what its user has
 * just forbidden.
 */
export function assertKnownOptions(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const remedy = nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
    throw badArgument(`there is no option ${name}: ${remedy}`);
  }
}

/** What a word stands for on the wire. */
export function memberFrom<Key extends string, Value>(
  table: Readonly<Record<Key, Value>>,
  key: Key,
  what: string,
): Value {
  if (Object.hasOwn(table, key)) return table[key];
  throw badArgument(`${what} is ${Object.keys(table).join(' or ')}, not ${String(key)}`);
}

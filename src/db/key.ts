import { toLatin1 } from '../common/bytes.js';

/**
 * A byte string as a JavaScript string of code units 0 to 255: it can be a map's key, and `<` orders it as its bytes
 * are ordered. Made from bytes by {@link keyOf}, from text by {@link keyOfText}; two keys joined are a key.
 */
export type Key = string & { readonly __brand: 'Key' };

export const keyOf = (bytes: Uint8Array): Key => toLatin1(bytes) as Key;

/** The key of the text's UTF-8 bytes. */
export const keyOfText = (text: string): Key => Buffer.from(text, 'utf8').toString('latin1') as Key;

/** The lowest key: with no end, a range from here holds everything. */
export const LOWEST_KEY = '' as Key;

/** The next key there can be: as the start of a range it leaves `key` out, as the end it takes it in. */
export const justAfter = (key: Key): Key => `${key}\0` as Key;

/**
 * The lowest key above every key that starts with `prefix`: the end of the prefix's range.
 *
 * @returns `undefined` where no key lies above them all (a prefix of nothing but 255s, or the empty one)
 */
export function prefixEnd(prefix: Key): Key | undefined {
  for (let last = prefix.length - 1; last >= 0; last--) {
    const unit = prefix.charCodeAt(last);
    if (unit < 255) return (prefix.slice(0, last) + String.fromCharCode(unit + 1)) as Key;
  }
  return undefined;
}

/** Keys that begin with this belong to the database itself; no operation may write them. */
export const RESERVED_PREFIX = '\0' as Key;

export const isReserved = (key: Key): boolean => key.charCodeAt(0) === 0;

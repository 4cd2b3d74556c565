import { describe, expect, it } from 'vitest';
import { decodeWellFormed, MalformedMessage } from '../../../src/wire/well-formed.js';

const bytes = Buffer.alloc(0);
const decode = (message: unknown) => decodeWellFormed(() => message, bytes);

describe('a decoded message', () => {
  it.each<[string, unknown]>([
    ['the largest number', { slot: Number.MAX_SAFE_INTEGER }],
    ['nothing in a field', { session: null, name: undefined }],
    ['any bytes', { contents: Buffer.from('\uFFFD') }],
    ['any other text', { name: '/ls/local/\u0000\u{1F512}' }],
    ['a list', { slots: [1, 2, 3], entries: [{ name: 'a' }] }],
  ])('is believed with %s', (_what, message) => {
    expect(decode(message)).toBe(message);
  });

  it.each<[string, unknown]>([
    ['a number beyond 2^53', { number: 2 ** 53 }],
    ['one in a list', { slots: [1, 2 ** 60] }],
    ['one in a message of a list', { calls: [{ number: 1 }, { number: 2 ** 53 }] }],
    ['a text that was not UTF-8', { name: 'a\uFFFDb' }],
    ['one in a map', { metadata: { remedy: '\uFFFD' } }],
  ])('is refused with %s', (_what, message) => {
    expect(() => decode(message)).toThrow(MalformedMessage);
  });

  it('is refused when its decoder fails, whatever it throws', () => {
    const fails = () => {
      throw new RangeError('index out of range');
    };
    expect(() => decodeWellFormed(fails, bytes)).toThrow(MalformedMessage);
  });
});

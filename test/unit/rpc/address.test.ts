import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/rpc/address.js';

describe('an address', () => {
  it.each([
    ['127.0.0.1:7101', '127.0.0.1', 7101],
    ['replica-1.cell:0', 'replica-1.cell', 0],
    ['[::1]:7201', '::1', 7201],
  ])('%s is taken apart', (address, host, port) => {
    expect(parseAddress(address)).toEqual({ host, port });
  });

  it.each(['', '7101', ':7101', 'host', 'host:', 'host:x', 'host:65536', '::1:7101', '[::1]', 'a:1:2'])(
    '"%s" is none',
    (address) => {
      expect(() => parseAddress(address)).toThrow(RangeError);
    },
  );
});

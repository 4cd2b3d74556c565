import { describe, expect, it } from 'vitest';
import { joinAddress, LOCAL_CELL, parseCellAddress } from '../../../src/client/cell-address.js';

describe('parseCellAddress', () => {
  it('reads a list, without repetitions and blanks', () => {
    expect(parseCellAddress('a:1, [::1]:7101,a:1')).toEqual({ kind: 'list', addresses: ['a:1', '[::1]:7101'] });
  });

  it('reads a name whose addresses are the replicas', () => {
    expect(parseCellAddress('dns:cell.example.org:7101')).toEqual({
      kind: 'dns',
      name: 'cell.example.org',
      port: 7101,
    });
  });

  it('has the cell of `npm start` as its default', () => {
    expect(parseCellAddress(LOCAL_CELL)).toMatchObject({ kind: 'list', addresses: { length: 5 } });
  });

  it.each([
    '',
    'a',
    'a:',
    ':1',
    'a:0',
    'a:65536',
    'a:1,,b:2',
    'a b:1',
    '::1:7101',
    'dns:name',
    'dns:a:70000',
    'http://a:1',
  ])('refuses %j', (text) => {
    expect(() => parseCellAddress(text)).toThrow(expect.objectContaining({ reason: 'BAD_ARGUMENT' }));
  });

  it('writes IPv6 in brackets', () => {
    expect(joinAddress('::1', 5)).toBe('[::1]:5');
    expect(joinAddress('10.0.0.1', 5)).toBe('10.0.0.1:5');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedBytes } from '../../../src/common/bytes.js';
import { decodeConfiguration, encodeConfiguration, isVoter, majority } from '../../../src/paxos/configuration.js';
import { configurationOf, identityOf } from './ids.js';

describe('configurations', () => {
  it('have majorities of which any two meet', () => {
    for (let voters = 1; voters <= 9; voters++) {
      const quorum = majority(configurationOf(voters));
      expect(2 * quorum).toBeGreaterThan(voters);
      expect(2 * (quorum - 1)).toBeLessThanOrEqual(voters);
    }
  });

  it('know a voter by id and incarnation: a replica that lost its disk is somebody else', () => {
    const configuration = configurationOf(3);
    expect(isVoter(configuration, identityOf(2))).toBe(true);
    expect(isVoter(configuration, identityOf(2, 77))).toBe(false);
    expect(isVoter(configuration, identityOf(4))).toBe(false);
  });

  it('survive being encoded and decoded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.nat(7), fc.maxSafeNat(), (voters, learners, number) => {
        const following = Array.from({ length: learners }, (_, index) => identityOf(index + 20));
        const configuration = { ...configurationOf(voters, number), learners: following };
        expect(decodeConfiguration(encodeConfiguration(configuration))).toEqual(configuration);
      }),
    );
  });

  it('without learners are written as they were before there were any', () => {
    const written = encodeConfiguration(configurationOf(1, 5));
    expect(Buffer.from(written).toString('hex')).toBe('0105' + '01' + '01' + '0000000000000001');
  });

  it('are refused when bytes are missing, left over, or of another format', () => {
    const whole = encodeConfiguration({ ...configurationOf(3), learners: [identityOf(4)] });
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeConfiguration(whole.subarray(0, length))).toThrow(MalformedBytes);
    }
    expect(() => decodeConfiguration(Buffer.concat([whole, Buffer.of(0)]))).toThrow(MalformedBytes);
    expect(() => decodeConfiguration(Buffer.of(1, 0, 100))).toThrow('a configuration of');
    const otherFormat = Buffer.from(whole);
    otherFormat[0] = 9;
    expect(() => decodeConfiguration(otherFormat)).toThrow('configuration format 9 is not known here');
  });
});

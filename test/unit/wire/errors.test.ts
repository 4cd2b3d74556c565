import { describe, expect, it } from 'vitest';
import { GRPC, METADATA, REASONS, refusal, retryAdvice } from '../../../src/wire/errors.js';

describe('a refusal', () => {
  it('carries code, remedy and advice of its reason, and what the place of refusal adds', () => {
    const failure = refusal('NOT_MASTER', 'replica 2 is not the master', { [METADATA.master]: 'host:1' });
    expect(failure).toEqual({
      code: GRPC.FAILED_PRECONDITION,
      reason: 'NOT_MASTER',
      message: 'replica 2 is not the master',
      metadata: { remedy: REASONS.NOT_MASTER.remedy, retry: 'other-replica', 'chubby-master': 'host:1' },
    });
  });

  it('of a reason that this program does not know is judged by its metadata', () => {
    const failure = { code: 8, reason: 'FROM_A_LATER_VERSION', message: '', metadata: { retry: 'later' } };
    expect(retryAdvice(failure)).toBe('later');
    expect(retryAdvice({ ...failure, metadata: { retry: 'what nobody knows' } })).toBe('never');
    expect(retryAdvice({ ...failure, reason: 'UNKNOWN_OUTCOME', metadata: {} })).toBe('same-number');
  });
});

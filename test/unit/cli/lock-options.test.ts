import { describe, expect, it } from 'vitest';
import { ChubbyError } from '../../../src/client/index.js';
import { chubby } from './fake-surroundings.js';
import { clientWith, env, TestLock } from './held-lock.js';

describe('lock', () => {
  it('asks for the lock as it was told', async () => {
    const client = clientWith(new ChubbyError('LOCK_BUSY', 'somebody has it'));
    const args = [
      'lock',
      '/ls/local/a',
      '--shared',
      '--wait',
      '2.5',
      '--lock-delay',
      '30',
      '--kill-after',
      '3',
      '--',
      'true',
    ];
    const { exitCode, stderr } = await chubby(args, { client, env });
    expect(client.lockOptions).toMatchObject({ mode: 'shared', waitMs: 2_500, lockDelayMs: 30_000, marginMs: 3_000 });
    expect(exitCode).toBe(120);
    expect(stderr).toContain('somebody has it');
  });

  it('asks once for the lock with --wait 0', async () => {
    const client = clientWith(new ChubbyError('LOCK_BUSY', 'somebody has it'));
    const { exitCode, stderr } = await chubby(['lock', '/ls/local/a', '--wait', '0', '--', 'true'], { client, env });
    expect(exitCode).toBe(120);
    expect(stderr).toBe('chubby: somebody has it\n  wait longer (--wait), or have whoever holds the lock release it\n');
    expect(client.lockOptions).toMatchObject({ waitMs: 0 });
  });

  it.each([
    [[], 12_000],
    [['--kill-after', '3'], 20_000],
    [['--kill-after', '13'], 60_000],
  ])('with %j asks for a lease that leaves so much time', async (more, leaseMs) => {
    const client = clientWith(new ChubbyError('LOCK_BUSY', 'somebody has it'));
    await chubby(['lock', '/ls/local/a', ...more, '--', 'true'], { client, env });
    expect(client.options).toMatchObject({ leaseMs });
    // The master renews a lease when 24 % of it are left here.
    expect(client.lockOptions!.marginMs).toBeLessThan(0.24 * leaseMs);
  });

  it('refuses --kill-after that no lease is long enough for, before it asks for the lock', async () => {
    const client = clientWith(new TestLock());
    const { exitCode, stderr } = await chubby(['lock', '/ls/local/a', '--kill-after', '14', '--', 'true'], {
      client,
      env,
    });
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/--kill-after 14 does not fit into the session lease, which is 60 seconds at most/);
    expect(client.lockOptions).toBeUndefined();
  });
});

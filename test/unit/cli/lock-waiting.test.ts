import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { chubby } from './fake-surroundings.js';
import type { FakeClient } from './fake-surroundings.js';
import { clientWith, env, TestLock } from './held-lock.js';

describe('waiting for a lock', () => {
  const quick = ['lock', '/ls/local/a', '--', 'true'];
  let client: FakeClient;
  let free: () => void;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    client = clientWith(new TestLock());
    client.lockIsFree = new Promise((resolve) => (free = resolve));
  });

  /** Until the command waits for the lock. */
  const begun = async (): Promise<void> => {
    while (client.lockOptions === undefined) await new Promise((resolve) => setImmediate(resolve));
  };

  it('for longer than a second is told once', async () => {
    const ran = chubby(quick, { client, env });
    await begun();
    vi.advanceTimersByTime(5_000);
    free();
    expect(await ran).toMatchObject({ exitCode: 0, stderr: 'chubby: waiting for the lock /ls/local/a\n' });
  });

  it.each([
    [{ holderSessionId: 'aa', lockDelayLeftMs: 0 }, ': session aa has it (chubby explain /ls/local/a)'],
    [{ holderSessionId: '', lockDelayLeftMs: 0 }, ''],
    [{ holderSessionId: '', lockDelayLeftMs: 12_000 }, ": held back for 12 s, since its holder's session expired"],
  ])('says what is in the way: %j', async (obstacle, words) => {
    const ran = chubby(quick, { client, env });
    await begun();
    client.lockOptions!.onWait!({ name: '/ls/local/a', ...obstacle });
    vi.advanceTimersByTime(5_000);
    free();
    expect((await ran).stderr).toBe(`chubby: waiting for the lock /ls/local/a${words}\n`);
  });

  it('for less is not told', async () => {
    const ran = chubby(quick, { client, env });
    await begun();
    vi.advanceTimersByTime(999);
    free();
    expect(await ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not told to programs', async () => {
    const ran = chubby(['--json', ...quick], { client, env });
    await begun();
    vi.advanceTimersByTime(5_000);
    free();
    expect(await ran).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('leaves a second Ctrl-C to the system, which ends the process at once', async () => {
    const others = process.listeners('SIGINT');
    const ran = chubby(quick, { client, env });
    await begun();
    const listeners = process.listeners('SIGINT').filter((listener) => !others.includes(listener));
    expect(listeners).toHaveLength(1);
    process.emit('SIGINT');
    expect(client.lockOptions!.signal!.aborted).toBe(true);
    expect(process.listeners('SIGINT')).toEqual(others);
    free();
    await ran;
  });
});

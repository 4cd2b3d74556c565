import { describe, expect, it } from 'vitest';
import { ChubbyError } from '../../../src/client/index.js';
import type { CallOptions } from '../../../src/client/index.js';
import { chubby, FakeClient } from './fake-surroundings.js';
import { clientWith, env, TestLock } from './held-lock.js';

const PATH = '/ls/local/primary';

describe('elect', () => {
  it('writes the value under the sequencer while the command runs, and empties it afterwards', async () => {
    const lock = new TestLock();
    const client = clientWith(lock);
    const ran = await chubby(['elect', PATH, '--value', 'host-1:80', '--', 'sh', '-c', 'exit 7'], { client, env });
    expect(ran).toMatchObject({ exitCode: 7, stderr: `chubby: leading ${PATH}\n` });
    const guards = [{ sequencer: lock.sequencer }];
    expect(client.multiOps).toEqual([
      { guards, then: [{ setContents: PATH, contents: 'host-1:80' }] },
      { guards, then: [{ setContents: PATH, contents: '' }] },
    ]);
    expect(client.lockOptions).toMatchObject({ mode: 'exclusive', lockDelayMs: 0, marginMs: 1_000 });
  });

  it('does not run the command when the lock was lost before the value was written', async () => {
    const client = clientWith(new TestLock());
    client.guardsHold = false;
    const ran = await chubby(['elect', PATH, '--', 'sh', '-c', 'exit 7'], { client, env });
    expect(ran.exitCode).toBe(121);
    expect(ran.stderr).toContain('lost before the value was written');
  });

  it('leads without a command until it is interrupted, and resigns', async () => {
    const client = clientWith(new TestLock());
    const running = chubby(['elect', PATH, '--value', 'me'], { client, env });
    while (client.multiOps.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    process.emit('SIGTERM', 'SIGTERM');
    expect((await running).exitCode).toBe(128 + 15);
    expect(client.nodes.get(PATH)!.contents!.toString()).toBe('');
  });

  it('runs no command when it is interrupted while the value is written, and resigns', async () => {
    const client = clientWith(new TestLock());
    const { multiOps } = client;
    const push = multiOps.push.bind(multiOps);
    multiOps.push = (asked) => {
      if (multiOps.length === 0) process.emit('SIGTERM', 'SIGTERM');
      return push(asked);
    };
    const ran = await chubby(['elect', PATH, '--value', 'me', '--', 'sh', '-c', 'exit 7'], { client, env });
    expect(ran.exitCode).toBe(128 + 15);
    expect(client.nodes.get(PATH)!.contents!.toString()).toBe('');
  });

  it('ends with 121, and writes nothing more, when the lock may be lost', async () => {
    const lock = new TestLock();
    const client = clientWith(lock);
    const running = chubby(['elect', PATH, '--value', 'me'], { client, env });
    while (client.multiOps.length === 0) await new Promise((resolve) => setImmediate(resolve));
    lock.lose(5_000);
    expect((await running).exitCode).toBe(121);
    expect(client.nodes.get(PATH)!.contents!.toString()).toBe('me');
  });

  it('ends with 120 when somebody else leads and it was not to wait', async () => {
    const client = clientWith(new ChubbyError('LOCK_BUSY', 'somebody has it'));
    const { exitCode, stderr } = await chubby(['elect', PATH, '--wait', '0'], { client, env });
    expect(exitCode).toBe(120);
    expect(stderr).toContain('chubby elect --observe shows who leads');
  });
});

describe('elect --observe', () => {
  it('writes a line for each leader', async () => {
    const client = new FakeClient();
    const item = { kind: 'contentsModified', name: PATH, revision: 1 } as const;
    const leads = (value: string) => () => void client.nodes.set(PATH, { contents: Buffer.from(value), generation: 1 });
    client.watched = [{ kind: 'reread', name: PATH, exists: false }, leads('a:1'), item, item, leads(''), item];
    client.watched = [...client.watched, leads('b:1'), item];
    client.allWatched = () => setImmediate(() => process.emit('SIGTERM', 'SIGTERM'));
    const { exitCode, stdout } = await chubby(['elect', PATH, '--observe'], { client });
    expect(exitCode).toBe(128 + 15);
    expect(stdout).toBe('(nobody)\na:1\n(nobody)\nb:1\n');
  });

  it('waits for a cell that is away for as long as it is not interrupted', async () => {
    const client = new FakeClient();
    client.watched = [{ kind: 'reread', name: PATH, exists: true }];
    let timeoutMs: number | undefined;
    client.read = (_name: string, options: CallOptions = {}) => {
      ({ timeoutMs } = options);
      setImmediate(() => process.emit('SIGTERM', 'SIGTERM'));
      return new Promise((_resolve, reject) =>
        options.signal?.addEventListener('abort', () => reject(new ChubbyError('CANCELLED', 'given up'))),
      );
    };
    expect((await chubby(['elect', PATH, '--observe'], { client })).exitCode).toBe(128 + 15);
    expect(timeoutMs).toBe(Infinity);
  });

  it.each([[['--value', 'x']], [['--', 'true']]])('refuses %j', async (more) => {
    expect((await chubby(['elect', PATH, '--observe', ...more])).exitCode).toBe(64);
  });
});

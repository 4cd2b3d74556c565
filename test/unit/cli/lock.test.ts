import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ChubbyError } from '../../../src/client/index.js';
import { chubby } from './fake-surroundings.js';
import { clientWith, env, TestLock } from './held-lock.js';

let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'chubby-lock-'));
  onTestFinished(() => rm(scratch, { recursive: true }));
});

/** Waits until the command has written this file. */
async function written(file: string): Promise<string> {
  for (;;) {
    const contents = await readFile(file, 'utf8').catch(() => '');
    if (contents !== '') return contents;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Waits until the process has ended, if only as a zombie that nobody has collected yet. */
async function gone(pid: number): Promise<void> {
  const state = (): Promise<string> => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X');
  while (!/\) [ZX]/.test(await state())) await new Promise((resolve) => setImmediate(resolve));
}

describe('lock', () => {
  it('passes the exit code of the command on', async () => {
    const ran = await chubby(['lock', '/ls/local/a', '--', 'sh', '-c', 'exit 7'], {
      client: clientWith(new TestLock()),
      env,
    });
    expect(ran).toMatchObject({ exitCode: 7, stderr: '' });
  });

  it('gives the command its own arguments, and the sequencer in base64', async () => {
    const file = join(scratch, 'seen');
    const script = 'echo "$CHUBBY_SEQUENCER $0 $1 $2" > "$3"';
    const args = ['lock', '/ls/local/a', '--', 'sh', '-c', script, '--json', '-x', '007', file];
    expect((await chubby(args, { client: clientWith(new TestLock()), env })).exitCode).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('c2VxdWVuY2VyIP8= --json -x 007\n');
  });

  it('says by 128 and its number which signal ended the command', async () => {
    const args = ['lock', '/ls/local/a', '--', 'sh', '-c', 'kill -USR1 $$'];
    expect((await chubby(args, { client: clientWith(new TestLock()), env })).exitCode).toBe(128 + 10);
  });

  it('tells a command that is not there from one that cannot be run', async () => {
    const missing = await chubby(['lock', '/ls/local/a', '--', 'no-such-command'], {
      client: clientWith(new TestLock()),
      env,
    });
    expect(missing).toMatchObject({ exitCode: 127, stderr: 'chubby: no-such-command: no such file or directory\n' });
    const file = join(scratch, 'data');
    await writeFile(file, 'not a program');
    await chmod(file, 0o600);
    const forbidden = await chubby(['lock', '/ls/local/a', '--', file], { client: clientWith(new TestLock()), env });
    expect(forbidden).toMatchObject({ exitCode: 126, stderr: `chubby: ${file}: permission denied\n` });
    const directory = await chubby(['lock', '/ls/local/a', '--', scratch], { client: clientWith(new TestLock()), env });
    expect(directory).toMatchObject({ exitCode: 126, stderr: `chubby: ${scratch}: permission denied\n` });
  });

  it('fails with a code of its own before the command has run', async () => {
    const client = clientWith(new ChubbyError('TIME_LIMIT', 'no master'));
    expect((await chubby(['lock', '/ls/local/a', '--', 'true'], { client, env })).exitCode).toBe(125);
  });

  it('asks the command to stop when the lock is about to be lost', async () => {
    const lock = new TestLock();
    const file = join(scratch, 'seen');
    const script = 'trap "echo stopped >> $0; exit 0" TERM; echo started > $0; while :; do sleep 0.01; done';
    const ran = chubby(['lock', '/ls/local/a', '--', 'sh', '-c', script, file], { client: clientWith(lock), env });
    await written(file);
    lock.lose(10_000);
    const { exitCode, stderr } = await ran;
    expect(exitCode).toBe(121);
    expect(stderr).toContain('the lock may be lost');
    expect(await readFile(file, 'utf8')).toBe('started\nstopped\n');
  });

  it('kills a command that does not stop, with all that it started, before the lease is over', async () => {
    const lock = new TestLock();
    const file = join(scratch, 'seen');
    const script = 'trap "" TERM; (trap "" TERM; echo $BASHPID > $0; while :; do sleep 0.01; done) & wait';
    const ran = chubby(['lock', '/ls/local/a', '--', 'bash', '--norc', '-c', script, file], {
      client: clientWith(lock),
      env,
    });
    const grandchild = Number(await written(file));
    const begunMs = performance.now();
    lock.lose(400);
    expect((await ran).exitCode).toBe(121);
    const tookMs = performance.now() - begunMs;
    expect(tookMs).toBeGreaterThan(200);
    await gone(grandchild);
  });

  it('kills what the command left behind when it stopped', async () => {
    const lock = new TestLock();
    const file = join(scratch, 'seen');
    const script = '(trap "" TERM; echo $BASHPID > $0; while :; do sleep 0.01; done) & exec sleep 60';
    const ran = chubby(['lock', '/ls/local/a', '--', 'bash', '--norc', '-c', script, file], {
      client: clientWith(lock),
      env,
    });
    const grandchild = Number(await written(file));
    lock.lose(400);
    expect((await ran).exitCode).toBe(121);
    await gone(grandchild);
  });

  it('does not wait for the rest of the lease when all have stopped', async () => {
    const lock = new TestLock();
    const file = join(scratch, 'seen');
    const script = 'sleep 60 & echo started > $0; wait';
    const ran = chubby(['lock', '/ls/local/a', '--', 'sh', '-c', script, file], { client: clientWith(lock), env });
    await written(file);
    lock.lose(3_600_000);
    expect((await ran).exitCode).toBe(121);
  });

  it('kills the command at once when the lock was lost while this process was stopped', async () => {
    const lock = new TestLock();
    const file = join(scratch, 'seen');
    const script = 'trap "" TERM; echo started > $0; while :; do sleep 0.01; done';
    const ran = chubby(['lock', '/ls/local/a', '--', 'sh', '-c', script, file], { client: clientWith(lock), env });
    await written(file);
    lock.lose(-5_000);
    expect((await ran).exitCode).toBe(121);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { ChubbyError } from '../../../src/client/index.js';
import type { WithLockOptions } from '../../../src/client/index.js';
import { LeaderElection } from '../../../src/client/recipes/index.js';
import type { Leadership } from '../../../src/client/recipes/index.js';
import type { TestCell } from '../../../src/testing/index.js';
import { Gate, outcomeOf, startCell } from '../recipes/cell-of-clients.js';
import { chubby, FakeClient } from './fake-surroundings.js';
import type { Ran } from './fake-surroundings.js';
import { env } from './held-lock.js';

const PATH = '/ls/local/primary';

let cell: TestCell;

beforeEach(async () => {
  cell = await startCell();
});

/** Waits in real time, as the commands do. */
async function until(holds: () => unknown): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

/** Whom the cell names as leader. */
const named = (): Promise<unknown> =>
  outcomeOf(
    cell
      .client()
      .read(`${PATH}/leader`)
      .then(({ contents }) => contents.toString()),
  );

const elect = (...args: string[]): Promise<Ran> =>
  chubby(['elect', PATH, ...args], { client: cell.client({ cache: false }), env });

/** A program that leads by the library until the gate is opened. */
function campaign(value: string): { readonly gate: Gate; readonly outcome: Promise<unknown> } {
  const gate = new Gate();
  const lead = async (): Promise<string> => {
    await gate.opened;
    return `${value} led`;
  };
  return { gate, outcome: outcomeOf(new LeaderElection(cell.client(), PATH).campaign(value, lead)) };
}

describe('elect', () => {
  it('is named while the command runs, and not afterwards', async () => {
    const running = elect('--value', 'host-1:80', '--', 'sleep', '60');
    await until(async () => (await named()) === 'host-1:80');
    process.emit('SIGTERM', 'SIGTERM');
    expect((await running).exitCode).toBe(128 + 15);
    expect(await named()).toBe('NOT_FOUND');
  });

  it('passes the exit code of the command on, which finds its sequencer', async () => {
    const ran = await elect('--value', 'me', '--', 'sh', '-c', 'test -n "$CHUBBY_SEQUENCER" && exit 7');
    expect(ran).toMatchObject({ exitCode: 7, stderr: `chubby: leading ${PATH}\n` });
  });

  it('asks for the lock as chubby lock does', async () => {
    const client = cell.client({ cache: false });
    let asked: WithLockOptions | undefined;
    client.withLock = (_name, _work, options) => {
      asked = options;
      return Promise.reject(new ChubbyError('LOCK_BUSY', 'somebody has it'));
    };
    const { exitCode, stderr } = await chubby(['elect', PATH, '--wait', '2'], { client, env });
    expect(asked).toMatchObject({ waitMs: 2_000, lockDelayMs: 0, marginMs: 1_000 });
    expect(exitCode).toBe(120);
    expect(stderr).toContain('chubby elect --observe shows who leads');
  });

  it('waits for a cell that is away no longer than for somebody else', async () => {
    const client = cell.client({ cache: false });
    await cell.cut(client);
    const running = chubby(['elect', PATH, '--wait', '3'], { client, env });
    await cell.advance(3_100);
    expect((await running).exitCode).toBe(125);
  });

  it('leads without a command until it is interrupted, and resigns', async () => {
    const running = elect('--value', 'me');
    await until(async () => (await named()) === 'me');
    process.emit('SIGTERM', 'SIGTERM');
    expect((await running).exitCode).toBe(128 + 15);
    expect(await named()).toBe('NOT_FOUND');
  });

  it('runs no command when it is interrupted while the value is written, and resigns', async () => {
    const client = cell.client({ cache: false });
    const open = client.open.bind(client);
    client.open = (name, options) => {
      if (name === `${PATH}/leader`) process.emit('SIGTERM', 'SIGTERM');
      return open(name, options);
    };
    const ran = await chubby(['elect', PATH, '--', 'sh', '-c', 'exit 7'], { client, env });
    expect(ran.exitCode).toBe(128 + 15);
    expect(await named()).toBe('NOT_FOUND');
  });

  it('ends with 121 when the lock may be lost', async () => {
    const client = cell.client({ cache: false });
    const running = chubby(['elect', PATH, '--value', 'me'], { client, env });
    await until(async () => (await named()) === 'me');
    await cell.cut(client);
    await cell.advance(30_000);
    expect((await cell.until(running)).exitCode).toBe(121);
    expect(await named()).toBe('NOT_FOUND');
  });

  it('says what to do about a file that is in the way', async () => {
    await cell.client().write(PATH, 'a value');
    const { exitCode, stderr } = await elect('--', 'true');
    expect(exitCode).toBe(125);
    expect(stderr).toBe(
      `chubby: ${PATH} is a file\n  a file is in the way: choose another name, or chubby rm the file\n`,
    );
  });

  it('stands against programs that stand by the library', async () => {
    const { gate, outcome } = campaign('program');
    await until(async () => (await named()) === 'program');
    const refused = await elect('--wait', '0', '--', 'true');
    expect(refused).toMatchObject({ exitCode: 120 });
    expect(refused.stderr).toMatch(`the lock of /ls/test/primary/lock is not free: session`);
    const waiting = elect('--value', 'command');
    await cell.settle();
    gate.open();
    expect(await outcome).toBe('program led');
    await until(async () => (await named()) === 'command');
    const next = campaign('next');
    await cell.settle();
    expect(await named()).toBe('command');
    process.emit('SIGTERM', 'SIGTERM');
    await waiting;
    await until(async () => (await named()) === 'next');
    next.gate.open();
    await next.outcome;
  });
});

describe('elect --observe', () => {
  /** What it has written when all of `during` is done, in virtual time. */
  async function observed(during: () => Promise<void>, ...more: string[]): Promise<Ran> {
    const running = chubby(['elect', PATH, '--observe', ...more], { client: cell.client({ cache: false }), env });
    await cell.advance(1_000);
    await during();
    await cell.advance(1_000);
    process.emit('SIGTERM', 'SIGTERM');
    return running;
  }

  const oneTerm = async (value: string): Promise<void> => {
    const { gate, outcome } = campaign(value);
    await cell.advance(1_000);
    gate.open();
    await outcome;
    await cell.advance(1_000);
  };

  it('writes a line for each leader', async () => {
    const { exitCode, stdout, stderr } = await observed(async () => {
      await oneTerm('a:1');
      await oneTerm('b:1');
    });
    expect(exitCode).toBe(128 + 15);
    expect(stdout).toBe('(nobody)\na:1\n(nobody)\nb:1\n(nobody)\n');
    expect(stderr).toBe('');
  });

  it('in JSON tells the term, too', async () => {
    const { stdout } = await observed(() => oneTerm('a:1'), '--json');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      { path: PATH, leader: null, term: null, stale: false },
      { path: PATH, leader: 'a:1', term: expect.any(Number) as number, stale: false },
      { path: PATH, leader: null, term: null, stale: false },
    ]);
  });

  it('names nobody who is dead', async () => {
    const leader = cell.client();
    const dies = ({ signal }: Leadership): Promise<void> =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    const led = outcomeOf(new LeaderElection(leader, PATH).campaign('dead', dies));
    await cell.settle();
    const { stdout } = await observed(async () => {
      await cell.cut(leader);
      await cell.advance(60_000);
    });
    expect(stdout).toBe('dead\n(nobody)\n');
    expect(await led).toBe('LOCK_LOST');
  });

  it('says beside the lines when the cell has not confirmed them for long', async () => {
    const observer = cell.client({ cache: false });
    await new LeaderElection(cell.client(), PATH).campaign('a', async () => {
      const running = chubby(['elect', PATH, '--observe'], { client: observer, env });
      await cell.advance(1_000);
      await cell.cut(observer);
      await cell.advance(15_000);
      await cell.heal(observer);
      await cell.advance(15_000);
      process.emit('SIGTERM', 'SIGTERM');
      expect(await running).toMatchObject({
        stdout: 'a\n',
        stderr:
          'chubby: the cell has not confirmed it for a while: another one may lead by now\nchubby: confirmed again\n',
      });
    });
  });

  it.each([[['--value', 'x']], [['--', 'true']]])('refuses %j', async (more) => {
    const client = new FakeClient();
    expect((await chubby(['elect', PATH, '--observe', ...more], { client })).exitCode).toBe(64);
  });
});

// `npm start`: a whole cell under one process, as a person at a terminal sees it.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { connect } from '../../src/client/index.js';
import { freePorts } from '../../src/server/free-ports.js';
import { eventually, temporaryDirectory } from './running-cell.js';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/src/server/cell.js');

interface Terminal {
  readonly process: ChildProcess;
  readonly lines: string[];
  /** Ctrl-C: the signal reaches the whole process group. */
  interrupt(): void;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
}

/** A directory with the configuration of a cell on free ports. */
async function describedCell(): Promise<{ directory: string; clients: string[] }> {
  const directory = temporaryDirectory();
  const ports = await freePorts(15);
  const replicas = Array.from({ length: 5 }, (_, index) => ({
    id: index + 1,
    clientAddress: `127.0.0.1:${ports[index]}`,
    peerAddress: `127.0.0.1:${ports[index + 5]}`,
    adminAddress: `127.0.0.1:${ports[index + 10]}`,
  }));
  const config = { cell: 'local', replicas, dataDir: 'data/replica-{replicaId}' };
  mkdirSync(join(directory, 'config'));
  writeFileSync(
    join(directory, 'config/cell.yaml'),
    stringify({ ...config, log: { file: 'data/log/replica-{replicaId}.log' } }),
  );
  return { directory, clients: replicas.map(({ clientAddress }) => clientAddress) };
}

function start(directory: string): Terminal {
  const child = spawn(process.execPath, [MAIN, '--config', 'config/cell.yaml'], { cwd: directory, detached: true });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop()!;
      lines.push(...parts);
    });
  }
  const closed = once(child, 'close') as Promise<[number | null]>;
  onTestFinished(() => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // The whole group has ended already.
    }
  });
  return {
    process: child,
    lines,
    interrupt: () => void process.kill(-child.pid!, 'SIGINT'),
    ended: async () => (await closed)[0],
  };
}

const says = (terminal: Terminal, pattern: RegExp): Promise<void> =>
  eventually(
    () => `a line ${pattern} in\n${terminal.lines.join('\n')}`,
    () => terminal.lines.some((line) => pattern.test(line)),
  );

/** The number in the first line that fits. */
const numberIn = (terminal: Terminal, pattern: RegExp): number =>
  Number(terminal.lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined));

const groupLives = (pid: number): boolean => {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
};

test('npm start brings up a cell, Ctrl-C ends all of it, and a second start finds the data again', async () => {
  const { directory, clients } = await describedCell();
  const first = start(directory);
  await says(first, /^replica \d {2}is master$/);
  await says(first, /bin\/chubby status/);
  expect(first.lines.filter((line) => /started, pid/.test(line))).toHaveLength(5);
  const client = connect({ cell: clients.join(',') });
  onTestFinished(() => client.close());
  await client.write('/ls/local/a', 'kept');
  const advice = first.lines.filter((line) => line.startsWith('  ') && /CHUBBY_CELL|chubby /.test(line));
  const followed = spawnSync('sh', ['-e', '-c', advice.join('\n')], { cwd: ROOT, encoding: 'utf8' });
  expect(followed).toMatchObject({ status: 0, stderr: '' });
  expect(followed.stdout).toMatch(/hello\nmine for now\n$/);

  const beforeMs = performance.now();
  first.interrupt();
  first.process.kill('SIGINT'); // npm passes it on
  expect(await first.ended()).toBe(0);
  expect(performance.now() - beforeMs).toBeLessThan(5_000);
  expect(first.lines.filter((line) => /^replica \d {2}stopped$/.test(line))).toHaveLength(5);
  expect(groupLives(first.process.pid!)).toBe(false);
  for (let id = 1; id <= 5; id++) {
    expect(readFileSync(join(directory, `data/log/replica-${id}.log`), 'utf8')).toMatch(/"msg":"stopped"\}\n$/);
  }

  const second = start(directory);
  await says(second, /^replica \d {2}is master$/);
  expect(Buffer.from((await client.read('/ls/local/a')).contents).toString()).toBe('kept');
  second.process.kill('SIGTERM');
  expect(await second.ended()).toBe(0);
});

test('npm start brings a replica back that died', async () => {
  const { directory } = await describedCell();
  const terminal = start(directory);
  await says(terminal, /is master$/);
  const pid = numberIn(terminal, /^replica 3 {2}started, pid (\d+)$/);
  terminal.lines.length = 0;
  process.kill(pid, 'SIGKILL');
  await says(terminal, /^replica 3 {2}died \(SIGKILL\), starts again in 0\.2 s$/);
  await says(terminal, /^replica 3 {2}started, pid \d+$/);
  await says(terminal, /^replica 3 {2}follows replica \d$|^replica 3 {2}is master$/);
});

test('npm start says in one line that a port is in use, and the other cell goes on', async () => {
  const { directory } = await describedCell();
  const first = start(directory);
  await says(first, /is master$/);
  const second = start(directory);
  expect(await second.ended()).toBe(3);
  expect(second.lines).toEqual([
    expect.stringMatching(
      /^cannot listen on 127\.0\.0\.1:\d+ for clients: it is in use: stop the process .*another port$/,
    ),
  ]);
  expect(first.lines.some((line) => /died/.test(line))).toBe(false);
});

test('npm start refuses a wrong configuration by file, line and remedy', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'config'));
  writeFileSync(join(directory, 'config/cell.yaml'), 'cell: x\nreplicas: []\nlog: {}\n');
  const terminal = start(directory);
  expect(await terminal.ended()).toBe(2);
  expect(terminal.lines).toEqual([
    expect.stringMatching(/^config\/cell\.yaml:1: dataDir is missing: /),
    expect.stringMatching(/^config\/cell\.yaml:2: replicas is \[\]: expected all replicas of the cell/),
  ]);
});

test('npm start ends when no replica can go on', async () => {
  const { directory } = await describedCell();
  for (let id = 1; id <= 5; id++) mkdirSync(join(directory, `data/replica-${id}/photos`), { recursive: true });
  const terminal = start(directory);
  expect(await terminal.ended()).toBe(1);
  expect(terminal.lines.filter((line) => /^replica \d {2}ends: .* it holds "photos": /.test(line))).toHaveLength(5);
  expect(terminal.lines.filter((line) => /died \(exit code 4\) and is not started again/.test(line))).toHaveLength(5);
  expect(terminal.lines.at(-1)).toBe('no replica is left: see above why');
});

test('the replicas end when npm start is killed, and the next start need not wait for anybody', async () => {
  const { directory } = await describedCell();
  const first = start(directory);
  await says(first, /is master$/);
  first.process.kill('SIGKILL');
  await first.ended();
  await eventually('the replicas have ended', () => !groupLives(first.process.pid!), 5_000);
  const second = start(directory);
  await says(second, /is master$/);
  second.process.kill('SIGHUP');
  expect(await second.ended()).toBe(0);
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EventCommands, WAITING_MAX } from '../../../src/cli/watch/event-commands.js';
import { Output } from '../../../src/cli/output.js';
import { processTerminal } from '../../../src/cli/terminal.js';
import type { Terminal } from '../../../src/cli/terminal.js';
import type { WatchItem } from '../../../src/client/index.js';
import { chubby, FakeClient } from './fake-surroundings.js';
import type { Ran } from './fake-surroundings.js';
import { env } from './held-lock.js';

const PATH = '/ls/local/a';
const there: WatchItem = { kind: 'reread', name: PATH, exists: true };
const written = (revision: number): WatchItem => ({ kind: 'contentsModified', name: PATH, revision });

/** Runs until everything was told, and then interrupts it. */
async function watch(client: FakeClient, ...args: string[]): Promise<Ran> {
  client.allWatched = () => setImmediate(() => process.emit('SIGTERM', 'SIGTERM'));
  return chubby(['watch', PATH, ...args], { client, env });
}

async function scratchFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'chubby-watch-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, 'seen');
}

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
}

describe('watch', () => {
  it('writes a line for each event until it is interrupted', async () => {
    const client = new FakeClient();
    client.watched = [there, written(7), { kind: 'reread', name: PATH, exists: false }];
    expect(await watch(client)).toMatchObject({
      exitCode: 128 + 15,
      stdout: `reread\t${PATH}\tis there\ncontentsModified\t${PATH}\t7\nreread\t${PATH}\tis not there\n`,
    });
    expect(client.closed).toBe(true);
  });

  it('writes a JSON value on each line', async () => {
    const client = new FakeClient();
    client.watched = [there, written(7)];
    const { stdout } = await watch(client, '--json');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([there, written(7)]);
  });

  it('says that the cell does not answer, and that it answers again', async () => {
    const client = new FakeClient();
    const happens = (event: string) => () => client.sessionEvents.emit(event);
    client.watched = [there, happens('safe'), happens('jeopardy'), happens('jeopardy'), happens('safe'), written(7)];
    expect((await watch(client)).stderr).toBe(
      'chubby: the cell does not answer: what happens meanwhile is told when it does\nchubby: the cell answers again\n',
    );
    expect(client.sessionEvents.eventNames()).toEqual([]);
  });

  it('says that it waits for an answer, once, where there is none', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const client = new FakeClient();
    const told = watch(Object.assign(client, { watched: [() => vi.advanceTimersByTime(10_000), there] }));
    expect((await told).stderr).toBe('chubby: no answer yet, and waiting for it (chubby status tells more)\n');
    expect(
      (await watch(Object.assign(client, { watched: [there, () => vi.advanceTimersByTime(10_000)] }))).stderr,
    ).toBe('');
  });

  it('runs the command with the event in its environment, and says when it failed', async () => {
    const client = new FakeClient();
    const file = await scratchFile();
    const script = 'echo "$CHUBBY_EVENT $CHUBBY_NODE $CHUBBY_REVISION $CHUBBY_MERGED" >> "$0"; exit 3';
    client.watched = [written(7)];
    client.allWatched = () => undefined;
    const running = chubby(['watch', PATH, '--', 'sh', '-c', script, file], { client, env });
    while ((await linesOf(file)).length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.emit('SIGTERM', 'SIGTERM');
    const { stderr, stdout } = await running;
    expect(await linesOf(file)).toEqual([`contentsModified ${PATH} 7 1`]);
    expect(stderr).toBe('chubby: sh ended with 3\n');
    expect(stdout).toBe('');
  });

  it('ends when the command is not there', async () => {
    const client = new FakeClient();
    client.watched = [there];
    const { exitCode, stderr } = await chubby(['watch', PATH, '--', 'no-such-command'], { client, env });
    expect(exitCode).toBe(127);
    expect(stderr).toContain('no-such-command: no such file or directory');
  });
});

describe('a command for each event', () => {
  const commandsFor = (file: string): EventCommands => {
    const script = 'echo "$CHUBBY_EVENT $CHUBBY_REVISION $CHUBBY_MERGED" >> "$0"';
    const terminal: Terminal = { ...processTerminal(), env };
    return new EventCommands('sh', ['-c', script, file], terminal, new Output(terminal, false), PATH);
  };

  it('runs one at a time, and merges what happens again meanwhile', async () => {
    const file = await scratchFile();
    const commands = commandsFor(file);
    commands.add(there);
    for (const revision of [7, 8, 9]) commands.add(written(revision));
    await commands.ended();
    expect(await linesOf(file)).toEqual(['reread  1', 'contentsModified 9 3']);
  });

  it('runs one for all when there are too many', async () => {
    const file = await scratchFile();
    const commands = commandsFor(file);
    commands.add(there);
    for (let i = 0; i <= WAITING_MAX; i++) commands.add({ kind: 'childAdded', name: `${PATH}/${i}`, revision: i });
    await commands.ended();
    expect(await linesOf(file)).toEqual(['reread  1', `reread  ${WAITING_MAX + 1}`]);
  });
});

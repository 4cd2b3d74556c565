import { beforeEach, describe, expect, test } from 'vitest';
import type { ReplicaId } from '../../../src/paxos/ballot.js';
import { CellNarrator } from '../../../src/server/cell-narrator.js';
import type { ReplicaState } from '../../../src/server/replica-state.js';
import { ManualClock } from './manual-clock.js';

const id = (n: number): ReplicaId => n as ReplicaId;

describe('what a person reads of a cell', () => {
  let clock: ManualClock;
  let lines: string[];
  let narrator: CellNarrator;

  beforeEach(() => {
    clock = new ManualClock();
    lines = [];
    narrator = new CellNarrator(clock, (line) => lines.push(line));
  });

  const state = (replica: number, what: ReplicaState): void =>
    narrator.tell({ type: 'state', id: replica, state: what });

  test('is who is master and who follows, and what to try, once', async () => {
    narrator.tell({ type: 'started', id: 1, pid: 11 });
    state(1, { name: 'forming', waitingFor: [id(2)] });
    state(1, { name: 'seeking' });
    state(1, { name: 'follower', master: id(2) });
    state(2, { name: 'master' });
    await clock.pass(5_000);
    expect(lines.slice(0, 3)).toEqual([
      'replica 1  started, pid 11',
      'replica 1  follows replica 2',
      'replica 2  is master',
    ]);
    expect(lines.join('\n')).toContain('bin/chubby status');
    const before = lines.length;
    state(1, { name: 'master' });
    expect(lines.slice(before)).toEqual(['replica 1  is master']);
  });

  test('leaves out whom the others follow when the master changes', () => {
    state(1, { name: 'follower', master: id(2) });
    state(1, { name: 'seeking' });
    state(1, { name: 'follower', master: id(3) });
    expect(lines).toEqual(['replica 1  follows replica 2']);
  });

  test('tells of a state that lasts', async () => {
    state(1, { name: 'forming', waitingFor: [id(2), id(3)] });
    await clock.pass(1_000);
    state(1, { name: 'seeking' });
    await clock.pass(1_000);
    state(1, { name: 'follower', master: id(2) });
    expect(lines).toEqual([
      'replica 1  waits for replica 2, 3, to be born',
      'replica 1  knows of no master',
      'replica 1  follows replica 2',
    ]);
  });

  test('is why a replica died and when it comes back, one line each', async () => {
    state(1, { name: 'follower', master: id(2) });
    state(1, { name: 'seeking' });
    narrator.tell({ type: 'said', id: 1, line: 'chubbyd: replica 1 ends: the disk is on fire' });
    narrator.tell({
      type: 'ended',
      id: 1,
      ending: { exitCode: 5, signal: null },
      asked: false,
      restartInMs: 400,
    });
    await clock.pass(5_000);
    state(1, { name: 'follower', master: id(2) });
    narrator.tell({ type: 'ended', id: 1, ending: { exitCode: null, signal: 'SIGKILL' }, asked: false });
    narrator.tell({ type: 'ended', id: 2, ending: { exitCode: 0, signal: null }, asked: true });
    expect(lines).toEqual([
      'replica 1  follows replica 2',
      'replica 1  ends: the disk is on fire',
      'replica 1  died (exit code 5), starts again in 0.4 s',
      'replica 1  follows replica 2',
      'replica 1  died (SIGKILL) and is not started again',
      'replica 2  stopped',
    ]);
  });

  test('is, once it stops, only who has stopped', async () => {
    state(1, { name: 'seeking' });
    narrator.stopping();
    state(2, { name: 'master' });
    await clock.pass(5_000);
    narrator.tell({ type: 'ended', id: 1, ending: { exitCode: 0, signal: null }, asked: true });
    expect(lines).toEqual(['stopping', 'replica 1  stopped']);
  });

  test('stays short when a replica says a lot', () => {
    for (let n = 0; n < 100; n++) narrator.tell({ type: 'said', id: 1, line: `at frame ${n}` });
    expect(lines.length).toBeLessThan(5);
  });
});

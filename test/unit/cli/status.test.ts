import { describe, expect, it } from 'vitest';
import type { CellStatus, ReplicaStatus } from '../../../src/client/index.js';
import { chubby, FakeClient } from './fake-surroundings.js';

const replica = (id: number, role: string, voter = true): ReplicaStatus => ({
  id,
  address: `127.0.0.1:710${id}`,
  incarnation: '0011223344556677',
  role,
  voter,
  chosen: 12,
  applied: 11,
  pid: 4_000 + id,
  failure: null,
});

const silent = (id: number | null, address: string): ReplicaStatus => ({
  id,
  address,
  incarnation: null,
  role: 'unreachable',
  voter: null,
  chosen: null,
  applied: null,
  pid: null,
  failure: 'connection refused',
});

const cellOf = (...replicas: ReplicaStatus[]): CellStatus => {
  const master = replicas.find(({ role }) => role === 'master');
  return {
    cell: 'local',
    cellId: '0123456789abcdef0123456789abcdef',
    epoch: '3.1',
    master: master === undefined ? null : { id: master.id!, address: master.address },
    replicas,
    lookUpFailure: null,
  };
};

async function status(cellStatus: CellStatus, ...args: string[]): ReturnType<typeof chubby> {
  const client = new FakeClient();
  client.cellStatus = cellStatus;
  return chubby(['status', ...args], { client });
}

describe('status', () => {
  it.each([
    [0, 'healthy', cellOf(replica(1, 'master'), replica(2, 'follower'), replica(3, 'follower'))],
    [1, 'replica 3 is unreachable', cellOf(replica(1, 'master'), replica(2, 'follower'), silent(3, 'c:1'))],
    [1, 'c:1 is unreachable', cellOf(replica(1, 'master'), replica(2, 'follower'), silent(null, 'c:1'))],
    [1, 'replica 2 does not vote', cellOf(replica(1, 'master'), replica(2, 'follower', false))],
    [1, 'replica 2 is candidate', cellOf(replica(1, 'master'), replica(2, 'candidate'))],
    [2, 'no master', cellOf(replica(1, 'follower'), replica(2, 'candidate'), silent(3, 'c:1'))],
    [
      3,
      'no replica answers',
      { ...cellOf(silent(null, 'a:1'), silent(null, 'b:1')), cell: null, cellId: null, epoch: null },
    ],
    [3, 'no replica answers: cell.test has no address', { ...cellOf(), lookUpFailure: 'cell.test has no address' }],
  ])('ends with %i and says "%s"', async (code, words, cell) => {
    const { exitCode, stdout } = await status(cell);
    expect(exitCode).toBe(code);
    expect(stdout.trimEnd().split('\n').at(-1)).toContain(words);
    expect((await status(cell, '--json')).exitCode).toBe(code);
  });

  it.each([
    [['--timeout', '0.5'], 500],
    [['--timeout', '30'], 2_000],
    [[], 2_000],
  ])('with %j waits for %i ms for replicas', async (args, timeoutMs) => {
    const client = new FakeClient();
    await chubby(['status', ...args], { client });
    expect(client.statusOptions).toEqual({ timeoutMs });
  });

  it('has a stable form as JSON', async () => {
    const { stdout } = await status(cellOf(replica(1, 'master'), silent(null, 'b:1')), '--json');
    expect(JSON.parse(stdout)).toEqual({
      cell: 'local',
      cellId: '0123456789abcdef0123456789abcdef',
      epoch: '3.1',
      master: { id: 1, address: '127.0.0.1:7101' },
      replicas: [
        {
          id: 1,
          address: '127.0.0.1:7101',
          incarnation: '0011223344556677',
          role: 'master',
          voter: true,
          chosen: 12,
          applied: 11,
          pid: 4_001,
          failure: null,
        },
        {
          id: null,
          address: 'b:1',
          incarnation: null,
          role: 'unreachable',
          voter: null,
          chosen: null,
          applied: null,
          pid: null,
          failure: 'connection refused',
        },
      ],
      lookUpFailure: null,
    });
  });

  it('is a table for people', async () => {
    const { stdout } = await status(cellOf(replica(1, 'master'), silent(2, 'b:1')));
    expect(stdout.split('\n')).toEqual([
      'cell local: master 1 at 127.0.0.1:7101, epoch 3.1',
      'cell id 0123456789abcdef0123456789abcdef',
      'ID\tADDRESS\tROLE\tVOTER\tCHOSEN\tAPPLIED\tPID\tINCARNATION',
      '1\t127.0.0.1:7101\tmaster\tyes\t12\t11\t4001\t0011223344556677',
      '2\tb:1\tunreachable\t-\t-\t-\t-\t-',
      'replica 2: connection refused',
      'serving, but degraded: replica 2 is unreachable',
      '',
    ]);
  });
});

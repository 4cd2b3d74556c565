import { describe, expect, it } from 'vitest';
import type { GetStatusResponse, ReplicaRole } from '../../../src/wire/types.js';
import { FakeCell } from './fake-cell.js';

const status = (replicaId: number, role: ReplicaRole, epoch: string): GetStatusResponse => ({
  cell: 'test',
  cellId: Buffer.alloc(16),
  replicaId,
  incarnation: Buffer.from(`0${replicaId}23456789abcdef0`.slice(0, 16), 'hex'),
  role,
  voter: true,
  epoch,
  chosen: 40 + replicaId,
  applied: 40,
  pid: 1_000 + replicaId,
  version: '0.1.0',
  waitingFor: [],
  entries: 3,
  digest: Buffer.alloc(16),
});

/** Each replica answers what `statuses` has for it. */
function cellOf(statuses: Record<string, GetStatusResponse>): FakeCell {
  const cell = new FakeCell();
  cell.answerStatus = (address) => statuses[address];
  for (const address of cell.addresses) if (!(address in statuses)) cell.kill(address);
  return cell;
}

describe('Client.status', () => {
  it('shows what every replica says of itself, by id', async () => {
    const cell = cellOf({
      'a:1': status(1, 'REPLICA_ROLE_FOLLOWER', '7.3'),
      'b:1': status(2, 'REPLICA_ROLE_FOLLOWER', '7.3'),
      'c:1': status(3, 'REPLICA_ROLE_MASTER', '7.3'),
    });
    cell.addresses.reverse();
    expect(await cell.client().status()).toEqual({
      cell: 'test',
      cellId: '00000000000000000000000000000000',
      epoch: '7.3',
      master: { id: 3, address: 'c:1' },
      replicas: [
        {
          id: 1,
          address: 'a:1',
          incarnation: '0123456789abcdef',
          role: 'follower',
          voter: true,
          chosen: 41,
          applied: 40,
          pid: 1_001,
          failure: null,
        },
        {
          id: 2,
          address: 'b:1',
          incarnation: '0223456789abcdef',
          role: 'follower',
          voter: true,
          chosen: 42,
          applied: 40,
          pid: 1_002,
          failure: null,
        },
        {
          id: 3,
          address: 'c:1',
          incarnation: '0323456789abcdef',
          role: 'master',
          voter: true,
          chosen: 43,
          applied: 40,
          pid: 1_003,
          failure: null,
        },
      ],
      lookUpFailure: null,
    });
  });

  it('has a row of nulls for who does not answer, with the id that others know', async () => {
    const cell = cellOf({
      'a:1': status(1, 'REPLICA_ROLE_CANDIDATE', '7.2'),
      'c:1': status(3, 'REPLICA_ROLE_FOLLOWER', '8.3'),
    });
    const { epoch, master, replicas } = await cell.client().status();
    expect({ epoch, master }).toEqual({ epoch: '8.3', master: null });
    expect(replicas[1]).toEqual({
      id: 2,
      address: 'b:1',
      incarnation: null,
      role: 'unreachable',
      voter: null,
      chosen: null,
      applied: null,
      pid: null,
      failure: 'connection refused',
    });
  });

  it('knows nothing but addresses when nobody answers', async () => {
    const { cell, epoch, master, replicas } = await cellOf({}).client().status();
    expect({ cell, epoch, master }).toEqual({ cell: null, epoch: null, master: null });
    expect(replicas.map(({ id, role }) => [id, role])).toEqual([
      [null, 'unreachable'],
      [null, 'unreachable'],
      [null, 'unreachable'],
    ]);
  });

  it('believes the newer of two that call themselves master', async () => {
    const cell = cellOf({
      'a:1': status(1, 'REPLICA_ROLE_MASTER', '9.1'),
      'b:1': status(2, 'REPLICA_ROLE_MASTER', '10.2'),
      'c:1': status(3, 'REPLICA_ROLE_FOLLOWER', '10.2'),
    });
    expect(await cell.client().status()).toMatchObject({ epoch: '10.2', master: { id: 2 } });
  });

  it('asks the others, too, when it was given one address', async () => {
    const cell = cellOf({
      'a:1': status(1, 'REPLICA_ROLE_FOLLOWER', '7.2'),
      'b:1': status(2, 'REPLICA_ROLE_MASTER', '7.2'),
    });
    const { replicas } = await cell.client({ cell: 'a:1' }).status();
    expect(replicas.map(({ id, role }) => [id, role])).toEqual([
      [1, 'follower'],
      [2, 'master'],
      [3, 'unreachable'],
    ]);
  });

  it('shows a replica that answers under two addresses once', async () => {
    const cell = cellOf({
      'a:1': status(1, 'REPLICA_ROLE_MASTER', '7.1'),
      'localhost:1': status(1, 'REPLICA_ROLE_MASTER', '7.1'),
    });
    const { replicas } = await cell.client({ cell: 'localhost:1' }).status();
    expect(replicas.map(({ id, role }) => [id, role])).toEqual([
      [1, 'master'],
      [2, 'unreachable'],
      [3, 'unreachable'],
    ]);
  });
});

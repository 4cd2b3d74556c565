import { ManualClock } from './manual-clock.js';
import { expect, test } from 'vitest';
import { NO_BALLOT } from '../../../src/paxos/ballot.js';
import type { Ballot, Incarnation, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import type { ReplicaStatus } from '../../../src/replica/replica.js';
import { readConfig } from '../../../src/config/config.js';
import { stateOf } from '../../../src/server/replica-state.js';
import { ServedReplica } from '../../../src/server/served-replica.js';
import type { Call, HeldKeepAlive, Reply } from '../../../src/service/call.js';
import type { ChubbyService } from '../../../src/service/chubby-service.js';
import type { CellId } from '../../../src/storage/identity-store.js';
import { ReplicaRole } from '../../../src/wire/types.js';
import type { ReplicaHealth } from '../../../src/wire/types.js';

const [ONE, TWO, THREE] = [1, 2, 3] as ReplicaId[] as [ReplicaId, ReplicaId, ReplicaId];

const CONFIG = readConfig({
  file: 'cell.yaml',
  text: `cell: test
replicaId: 1
replicas:
  - { id: 1, clientAddress: 'one:1', peerAddress: 'one:2' }
  - { id: 2, clientAddress: 'two:1', peerAddress: 'two:2' }
  - { id: 3, clientAddress: 'three:1', peerAddress: 'three:2' }
dataDir: /data
`,
  environment: {},
});

const self = { replicaId: ONE, incarnation: '00000000000000aa' as Incarnation };
const cellId = '000102030405060708090a0b0c0d0e0f' as CellId;
const epoch: Ballot = { round: 5, ...self };

const NO_HISTORY = { since: () => [] };
const HEALTH = { voters: [1, 2, 3] } as ReplicaHealth;

/** A replica that is in the state a test wants. */
class StoodIn {
  current: ReplicaStatus = { self, cellId: undefined, node: undefined, waitingFor: [TWO, THREE], firstSlot: 1 as Slot };
  currentReign: Ballot | undefined;
  currentMaster: ReplicaId | undefined;
  status = (): ReplicaStatus => this.current;
  reign = (): Ballot | undefined => this.currentReign;
  master = (): ReplicaId | undefined => this.currentMaster;

  join(role: 'follower' | 'candidate' | 'master'): void {
    const node = {
      role,
      promised: NO_BALLOT,
      lastRound: 0,
      chosenUpTo: 9 as Slot,
      highestKnown: 9 as Slot,
      master: this.currentMaster,
      configuration: { number: 0, voters: [self], learners: [] },
      members: [],
      pace: undefined,
      stoodBecause: '',
      inFlight: 0,
    };
    this.current = { self, cellId, node, waitingFor: [], firstSlot: 1 as Slot };
  }
}

const CALLER = { principal: 'anybody', address: 'host:1' };
const CALL: Call = {
  name: 'getStat',
  request: { target: 'name', name: '/ls/test/a' } as Extract<Call, { name: 'getStat' }>['request'],
  credential: undefined,
  number: 0,
  acknowledged: 0,
  timeLimitMs: 0,
};

test('before the birth of the cell it refuses by saying for whom it waits, and still tells of itself', () => {
  const replica = new StoodIn();
  const served = new ServedReplica(
    CONFIG,
    replica,
    () => undefined,
    () => HEALTH,
    NO_HISTORY,
    new ManualClock(),
  );
  const replies: Reply<unknown>[] = [];
  served.call(CALLER, CALL, (reply) => replies.push(reply));
  served
    .keepAlive(CALLER, { session: null, number: 1, acknowledgedReply: 0 }, (reply) => replies.push(reply))
    .withdraw();
  const failure = {
    reason: 'NOT_MASTER',
    message: "replica 1 waits for replica 2, 3 before the cell's first start",
  };
  expect(replies).toEqual([
    { failure: expect.objectContaining(failure) as unknown },
    { failure: expect.objectContaining(failure) as unknown },
  ]);
  expect(served.status()).toMatchObject({
    role: ReplicaRole.REPLICA_ROLE_FORMING,
    incarnation: Buffer.from('00000000000000aa', 'hex'),
    waitingFor: [2, 3],
    voter: false,
    chosen: 0,
  });
  expect(served.status().master).toBeUndefined();
  expect(served.masterLocation()).toEqual({
    cell: 'test',
    cellId: Buffer.alloc(0),
    replicas: [
      { id: 1, address: 'one:1' },
      { id: 2, address: 'two:1' },
      { id: 3, address: 'three:1' },
    ],
    signingKeys: [],
    spreadMs: 0,
  });
  expect(stateOf(replica)).toEqual({ name: 'forming', waitingFor: [2, 3] });
});

test('once there is a service it answers all calls', () => {
  const answered: string[] = [];
  const held: HeldKeepAlive = { withdraw: () => undefined };
  const service = {
    call: (_caller: unknown, call: Call) => void answered.push(call.name),
    keepAlive: () => (answered.push('keepAlive'), held),
    masterLocation: () => (answered.push('masterLocation'), 'location'),
    status: () => ({ applied: 8, epoch: { round: 4, replicaId: 2 }, entries: 4, digest: 'ffee' }),
  };
  const replica = new StoodIn();
  replica.join('follower');
  const served = new ServedReplica(
    CONFIG,
    replica,
    () => service as unknown as ChubbyService,
    () => HEALTH,
    NO_HISTORY,
    new ManualClock(),
  );
  served.call(CALLER, CALL, () => undefined);
  expect(served.keepAlive(CALLER, { session: null, number: 1, acknowledgedReply: 0 }, () => undefined)).toBe(held);
  expect(served.masterLocation()).toBe('location');
  expect(answered).toEqual(['getStat', 'keepAlive', 'masterLocation']);
  expect(served.status()).toMatchObject({
    cell: 'test',
    epoch: '4.2',
    cellId: Buffer.from(cellId, 'hex'),
    voter: true,
    chosen: 9,
    applied: 8,
    entries: 4,
    digest: Buffer.from('ffee', 'hex'),
    pid: process.pid,
  });
});

test('its role follows the lease, not the wish', () => {
  const replica = new StoodIn();
  const served = new ServedReplica(
    CONFIG,
    replica,
    () => undefined,
    () => HEALTH,
    NO_HISTORY,
    new ManualClock(),
  );
  const seen = (): unknown[] => [served.status().role, served.status().master?.id, stateOf(replica).name];

  replica.join('follower');
  expect(seen()).toEqual([ReplicaRole.REPLICA_ROLE_FOLLOWER, undefined, 'seeking']);
  replica.currentMaster = TWO;
  expect(seen()).toEqual([ReplicaRole.REPLICA_ROLE_FOLLOWER, 2, 'follower']);
  replica.currentMaster = undefined;
  replica.join('candidate');
  expect(seen()).toEqual([ReplicaRole.REPLICA_ROLE_CANDIDATE, undefined, 'seeking']);
  replica.currentMaster = ONE;
  replica.currentReign = epoch;
  replica.join('master');
  expect(seen()).toEqual([ReplicaRole.REPLICA_ROLE_MASTER, 1, 'master']);
  expect(served.status().epoch).toBe('5.1');
  replica.currentReign = undefined; // the lease ran out
  expect(seen()).toEqual([ReplicaRole.REPLICA_ROLE_CANDIDATE, 1, 'seeking']);
  replica.current = { self, cellId, node: undefined, waitingFor: [], firstSlot: 1 as Slot };
  expect(seen()).toEqual([ReplicaRole.REPLICA_ROLE_FOLLOWER, 1, 'starting']);
});

import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/cli/doctor/diagnose.js';
import { exitCodeOf } from '../../../src/cli/doctor/diagnosis.js';
import type { CellReport, HealthReport, PeerReport, ReplicaReport } from '../../../src/client/index.js';
import { chubby, FakeClient } from './fake-surroundings.js';

const IDS = [1, 2, 3, 4, 5];

const peer = (id: number): PeerReport => ({
  id,
  peerAddress: `host-${id}:7201`,
  clientAddress: `host-${id}:7101`,
  connected: true,
  heardAgoMs: 40,
  clockDrift: 0.00001,
});

const health = (id: number, ids = IDS): HealthReport => ({
  peers: ids.map(peer),
  voters: ids,
  machine: `machine-${id}`,
  disk: '2049',
  configuredTimings: { leaseMs: '600', maxClockDrift: '0.1' },
  timings: { leaseMs: '600', maxClockDrift: '0.1' },
  space: 'ample',
  freeBytes: 2 ** 40,
  appendMs: 2,
  verifiedSlot: 99_000,
  disputed: false,
  logValues: 5_000,
  logValuesUsual: 40_000,
  setAside: [],
});

const well = (id: number, ids = IDS): ReplicaReport => ({
  id,
  address: `host-${id}:7101`,
  incarnation: '0011223344556677',
  role: id === 1 ? 'master' : 'follower',
  voter: true,
  chosen: 100_000,
  applied: 100_000,
  pid: 4_000 + id,
  failure: null,
  version: '0.1.0',
  follows: 1,
  health: health(id, ids),
});

const silent = (id: number): ReplicaReport => ({
  ...well(id),
  incarnation: null,
  role: 'unreachable',
  voter: null,
  chosen: null,
  applied: null,
  pid: null,
  failure: 'connection refused',
  version: null,
  follows: null,
  health: null,
});

const cellOf = (replicas: readonly ReplicaReport[]): CellReport => {
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

/** A cell of five that is well but for what is said. */
const cellBut = (changed: Readonly<Record<number, ReplicaReport>>): CellReport =>
  cellOf(IDS.map((id) => changed[id] ?? well(id)));

const unlike = (id: number, different: Partial<HealthReport>): ReplicaReport => ({
  ...well(id),
  health: { ...health(id), ...different },
});

/** A list of peers in which some entries are different. */
const peersBut = (changed: Readonly<Record<number, Partial<PeerReport>>>): Pick<HealthReport, 'peers'> => ({
  peers: IDS.map((id) => ({ ...peer(id), ...changed[id] })),
});

/** What is found in it, notes left out, each as its kind and whom it is about. */
const found = (cell: CellReport): string[] =>
  diagnose(cell)
    .findings.filter((each) => !each.note)
    .map(({ kind, replicas }) => [kind, ...replicas].join(' '));

const away = { connected: false, heardAgoMs: null };

describe('how many more failures a cell survives', () => {
  it.each<[survives: number | null, could: number | null, what: string, cell: CellReport]>([
    [2, 2, 'five that are well', cellBut({})],
    [1, 1, 'three that are well', cellOf([1, 2, 3].map((id) => well(id, [1, 2, 3])))],
    [0, 0, 'one alone', cellOf([well(1, [1])])],
    [1, 2, 'one of five is away', cellBut({ 1: unlike(1, peersBut({ 5: away })), 5: silent(5) })],
    [
      0,
      2,
      'two of five are away',
      cellBut({ 1: unlike(1, peersBut({ 4: away, 5: away })), 4: silent(4), 5: silent(5) }),
    ],
    [1, 2, 'one hears of no master', cellBut({ 5: { ...well(5), follows: null } })],
    [1, 2, 'the master does not hear one', cellBut({ 1: unlike(1, peersBut({ 5: { heardAgoMs: 60_000 } })) })],
    [1, 2, 'one does not vote', cellBut({ 5: { ...well(5), voter: false } })],
    [1, 2, 'one disk is short of space', cellBut({ 5: unlike(5, { space: 'short' }) })],
    [2, 2, 'one is not to be reached by clients alone', cellBut({ 5: silent(5) })],
    [null, 2, 'no master', cellOf(IDS.map((id) => (id < 3 ? { ...well(id), role: 'candidate' } : silent(id))))],
    [null, null, 'nobody answers', cellOf(IDS.map(silent))],
    [1, 1, 'four, which are no better than three', cellOf([1, 2, 3, 4].map((id) => well(id, [1, 2, 3, 4])))],
  ])('%s of %s: %s', (survives, couldSurvive, _what, cell) => {
    expect(diagnose(cell)).toMatchObject({ survives, couldSurvive });
  });

  it('is said in one sentence', () => {
    expect(diagnose(cellBut({})).verdict).toBe(
      'the cell survives 2 more failures: 5 of 5 voters can take part, 3 are needed',
    );
    expect(diagnose(cellBut({ 5: { ...well(5), follows: null } })).verdict).toBe(
      'the cell survives 1 more failure instead of 2: 4 of 5 voters can take part, 3 are needed',
    );
    expect(diagnose(cellOf([])).verdict).toBe('no replica answers');
  });
});

describe('what is found', () => {
  it.each<[expected: string[], what: string, cell: CellReport]>([
    [[], 'nothing', cellBut({})],
    [
      ['address 5'],
      'an address that one replica has otherwise',
      cellBut({ 2: unlike(2, peersBut({ 5: { peerAddress: 'hots-5:7201' } })) }),
    ],
    [
      ['address 5'],
      'a client address likewise',
      cellBut({ 2: unlike(2, peersBut({ 5: { clientAddress: 'hots-5:7101' } })) }),
    ],
    [[], 'an address in capitals', cellBut({ 2: unlike(2, peersBut({ 5: { peerAddress: 'HOST-5:7201' } })) })],
    [['disconnected 5'], 'a broken way', cellBut({ 2: unlike(2, peersBut({ 5: away })) })],
    [['members'], 'another list of replicas', cellBut({ 2: unlike(2, { peers: [1, 2, 3].map(peer) }) })],
    [['lags 4'], 'a replica far behind', cellBut({ 4: { ...well(4), chosen: 50_000, applied: 50_000 } })],
    [[], 'one a little behind', cellBut({ 4: { ...well(4), chosen: 99_000, applied: 99_000 } })],
    [['slow-disk 3'], 'a slow disk', cellBut({ 3: unlike(3, { appendMs: 80 }) })],
    [[], 'disks that are all slow', cellOf(IDS.map((id) => unlike(id, { appendMs: 80 + id })))],
    [['damaged 2'], 'a directory set aside', cellBut({ 2: unlike(2, { setAside: ['/data/2.damaged-00'] }) })],
    [['versions'], 'two versions', cellBut({ 2: { ...well(2), version: '0.2.0' } })],
    [
      ['timings 2'],
      'other timings',
      cellBut({ 2: unlike(2, { configuredTimings: { leaseMs: '900', maxClockDrift: '0.1' } }) }),
    ],
    [['unverified 2'], 'a state long unchecked', cellBut({ 2: unlike(2, { verifiedSlot: 1_000 }) })],
    [[], 'a state not checked since the start', cellBut({ 2: unlike(2, { verifiedSlot: 0 }) })],
    [['disputed 2'], 'a dispute', cellBut({ 2: unlike(2, { disputed: true }) })],
    [['no-snapshot 2'], 'a log that only grows', cellBut({ 2: unlike(2, { logValues: 100_000 }) })],
    [['old 2'], 'a program that does not say', cellBut({ 2: { ...well(2), health: null } })],
    [['shared 2 3'], 'two on one machine', cellBut({ 3: unlike(3, { machine: 'machine-2' }) })],
    [['even'], 'an even number', cellOf([1, 2, 3, 4].map((id) => well(id, [1, 2, 3, 4])))],
    [
      ['clock 4'],
      'a clock that differs from all others',
      cellOf(
        IDS.map((id) =>
          id === 4
            ? unlike(4, { peers: IDS.map((other) => ({ ...peer(other), clockDrift: other === 4 ? null : -0.2 })) })
            : unlike(id, peersBut({ 4: { clockDrift: 0.25 } })),
        ),
      ),
    ],
  ])('%j for %s', (expected, _what, cell) => {
    expect(found(cell)).toEqual(expected);
    expect(exitCodeOf(diagnose(cell))).toBe(expected.length === 0 ? 0 : 1);
  });

  it('names the address as each configuration has it', () => {
    const cell = cellBut({ 2: unlike(2, peersBut({ 5: { peerAddress: 'hots-5:7201' } })) });
    expect(diagnose(cell).findings[0]?.text).toBe(
      'peerAddress of replica 5 differs between the configurations: host-5:7201 by that of replicas 1, 3, 4 and 5, ' +
        'hots-5:7201 by that of replica 2',
    );
  });

  it('of a cell on one machine is a note, which leaves it healthy', () => {
    const diagnosis = diagnose(cellOf(IDS.map((id) => unlike(id, { machine: 'laptop' }))));
    expect(diagnosis.findings.map(({ kind, note }) => ({ kind, note }))).toEqual([
      { kind: 'shared', note: true },
      { kind: 'backups', note: true },
    ]);
    expect(exitCodeOf(diagnosis)).toBe(0);
  });
});

describe('chubby doctor', () => {
  it('says the verdict, then a line with a remedy for each finding, and ends with 1', async () => {
    const client = new FakeClient();
    client.cellReport = cellBut({ 5: { ...well(5), follows: null } });
    const { stdout, exitCode } = await chubby(['doctor'], { client });
    const [verdict, first] = stdout.split('\n');
    expect(verdict).toContain('cell local: the cell survives 1 more failure instead of 2');
    expect(first).toMatch(/^replica 5 takes no part: it hears of no master; compare its peerAddress/);
    expect(exitCode).toBe(1);
  });

  it('ends with 0 for a healthy cell, and with 64 for a wrong command line', async () => {
    const client = new FakeClient();
    client.cellReport = cellBut({});
    expect((await chubby(['doctor', '--json'], { client })).exitCode).toBe(0);
    expect((await chubby(['doctor', '--frob'], { client })).exitCode).toBe(64);
  });
});

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config-problem.js';
import { SETTINGS } from '../../../src/config/config-schema.js';
import { loadConfig, readConfig } from '../../../src/config/config.js';
import type { ReplicaConfig } from '../../../src/config/config.js';

const CONFIG = join(import.meta.dirname, '../../../config');

const GOOD = `cell: test
replicaId: 2
replicas:
  - { id: 1, clientAddress: 'one:7101', peerAddress: 'one:7201' }
  - { id: 2, clientAddress: 'two:7101', peerAddress: 'two:7201', adminAddress: 'two:7301' }
  - { id: 3, clientAddress: 'three:7101', peerAddress: 'three:7201' }
dataDir: /data/{replicaId}
log:
  level: warn
timings:
  leaseMs: 900
`;

const read = (text: string, environment: Record<string, string> = {}): ReplicaConfig =>
  readConfig({ file: 'cell.yaml', text, environment });

/** The lines that the error says, or none. */
function problems(text: string, environment: Record<string, string> = {}): string[] {
  try {
    read(text, environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
  return [];
}

describe('a configuration that is right', () => {
  test('is what the replica runs by', () => {
    expect(read(GOOD)).toMatchObject({
      cell: 'test',
      replicaId: 2,
      listen: {
        client: 'two:7101',
        peer: 'two:7201',
        admin: 'two:7301',
      },
      dataDir: '/data/2',
      log: { level: 'warn', file: undefined },
      timings: { leaseMs: 900, renewMs: 150 },
    });
  });

  test('may listen elsewhere than where it is reached', () => {
    const config = read(`${GOOD}client: { listen: '0.0.0.0:9000' }\npeer: { listen: '[::]:9001' }\n`);
    expect(config.listen).toEqual({
      client: '0.0.0.0:9000',
      peer: '[::]:9001',
      admin: 'two:7301',
    });
  });

  test('without an admin address has no admin HTTP', () => {
    expect(read(GOOD, { CHUBBYD_REPLICA_ID: '1' }).listen.admin).toBeUndefined();
  });

  test('keeps the replicas by id, whatever their order in the file', () => {
    const config = read(GOOD.replace('id: 1,', 'id: 9,'));
    expect(config.replicas.map(({ id }) => id)).toEqual([2, 3, 9]);
  });

  test('takes relative paths from the working directory', () => {
    expect(read(GOOD.replace('/data/', 'data/')).dataDir).toBe(resolve('data/2'));
  });

  test('that ships serves every one of its replicas', () => {
    for (const replicaId of [1, 2, 3, 4, 5]) {
      const config = loadConfig(join(CONFIG, 'local-5.yaml'), {}, { option: '--replica', value: replicaId });
      expect(config.listen).toEqual({
        client: `127.0.0.1:710${replicaId}`,
        peer: `127.0.0.1:720${replicaId}`,
        admin: `127.0.0.1:730${replicaId}`,
      });
      expect(config.dataDir).toBe(resolve(`data/replica-${replicaId}`));
      expect(config.log.file).toBe(resolve(`data/log/replica-${replicaId}.log`));
    }
  });

  test('that explains shows the defaults', () => {
    const example = loadConfig(join(CONFIG, 'cell.example.yaml'), {});
    const bare = loadConfig(join(CONFIG, 'local-5.yaml'), {}, { option: '--replica', value: 1 });
    expect(example.timings).toEqual(bare.timings);
  });

  test('that explains names every key', () => {
    const text = readFileSync(join(CONFIG, 'cell.example.yaml'), 'utf8');
    for (const { path } of SETTINGS) expect(text).toMatch(new RegExp(`^ *-? *${path.at(-1)!}:`, 'm'));
  });
});

describe('the environment', () => {
  test('prevails over the file, and the command line over both', () => {
    const environment = { CHUBBYD_REPLICA_ID: '3', CHUBBYD_LOG_LEVEL: 'debug', CHUBBYD_TIMINGS_LEASE_MS: '1200' };
    const config = read(GOOD, environment);
    expect(config).toMatchObject({ replicaId: 3, log: { level: 'debug' }, timings: { leaseMs: 1200 } });
    const flagged = readConfig({
      file: 'cell.yaml',
      text: GOOD,
      environment,
      replicaId: { option: '--replica', value: 1 },
    });
    expect(flagged.replicaId).toBe(1);
  });

  test('can give what the file lacks, below a key that is missing', () => {
    const config = read(GOOD, { CHUBBYD_CLIENT_LISTEN: '0.0.0.0:1234' });
    expect(config.listen.client).toBe('0.0.0.0:1234');
  });

  test('gives text as it stands and lists in YAML', () => {
    const replicas = "[{id: 2, clientAddress: 'a:1', peerAddress: 'a:2'}]";
    expect(read(GOOD, { CHUBBYD_CELL: '007', CHUBBYD_REPLICAS: replicas })).toMatchObject({
      cell: '007',
      replicas: [{ id: 2, clientAddress: 'a:1', peerAddress: 'a:2' }],
    });
  });

  test('has one name for each setting', () => {
    const variables = SETTINGS.map(({ variable }) => variable);
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toContain('CHUBBYD_DATA_DIR');
  });

  test('is named where it is wrong', () => {
    expect(problems(GOOD, { CHUBBYD_LOG_LEVEL: 'loud' })).toEqual([
      'CHUBBYD_LOG_LEVEL: log.level is "loud": expected how much to log: fatal, error, warn, info, debug, trace',
    ]);
    expect(problems(GOOD, { CHUBBYD_REPLICAS: '[' })[0]).toMatch(
      /^CHUBBYD_REPLICAS: not YAML: .* expected all replicas/,
    );
    expect(problems(GOOD, { CHUBBYD_CLIENT_LISTEN: 'two' })[0]).toMatch(/^CHUBBYD_CLIENT_LISTEN: "two" is no address/);
  });

  test('must not hold what no setting is called', () => {
    expect(problems(GOOD, { CHUBBYD_DATADIR: '/x' })).toEqual([
      'CHUBBYD_DATADIR: no setting has this environment variable: did you mean CHUBBYD_DATA_DIR?',
    ]);
    expect(problems(GOOD, { CHUBBYD_SERVICE_PORT_7101_TCP: '/x' })[0]).toContain('unset it');
  });

  test('leaves alone what is not for us', () => {
    expect(problems(GOOD, { CHUBBY_CELL: 'x', PATH: '/bin' })).toEqual([]);
  });
});

describe('a configuration that is wrong is refused by file, line and remedy', () => {
  const changed = (from: string, to: string): string[] => {
    expect(GOOD).toContain(from);
    return problems(GOOD.replace(from, to));
  };

  test.each([
    [
      'cell: test',
      'cells: test',
      [
        "cell.yaml:1: cell is missing: add the cell's name as in /ls/<cell>: 1 to 63 lower-case letters, digits and hyphens; here or by CHUBBYD_CELL",
        'cell.yaml:1: unknown key "cells": did you mean "cell"?',
      ],
    ],
    [
      'cell: test',
      'cell: Test_1',
      [
        'cell.yaml:1: cell is "Test_1": expected the cell\'s name as in /ls/<cell>: 1 to 63 lower-case letters, digits and hyphens',
      ],
    ],
    [
      'replicaId: 2\n',
      '',
      [
        'cell.yaml:1: replicaId is missing: add the id of the replica to run, one of those under replicas; here, by --replica or by CHUBBYD_REPLICA_ID',
      ],
    ],
    [
      'replicaId: 2',
      'replicaId: two',
      ['cell.yaml:2: replicaId is "two": expected the id of the replica to run, one of those under replicas'],
    ],
    [
      'replicaId: 2',
      'replicaId: 4',
      ['cell.yaml:2: replica 4 is not under replicas, which has 1, 2, 3: take one of those, or add it'],
    ],
    [
      "id: 1, clientAddress: 'one:7101'",
      "id: 1, clientAdress: 'one:7101'",
      [
        'cell.yaml:4: replicas[0].clientAddress is missing: add it',
        'cell.yaml:4: unknown key "clientAdress": did you mean "clientAddress"?',
      ],
    ],
    ['id: 3', 'id: 2', ['cell.yaml:6: two replicas have the id 2: give each its own']],
    [
      "'three:7201'",
      "'two:7201'",
      ['cell.yaml:6: two:7201 is also the peerAddress of replica 2: each needs a port of its own'],
    ],
    [
      "'three:7201'",
      "'THREE:7101'",
      ['cell.yaml:6: THREE:7101 is also the clientAddress of replica 3: each needs a port of its own'],
    ],
    [
      "'three:7201'",
      "'three:0'",
      ['cell.yaml:6: "three:0" is no address: expected host:port or [v6]:port with a port from 1 to 65535'],
    ],
    [
      "'three:7201'",
      "'three:72010'",
      ['cell.yaml:6: "three:72010" is no address: expected host:port or [v6]:port with a port from 1 to 65535'],
    ],
    [
      "'three:7201'",
      "'http://three:7201'",
      ['cell.yaml:6: "http://three:7201" is no address: expected host:port or [v6]:port with a port from 1 to 65535'],
    ],
    [
      "'three:7201'",
      "'0.0.0.0:7201'",
      [
        'cell.yaml:6: 0.0.0.0:7201 names no host that others could reach: give the name or address here, and listen there by "listen"',
      ],
    ],
    [
      "  - { id: 3, clientAddress: 'three:7101', peerAddress: 'three:7201' }\n",
      '',
      ['cell.yaml:3: 2 replicas: an even number survives no more failures than one less; list 1, 3, 5 or 7'],
    ],
    ['level: warn', 'lvel: warn', ['cell.yaml:9: unknown key "lvel": did you mean "level"?']],
    ['level: warn', 'colour: warn', ['cell.yaml:9: unknown key "colour": known here are level, file']],
    ['log:\n  level: warn', 'log: warn', ['cell.yaml:8: log is "warn": expected a map of the keys level and file']],
    [
      'leaseMs: 900',
      'leaseMs: 200',
      [
        'cell.yaml:10: leaseMs 200 leaves a master 160 ms after drift and margin, less than two renewals of 150 ms: raise leaseMs or lower renewMs',
      ],
    ],
    [
      'leaseMs: 900',
      'leaseMs: .nan',
      [
        "cell.yaml:11: timings.leaseMs is null: expected a whole number of ms up to 60000: how long one answer of a voter lasts as part of a master's lease",
      ],
    ],
    [
      'dataDir: /data/{replicaId}',
      'dataDir:',
      ['cell.yaml:7: dataDir is null: expected the directory for what must survive; {replicaId} stands for the id'],
    ],
  ])('%j → %j', (from, to, expected) => {
    expect(changed(from, to).sort()).toEqual(expected.sort());
  });

  test('text that is no YAML, or no map', () => {
    expect(problems('cell: [')[0]).toMatch(/^cell\.yaml:1: not YAML: /);
    expect(problems('cell: a\ncell: b')[0]).toMatch(/^cell\.yaml:\d: not YAML: Map keys must be unique/);
    expect(problems('- 1')).toEqual(['cell.yaml:1: expected a map of keys and values, e.g. "cell: local"']);
    expect(problems('cell: *nobody')[0]).toMatch(/^cell\.yaml(:1)?: /);
    expect(problems('')).toHaveLength(4);
  });

  test('aliases that multiply', () => {
    const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    expect(problems(`a0: &a0 [x]\n${levels.join('\n')}`)[0]).toContain('write the value out');
  });

  test('a file that is not there', () => {
    expect(() => loadConfig('/nowhere/cell.yaml', {})).toThrow(
      /^\/nowhere\/cell\.yaml: ENOENT.*: give a file that can be read/,
    );
  });
});

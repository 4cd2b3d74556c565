// What bin/chubbyd says and ends with when it is started wrongly.
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseAddress } from '../../src/rpc/address.js';
import { connect as connectToCell } from '../../src/client/index.js';
import { freePorts } from '../../src/server/free-ports.js';
import { ELECTION_MS, startCell, temporaryDirectory } from './running-cell.js';

const CHUBBYD = join(import.meta.dirname, '../../bin/chubbyd');

interface Run {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: readonly string[];
}

/** Runs chubbyd until it ends by itself. */
function chubbyd(args: readonly string[], environment: Record<string, string> = {}): Promise<Run> {
  return watch(spawn(CHUBBYD, args, { env: { ...process.env, ...environment } }));
}

async function watch(child: ChildProcessWithoutNullStreams): Promise<Run> {
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, output, errors: errors.split('\n').filter((line) => line !== '') };
}

/** The configuration of a cell of one, on free ports. */
async function soloConfig(
  directory = temporaryDirectory(),
): Promise<{ file: string; directory: string; ports: number[] }> {
  const ports = await freePorts(3);
  const [client, peer, admin] = ports.map((port) => `'127.0.0.1:${port}'`);
  const file = join(directory, 'solo.yaml');
  writeFileSync(
    file,
    `cell: solo
replicaId: 1
replicas:
  - { id: 1, clientAddress: ${client}, peerAddress: ${peer}, adminAddress: ${admin} }
dataDir: ${join(directory, 'data')}
log: { file: '${join(directory, 'solo.log')}' }
`,
  );
  return { file, directory, ports };
}

describe('the command line', () => {
  test('tells how it is used', async () => {
    const { exitCode, output } = await chubbyd(['--help']);
    expect(exitCode).toBe(0);
    expect(output).toContain('--config FILE');
    expect(output).toMatch(/timings\.leaseMs {2}CHUBBYD_TIMINGS_LEASE_MS/);
    expect(output).toMatch(/Exit codes:/);
    expect((await chubbyd(['--version'])).output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    [[], 'Missing required argument: config'],
    [['--config'], 'Not enough arguments following: config'],
    [['--config', 'x.yaml', '--repilca', '1'], 'Unknown argument: repilca'],
    [['--config', '/nowhere.yaml'], "/nowhere.yaml: ENOENT: no such file or directory, open '/nowhere.yaml'"],
  ])('%j is refused by one line', async (args, line) => {
    const { exitCode, errors } = await chubbyd(args);
    expect(exitCode).toBe(2);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(`chubbyd: ${line}`);
  });

  test('checks a configuration without running it', async () => {
    const { file } = await soloConfig();
    expect(await chubbyd(['--config', file, '--check'])).toEqual({
      exitCode: 0,
      output: `${file} is right for replica 1 of cell "solo"\n`,
      errors: [],
    });
    expect(await chubbyd(['--config', file, '--check', '--replica', '2'])).toEqual({
      exitCode: 2,
      output: '',
      errors: ['chubbyd: --replica: replica 2 is not under replicas, which has 1: take one of those, or add it'],
    });
    expect((await chubbyd(['--config', file, '--check'], { CHUBBYD_CELL: 'other' })).output).toContain('cell "other"');
  });
});

test('a wrong configuration is refused, each mistake by file, line and remedy', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'cell.yaml');
  writeFileSync(file, 'cell: x\nreplicaId: 1\nreplicas: []\ndatadir: y\n');
  expect(await chubbyd(['--config', file])).toEqual({
    exitCode: 2,
    output: '',
    errors: [
      expect.stringContaining(`chubbyd: ${file}:1: dataDir is missing: add the directory for what must survive`),
      `chubbyd: ${file}:4: unknown key "datadir": did you mean "dataDir"?`,
      expect.stringContaining(`chubbyd: ${file}:3: replicas is []: expected all replicas of the cell`),
    ],
  });
});

test.each([
  [0, 'clients'],
  [1, 'the other replicas'],
  [2, 'admin HTTP'],
])('port %d in use is refused by one line, and no disk is touched', async (index, purpose) => {
  const { file, ports } = await soloConfig();
  const server = createServer().listen(ports[index], '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  expect(await chubbyd(['--config', file])).toEqual({
    exitCode: 3,
    output: '',
    errors: [
      `chubbyd: replica 1 ends: cannot listen on 127.0.0.1:${ports[index]} for ${purpose}: it is in use: stop the ` +
        'process that listens there, or configure another port',
    ],
  });
});

describe('a data directory', () => {
  test('of another replica, of something else, or of a running process is refused by one line', async () => {
    const cell = await startCell({ size: 3 });
    await cell.waitForMaster(ELECTION_MS);
    const { file } = await soloConfig();
    const { dataDir } = cell.replica(2).config;
    await cell.replica(2).process.stop();
    expect(await chubbyd(['--config', file], { CHUBBYD_DATA_DIR: dataDir })).toMatchObject({
      exitCode: 4,
      errors: [
        `chubbyd: replica 1 ends: ${dataDir} belongs to replica 2, this is replica 1: correct the replica id or the ` +
          'data directory in the configuration',
      ],
    });
    const running = cell.replica(1).config.dataDir;
    expect(await chubbyd(['--config', file], { CHUBBYD_DATA_DIR: running })).toMatchObject({
      exitCode: 3,
      errors: [expect.stringMatching(/^chubbyd: replica 1 ends: .* is in use by another process: stop that one/)],
    });

    const foreign = temporaryDirectory();
    mkdirSync(join(foreign, 'photos'));
    expect(await chubbyd(['--config', file], { CHUBBYD_DATA_DIR: foreign })).toMatchObject({
      exitCode: 4,
      errors: [expect.stringMatching(/is no data directory, it holds "photos": name an empty or a new directory$/)],
    });
    expect(await chubbyd(['--config', file], { CHUBBYD_DATA_DIR: file })).toMatchObject({
      exitCode: 4,
      errors: [expect.stringMatching(/cannot be used as a data directory .*: correct the path or its rights$/)],
    });
  });

  test('of a cell with another name is refused at the start, not when its replica becomes master', async () => {
    const cell = await startCell({ size: 3 });
    await cell.waitForMaster(ELECTION_MS);
    await cell.replica(2).process.stop();
    const file = join(cell.replica(2).config.dataDir, '../cell.yaml');
    expect(await chubbyd(['--config', file, '--replica', '2'], { CHUBBYD_CELL: 'other' })).toMatchObject({
      exitCode: 2,
      errors: [expect.stringMatching(/the database is of cell "local" .*, the configuration says "other"/)],
    });
  });

  test('whose log was damaged is refused by one line', async () => {
    const cell = await startCell({ size: 1 });
    await cell.waitForMaster(ELECTION_MS);
    await cell.kill();
    writeFileSync(join(cell.replica(1).config.dataDir, 'identity.json'), '{}');
    cell.start();
    expect(await cell.replica(1).process.ended()).toMatchObject({ exitCode: 4 });
    expect(cell.replica(1).process.said).toEqual([
      expect.stringMatching(/identity\.json is damaged: .*A replica that does not know who it is must not vote/),
    ]);
  });

  test('whose log lost its newest writes is refused by one line, at each start', async () => {
    const cell = await startCell({ size: 1 });
    await cell.waitForMaster(ELECTION_MS);
    await cell.kill();
    // What the second life writes is in LevelDB's newest file, and what the first one wrote is not.
    cell.start();
    await cell.waitForMaster(ELECTION_MS);
    await cell.kill();
    const log = join(cell.replica(1).config.dataDir, 'log');
    const newest = readdirSync(log).filter((name) => name.endsWith('.log'));
    rmSync(join(log, newest.sort().at(-1)!));
    for (let attempt = 0; attempt < 2; attempt++) {
      cell.start();
      expect(await cell.replica(1).process.ended()).toMatchObject({ exitCode: 4 });
      expect(cell.replica(1).process.said).toEqual([
        expect.stringMatching(
          /log is damaged: its last write is \d+, but .*log\.tail knows of write \d+ .*must not vote/,
        ),
      ]);
    }
  });
});

test('a replica whose disk refuses a write ends by one line, and nothing of it is acknowledged', async () => {
  const { file, ports } = await soloConfig();
  // No file may grow beyond 512 KiB or so.
  const ended = watch(spawn('sh', ['-c', 'ulimit -f 1024; exec "$0" "$@"', CHUBBYD, '--config', file]));
  const client = connectToCell({ cell: `127.0.0.1:${ports[0]}` });
  onTestFinished(() => client.close());
  const written: string[] = [];
  const over = new AbortController();
  const writing = (async () => {
    for (let n = 0; ; n++) {
      await client.write(`/ls/solo/${n}`, Buffer.alloc(100_000, n), { signal: over.signal });
      written.push(`/ls/solo/${n}`);
    }
  })().catch(() => undefined);
  expect(await ended).toEqual({
    exitCode: 5,
    output: '',
    errors: [expect.stringMatching(/^chubbyd: replica 1 ends: cannot write .*\/data\/log: .*File too large$/)],
  });
  over.abort();
  await writing;
  expect(written.length).toBeGreaterThan(0);

  const again = watch(spawn(CHUBBYD, ['--config', file]));
  for (const name of written) expect((await client.read(name)).contents).toHaveLength(100_000);
  process.kill((await client.status()).replicas[0]!.pid!, 'SIGTERM');
  expect((await again).exitCode).toBe(0);
});

test('a log file that cannot be written is refused', async () => {
  const { file, directory } = await soloConfig();
  expect(await chubbyd(['--config', file], { CHUBBYD_LOG_FILE: directory })).toEqual({
    exitCode: 2,
    output: '',
    errors: [expect.stringMatching(/^chubbyd: log\.file: EISDIR.*: name a file that can be written/)],
  });
});

test('bytes that are no protocol do not end a replica, whichever port they come to', async () => {
  const cell = await startCell({ size: 1 });
  const replica = await cell.waitForMaster(ELECTION_MS);
  const { client, peer, admin } = replica.config.listen;
  for (const address of [client, peer, admin!]) {
    const socket = connect(parseAddress(address))
      .on('error', () => undefined)
      .resume();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.end(Buffer.alloc(1_000_000, 'garbage'));
    await closed;
  }
  expect(replica.process.state?.name).toBe('master');
});

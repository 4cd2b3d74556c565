// The paper's case: one replica of five takes no part, because the others look for it where it is not, and the cell
// seems healthy. ([PML] 5)
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Diagnosis } from '../../src/cli/doctor/diagnosis.js';
import { freePorts } from '../../src/server/free-ports.js';
import { LocalCell } from '../../src/server/local-cell.js';
import { ELECTION_MS, eventually, startCell, temporaryDirectory } from './running-cell.js';

interface Answer {
  readonly stdout: string;
  readonly exitCode: number | string;
}

/** Runs a command. */
const chubby = (cell: LocalCell, ...args: string[]): Promise<Answer> =>
  new Promise((resolve) => {
    execFile('bin/chubby', [...args, '--cell', cell.clientAddresses[0]!], (error, stdout) =>
      resolve({ stdout, exitCode: error?.code ?? 0 }),
    );
  });

const doctor = (cell: LocalCell, ...args: string[]): Promise<Answer> => chubby(cell, 'doctor', ...args);

interface Configuration {
  readonly replicas: { readonly id: number; peerAddress: string }[];
}

test('the doctor finds a cell well, and then the replica whose address the others have misspelt', async () => {
  const directory = temporaryDirectory();
  const cell = await startCell({ directory });
  await cell.waitForMaster(ELECTION_MS);
  let answer: Answer | undefined;
  const last = (): string => `the doctor says ${answer?.stdout ?? 'nothing'}`;
  await eventually(last, async () => (answer = await doctor(cell)).exitCode === 0);
  expect(answer?.stdout).toContain('cell local: the cell survives 2 more failures: 5 of 5 voters can take part');

  await cell.stop();
  const configuration = parse(readFileSync(join(directory, 'cell.yaml'), 'utf8')) as Configuration;
  const fifth = configuration.replicas.find(({ id }) => id === 5)!;
  const right = fifth.peerAddress;
  const wrong = `127.0.0.1:${(await freePorts(1))[0]!}`;
  fifth.peerAddress = wrong;
  const configFile = join(directory, 'misspelt.yaml');
  writeFileSync(configFile, stringify(configuration));
  const misspelt = new LocalCell({ configFile });
  onTestFinished(() => misspelt.kill());
  for (const id of [1, 2, 3, 4]) misspelt.replica(id).process.start();
  cell.replica(5).process.start();
  await misspelt.waitForMaster(ELECTION_MS);

  const verdict =
    'cell local: the cell survives 1 more failure instead of 2: 4 of 5 voters can take part, 3 are needed';
  await eventually(last, async () => (answer = await doctor(cell)).stdout.startsWith(verdict));
  expect(answer?.exitCode).toBe(1);
  expect(answer?.stdout).toContain('replica 5 takes no part: it hears of no master');
  expect(answer?.stdout).toContain(
    `peerAddress of replica 5 differs between the configurations: ${wrong} by that of replicas 1, 2, 3 and 4, ` +
      `${right} by that of replica 5`,
  );

  const { survives, couldSurvive, findings } = JSON.parse((await doctor(cell, '--json')).stdout) as Diagnosis;
  expect({ survives, couldSurvive }).toEqual({ survives: 1, couldSurvive: 2 });
  expect(findings.filter(({ note }) => !note).map(({ kind, replicas }) => ({ kind, replicas }))).toEqual([
    { kind: 'apart', replicas: [5] },
    { kind: 'address', replicas: [5] },
  ]);

  const told = (await chubby(cell, 'why')).stdout.trimEnd().split('\n');
  expect(told[0]).toMatch(/ replica [1-5] is master, epoch [0-9.]+: it knew of no master$/);
  expect(told.length).toBeGreaterThan(1);
  expect(told[1]).toMatch(/ is master, epoch [0-9.]+: .+; replica [1-5] says: it was asked to stop$/);
});

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReplicaId } from '../../../src/paxos/ballot.js';
import { BoundedLogFile } from '../../../src/server/bounded-log-file.js';
import { openLog } from '../../../src/server/logging.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'chubby-log-'))));
afterEach(() => rmSync(directory, { recursive: true }));

describe('a bounded log file', () => {
  test('keeps the newest lines, in the file and its predecessor, below twice the bound', () => {
    const file = join(directory, 'a', 'replica.log');
    const log = new BoundedLogFile(file, 1000);
    for (let n = 0; n < 1000; n++) log.write(`line ${n} ${'x'.repeat(20)}\n`);
    log.close();
    const kept = (readFileSync(`${file}.1`, 'utf8') + readFileSync(file, 'utf8')).trimEnd().split('\n');
    expect(kept.length).toBeGreaterThan(30);
    expect(kept.map((line) => Number(line.split(' ')[1]))).toEqual(kept.map((_, n) => 1000 - kept.length + n));
    expect(statSync(file).size).toBeLessThanOrEqual(1000);
    expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(1000);
  });

  test('goes on where an earlier process ended', () => {
    const file = join(directory, 'replica.log');
    writeFileSync(file, `${'old '.repeat(200)}\n`);
    const log = new BoundedLogFile(file, 1000);
    log.write('short\n');
    log.write(`${'x'.repeat(300)}\n`);
    log.close();
    expect(readFileSync(`${file}.1`, 'utf8')).toMatch(/^old .*\nshort\n$/);
    expect(readFileSync(file, 'utf8')).toMatch(/^x+\n$/);
  });

  test('says how many lines the disk refused', () => {
    const file = join(directory, 'replica.log');
    const log = new BoundedLogFile(file, 20);
    log.write('0123456789012345\n');
    rmSync(file); // so that it cannot be renamed
    log.write('lost 012345\n');
    log.write('lost 012345\n');
    writeFileSync(file, '');
    log.write('kept\n');
    log.close();
    expect(readFileSync(file, 'utf8')).toMatch(/^\n\{.*"2 log lines were lost: .*\}\nkept\n$/);
  });
});

test('the log has one JSON object a line, at its level and above, and no secrets', () => {
  const file = join(directory, 'replica.log');
  const log = openLog({ cell: 'test', replicaId: 3 as ReplicaId, log: { level: 'info', file } });
  log.debug('unseen');
  log.info({ secret: 'hush', call: { session: 'hush', request: { credential: 'hush', name: '/ls/x' } } }, 'seen');
  log.error(new Error('broke'), 'why');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'info',
    cell: 'test',
    replica: 3,
    msg: 'seen',
    call: { request: { name: '/ls/x' } },
  });
  expect(lines[0]).not.toContain('hush');
  expect(JSON.parse(lines[1]!)).toMatchObject({ level: 'error', err: { message: 'broke' } });
});

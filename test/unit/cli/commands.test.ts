import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChubbyError } from '../../../src/client/index.js';
import { chubby, FakeClient, clientWith } from './fake-surroundings.js';

describe('cat', () => {
  it('writes the very bytes', async () => {
    const contents = Buffer.from([0, 255, 10, 128]);
    const { bytes, exitCode } = await chubby(['cat', '/ls/local/a'], {
      client: clientWith({ '/ls/local/a': contents }),
    });
    expect(bytes).toEqual(contents);
    expect(exitCode).toBe(0);
  });

  it('writes base64 and the stat as JSON', async () => {
    const { stdout } = await chubby(['cat', '/ls/local/a', '--json'], { client: clientWith({ '/ls/local/a': 'hi' }) });
    expect(JSON.parse(stdout)).toMatchObject({
      path: '/ls/local/a',
      contents: 'aGk=',
      stat: { kind: 'file', contentGeneration: 3, lengthBytes: 2 },
    });
  });

  it('has an exit code of its own for what is not there', async () => {
    const { exitCode, stdout, stderr } = await chubby(['cat', '/ls/local/none']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: '' });
    expect(stderr).toMatch(/^chubby: there is no \/ls\/local\/none\n {2}\S/);
  });
});

describe('ls', () => {
  const client = clientWith({ '/ls/local/b': 'x', '/ls/local/a': 'yz' });

  it('writes one name a line', async () => {
    expect((await chubby(['ls', '/ls/local'], { client })).stdout).toBe('a\nb\n');
  });

  it('marks directories for people, and for others on request', async () => {
    const both = clientWith({ '/ls/local/file': '' });
    both.nodes.set('/ls/local/sub', { contents: undefined, generation: 0 });
    expect((await chubby(['ls', '/ls/local'], { client: both })).stdout).toBe('file\nsub\n');
    expect((await chubby(['ls', '-F', '/ls/local'], { client: both })).stdout).toBe('file\nsub/\n');
    expect((await chubby(['ls', '/ls/local'], { client: both, onTerminal: true })).stdout).toBe('file\nsub/\n');
  });

  it('shows control characters in names as bytes, and as they are in JSON', async () => {
    const odd = clientWith({ '/ls/local/a\u009b31m': '' });
    expect((await chubby(['ls', '/ls/local'], { client: odd })).stdout).toBe('a\\xc2\\x9b31m\n');
    expect((await chubby(['ls', '-l', '/ls/local'], { client: odd })).stdout).toContain('\ta\\xc2\\x9b31m\n');
    expect((await chubby(['ls', '--json', '/ls/local'], { client: odd })).stdout).toContain('"a\u009b31m"');
  });

  it('writes nothing for an empty directory', async () => {
    expect((await chubby(['ls', '/ls/local'])).stdout).toBe('');
  });

  it('separates columns by tabs for programs, and by blanks for people', async () => {
    const { stdout } = await chubby(['ls', '-l', '/ls/local'], { client });
    expect(stdout.split('\n')[1]).toBe('file\t2\t0\t3\t0\t17\ta');
    const seen = await chubby(['ls', '-l', '/ls/local'], { client, onTerminal: true });
    expect(seen.stdout).toContain('\u001b[1mKIND');
    expect(seen.stdout).toMatch(/^file {6}2 {9}0 {11}3 {5}0 {8}17 {2}a$/m);
  });

  it('has no colour where none is wanted', async () => {
    const env = { NO_COLOR: '1' };
    const { stdout } = await chubby(['ls', '-l', '/ls/local'], { client, onTerminal: true, env });
    expect(stdout).not.toContain('\u001b');
  });

  it('writes entries as JSON', async () => {
    const { stdout } = await chubby(['ls', '/ls/local', '--json'], { client });
    expect(JSON.parse(stdout)).toMatchObject({ path: '/ls/local', entries: [{ name: 'a', stat: {} }, { name: 'b' }] });
  });
});

describe('put', () => {
  it('writes stdin, or a file', async () => {
    const client = new FakeClient();
    await chubby(['put', '/ls/local/a'], { client, stdin: 'from stdin' });
    await chubby(['put', '/ls/local/b', '-'], { client, stdin: 'from stdin, too' });
    const directory = await mkdtemp(join(tmpdir(), 'chubby-put-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, 'file'), 'from a file');
    const { exitCode, stdout } = await chubby(['put', '/ls/local/c', join(directory, 'file')], { client });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    const contents = ['a', 'b', 'c'].map((name) => String(client.nodes.get(`/ls/local/${name}`)!.contents));
    expect(contents).toEqual(['from stdin', 'from stdin, too', 'from a file']);
  });

  it('takes 262,144 bytes and not one more', async () => {
    const client = new FakeClient();
    expect((await chubby(['put', '/ls/local/a'], { client, stdin: Buffer.alloc(262_144) })).exitCode).toBe(0);
    const { exitCode, stderr } = await chubby(['put', '/ls/local/b'], { client, stdin: Buffer.alloc(262_145) });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('262144');
    expect(client.nodes.has('/ls/local/b')).toBe(false);
  });

  it.each([
    ['/nowhere/file', 'chubby: cannot read /nowhere/file: no such file or directory\n'],
    [tmpdir(), `chubby: cannot read ${tmpdir()}: it is a directory\n`],
  ])('says what it could not read: %s', async (file, sentence) => {
    const { exitCode, stderr } = await chubby(['put', '/ls/local/a', file]);
    expect(exitCode).toBe(1);
    expect(stderr.startsWith(sentence)).toBe(true);
    expect(stderr).toMatch(/\n {2}(check|name)[^\n]+\n$/);
  });

  it.each([['--create-only'], ['--if-generation=0']])('%s creates a file and never writes over one', async (option) => {
    const client = new FakeClient();
    expect((await chubby(['put', option, '/ls/local/a'], { client, stdin: 'first' })).exitCode).toBe(0);
    const { exitCode, stderr } = await chubby(['put', option, '/ls/local/a', '--json'], { client, stdin: 'second' });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { reason: 'STALE_GENERATION' } });
    expect(String(client.nodes.get('/ls/local/a')!.contents)).toBe('first');
  });

  it('creates nothing where a generation is asked for', async () => {
    const client = clientWith({ '/ls/local/a': 'x' });
    expect((await chubby(['put', '--if-generation', '3', '/ls/local/a'], { client })).exitCode).toBe(0);
    expect((await chubby(['put', '--if-generation', '3', '/ls/local/a'], { client })).exitCode).toBe(1);
    expect((await chubby(['put', '--if-generation', '3', '/ls/local/b'], { client })).exitCode).toBe(6);
    expect((await chubby(['put', '--if-generation', '3', '--create-only', '/ls/local/b'], { client })).exitCode).toBe(
      64,
    );
  });
});

describe('mkdir and rm', () => {
  it('make directories, and with -p those above', async () => {
    const client = new FakeClient();
    expect((await chubby(['mkdir', '/ls/local/a/b/c'], { client })).exitCode).toBe(6);
    expect((await chubby(['mkdir', '-p', '/ls/local/a/b/c'], { client })).exitCode).toBe(0);
    expect((await chubby(['mkdir', '-p', '/ls/local/a/b/c'], { client })).exitCode).toBe(0);
    expect((await chubby(['mkdir', '/ls/local/a/b/c'], { client })).exitCode).toBe(1);
    expect([...client.nodes.keys()]).toEqual(['/ls/local', '/ls/local/a', '/ls/local/a/b', '/ls/local/a/b/c']);
  });

  it('delete one node, and with -r all below it', async () => {
    const client = new FakeClient();
    await chubby(['mkdir', '-p', '/ls/local/a/b/c'], { client });
    await chubby(['put', '/ls/local/a/b/file'], { client });
    expect((await chubby(['rm', '/ls/local/a'], { client })).exitCode).toBe(1);
    const { stdout } = await chubby(['rm', '-r', '/ls/local/a', '--json'], { client });
    expect(JSON.parse(stdout)).toEqual({ path: '/ls/local/a', deleted: 4 });
    expect([...client.nodes.keys()]).toEqual(['/ls/local']);
  });
});

describe('a failure', () => {
  it.each([
    [new ChubbyError('TIME_LIMIT', 'late'), 4],
    [new ChubbyError('UNKNOWN_OUTCOME', 'late', { outcomeUnknown: true }), 5],
    [new ChubbyError('SESSION_EXPIRED', 'gone', { outcomeUnknown: true }), 5],
    [new ChubbyError('LIMIT_DATABASE', 'full'), 1],
    [new ChubbyError('BAD_ARGUMENT', 'no'), 64],
    [new ChubbyError('A_REASON_OF_TOMORROW', 'hm'), 1],
  ])('%s ends with %i', async (error, code) => {
    const client = new FakeClient();
    client.refusals.set('/ls/local/a', error);
    expect((await chubby(['put', '/ls/local/a'], { client })).exitCode).toBe(code);
    const { exitCode, stderr } = await chubby(['put', '/ls/local/a', '--json'], { client });
    expect(exitCode).toBe(code);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        reason: error.reason,
        message: error.message,
        remedy: error.remedy,
        outcomeUnknown: error.outcomeUnknown,
      },
    });
  });
});

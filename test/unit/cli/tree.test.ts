import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ChubbyError } from '../../../src/client/index.js';
import { chubby, FakeClient } from './fake-surroundings.js';

let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'chubby-tree-'));
  onTestFinished(() => rm(scratch, { recursive: true }));
});

/** Writes files of these contents below a new directory, and returns it. */
async function treeOf(files: Record<string, string | Buffer>): Promise<string> {
  const root = join(scratch, 'in');
  await mkdir(root);
  for (const [path, contents] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), contents);
  }
  return root;
}

describe('import and export', () => {
  it('give the same bytes, names and empty directories', async () => {
    const contents = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const root = await treeOf({ 'a/b/bytes': contents, 'a/empty': '', 'größe ☃': 'x', full: Buffer.alloc(262_144, 7) });
    await mkdir(join(root, 'a/nothing'));
    const client = new FakeClient();
    const imported = await chubby(['import', root, '/ls/local/x/y', '--json'], { client });
    expect(imported.exitCode).toBe(0);
    expect(JSON.parse(imported.stdout)).toEqual({
      directory: root,
      path: '/ls/local/x/y',
      files: 4,
      directories: 3,
      bytes: 256 + 1 + 262_144,
      leftOut: [],
      symbolicLinks: 0,
      specialFiles: 0,
    });
    const out = join(scratch, 'out');
    const exported = await chubby(['export', '/ls/local/x/y', out, '--json'], { client });
    expect(exported.exitCode).toBe(0);
    expect(JSON.parse(exported.stdout)).toMatchObject({ files: 4, directories: 3, leftOut: [] });
    expect(execFileSync('diff', ['-r', root, out]).toString()).toBe('');
  });

  it('have many requests in flight', async () => {
    const root = await treeOf(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i % 7}/${i}`, `${i}`])));
    const client = new FakeClient();
    await chubby(['import', root, '/ls/local/x'], { client });
    expect(client.mostInFlight).toBeGreaterThan(8);
    client.mostInFlight = 0;
    await chubby(['export', '/ls/local/x', join(scratch, 'out')], { client });
    expect(client.mostInFlight).toBe(64);
  });

  it('leave out what a cell cannot have, and name it at the end', async () => {
    const root = await treeOf({ good: 'x', large: Buffer.alloc(262_145), refused: 'y' });
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xff, 0x0a])]), 'bad name');
    await symlink('good', join(root, 'link'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const client = new FakeClient();
    client.refusals.set('/ls/local/x/refused', new ChubbyError('MALFORMED_NAME', 'the name has a control character'));
    const { exitCode, stdout, stderr } = await chubby(['import', root, '/ls/local/x'], { client });
    expect(exitCode).toBe(7);
    expect(stdout).toBe('imported 1 file (1 byte) in 0 directories to /ls/local/x\n');
    expect(stderr.split('\n')).toEqual([
      'left out: 1 symbolic link',
      'left out: 1 special file',
      'left out: b\\xff\\x0a: its name is not UTF-8',
      'left out: large: it has 262145 bytes, more than the 262144 of a file in a cell',
      'left out: refused: the name has a control character',
      '',
    ]);
  });

  it('show control characters in names as bytes', async () => {
    const root = await treeOf({ 'größe\n\u001b[31m\u0085': Buffer.alloc(262_145) });
    const { stderr } = await chubby(['import', root, '/ls/local/x']);
    expect(stderr).toBe(
      'left out: größe\\x0a\\x1b[31m\\xc2\\x85: it has 262145 bytes, more than the 262144 of a file in a cell\n',
    );
  });

  it('count symbolic links without an error', async () => {
    const root = await treeOf({ good: 'x' });
    await symlink('/nowhere', join(root, 'link'));
    expect((await chubby(['import', root, '/ls/local/x'])).exitCode).toBe(0);
  });

  it('end at the first failure that concerns more than one file', async () => {
    const root = await treeOf(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${i}`, 'x'])));
    const client = new FakeClient();
    client.refusals.set('/ls/local/x/0', new ChubbyError('SESSION_EXPIRED', 'the session is gone'));
    const { exitCode, stderr } = await chubby(['import', root, '/ls/local/x'], { client });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('the session is gone');
    expect(client.nodes.size).toBeLessThan(200);
  });

  it('say so when the directory is not there', async () => {
    const { exitCode, stderr } = await chubby(['import', join(scratch, 'none'), '/ls/local/x']);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `chubby: cannot read the directory ${join(scratch, 'none')}: no such file or directory\n` +
        '  check the path, and that what it goes through is there\n',
    );
  });
});

describe('export', () => {
  it('writes into an empty directory only', async () => {
    const root = await treeOf({ good: 'x' });
    const { exitCode, stderr } = await chubby(['export', '/ls/local', root]);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('is not empty');
    expect(await readdir(root)).toEqual(['good']);
  });

  it('creates the directories above, and ends where none can be created', async () => {
    const out = join(scratch, 'a/b/c');
    expect((await chubby(['export', '/ls/local', out])).exitCode).toBe(0);
    expect(await readdir(out)).toEqual([]);
    // Node's own way to create them never comes back from here.
    const { exitCode, stderr } = await chubby(['export', '/ls/local', '/proc/nowhere/out']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^chubby: cannot create the directory \/proc\/nowhere\/out: no such file or directory\n {2}\S/,
    );
  });

  it('says so when a file is in the way', async () => {
    const file = join(await treeOf({ file: 'x' }), 'file');
    const { exitCode, stderr } = await chubby(['export', '/ls/local', file]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^chubby: cannot read the directory .*file: not a directory\n {2}\S/);
  });

  it('leaves out a directory that cannot be created here, with what is in it', async () => {
    const client = new FakeClient();
    const long = 'ä'.repeat(128);
    await chubby(['mkdir', '-p', `/ls/local/${long}/sub`], { client });
    await chubby(['put', `/ls/local/${long}/sub/file`], { client });
    await chubby(['put', '/ls/local/file'], { client });
    const out = join(scratch, 'out');
    const { exitCode, stdout, stderr } = await chubby(['export', '/ls/local', out], { client });
    expect(exitCode).toBe(7);
    expect(stdout).toBe(`exported 1 file (0 bytes) in 0 directories to ${out}\n`);
    expect(stderr).toBe(`left out: ${long}: name too long\n`);
    expect(await readdir(out)).toEqual(['file']);
  });

  it('writes nowhere else, whatever the cell answers', async () => {
    const client = new FakeClient();
    const { list } = client;
    client.list = async (path) => {
      const entries = await list.call(client, path);
      return entries.map((entry) => (entry.name === 'evil' ? { ...entry, name: '../evil' } : entry));
    };
    client.nodes.set('/ls/local/evil', { contents: Buffer.from('x'), generation: 1 });
    client.nodes.set('/ls/local/good', { contents: Buffer.from('y'), generation: 1 });
    const out = join(scratch, 'out');
    const { exitCode, stderr } = await chubby(['export', '/ls/local', out], { client });
    expect(exitCode).toBe(7);
    expect(stderr).toContain('left out: ../evil');
    expect(await readdir(scratch)).toEqual(['out']);
    expect(await readFile(join(out, 'good'), 'utf8')).toBe('y');
  });
});

import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/cli/command-line.js';
import { EXIT_CODES } from '../../../src/cli/exit-codes.js';
import { LOCAL_CELL } from '../../../src/client/index.js';
import { chubby, FakeClient } from './fake-surroundings.js';

const COMMANDS = [
  ...['status', 'doctor', 'why', 'ls', 'cat', 'put', 'mkdir', 'rm', 'stat', 'acl', 'watch', 'lock', 'elect'],
  ...['locks', 'explain', 'sessions', 'keys', 'import', 'export'],
];

async function optionsOf(args: readonly string[], env: Record<string, string> = {}): Promise<FakeClient['options']> {
  const client = new FakeClient();
  await chubby(args, { client, env });
  return client.options;
}

describe('the command line', () => {
  it('means the local cell and fifteen seconds unless it says otherwise', async () => {
    expect(await optionsOf(['ls', '/ls/local'])).toEqual({ cell: LOCAL_CELL, timeoutMs: 15_000 });
  });

  it('takes the cell from the environment, and rather from itself', async () => {
    const env = { CHUBBY_CELL: 'dns:cell:7101' };
    expect(await optionsOf(['ls', '/ls/local'], env)).toMatchObject({ cell: 'dns:cell:7101' });
    expect(await optionsOf(['--cell', 'a:1,b:2', 'ls', '/ls/local'], env)).toMatchObject({ cell: 'a:1,b:2' });
    expect(await optionsOf(['ls', '/ls/local', '--cell=a:1', '--timeout', '0.5'], env)).toEqual({
      cell: 'a:1',
      timeoutMs: 500,
    });
  });

  it('takes an environment that says nothing for none', async () => {
    const env = { CHUBBY_CELL: '', CHUBBY_PRINCIPAL: '' };
    expect(await optionsOf(['ls', '/ls/local'], env)).toEqual({ cell: LOCAL_CELL, timeoutMs: 15_000 });
  });

  it('says who asks, from the environment or rather from itself', async () => {
    const env = { CHUBBY_PRINCIPAL: 'ada' };
    expect(await optionsOf(['ls', '/ls/local'], env)).toMatchObject({ principal: 'ada' });
    expect(await optionsOf(['ls', '/ls/local', '--principal', 'bob'], env)).toMatchObject({ principal: 'bob' });
  });

  it('gives a move of many files more time', async () => {
    expect(await optionsOf(['import', '/nowhere', '/ls/local/x'])).toMatchObject({ timeoutMs: 60_000 });
    expect(await optionsOf(['export', '/ls/local/x', '/nowhere', '--timeout', '5'])).toMatchObject({
      timeoutMs: 5_000,
    });
  });

  it.each([
    [[]],
    [['frobnicate']],
    [['ls']],
    [['ls', '/a', '/b']],
    [['ls', '/a', '--frobnicate']],
    [['ls', '/a', '--timeout', '0']],
    [['ls', '/a', '--timeout', 'soon']],
    [['ls', '/a', '--timeout', '1e3']],
    [['ls', '/a', '--json=yes']],
    [['ls', '/a', '--cell']],
    [['lock', '/ls/local/a']],
    [['lock', '/ls/local/a', '--', '']],
  ])('%j is refused with a sentence and no stack trace', async (args) => {
    const { exitCode, stdout, stderr } = await chubby(args);
    expect(exitCode).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^chubby: .+\n {2}chubby( \w+)? --help shows what it takes\n$/);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it.each([
    [['ls'], 'ls needs <path>: name of a node'],
    [['import'], 'import needs <directory>: what to copy'],
    [['import', 'docs'], 'import needs <path>: where to'],
    [['import', '', '/ls/local/a'], 'import needs <directory>: what to copy'],
    [['ls', '/a', '/b'], 'ls has no use for "/b": chubby ls <path>'],
    [['ls', '--lnog', '/a'], 'ls has no option --lnog; did you mean --long?'],
    [['-l', 'ls', '/a'], 'name the command first, and then its option -l'],
    [['ls', '--recursive', '/a'], 'ls has no option --recursive'],
    [['ls', '-x', '/a'], 'ls has no option -x'],
    [['rm', '--path=/a', '/b'], 'rm has no option --path'],
    [['put', '--ifGeneration', '1', '/a'], 'put has no option --ifGeneration; did you mean --if-generation?'],
    [['ls', '--no-json', '/a'], 'ls has no option --no-json'],
    [['ls', '--json=no', '/a'], 'the option json takes no value'],
    [['ls', '-l5', '/a'], '--long takes no value'],
    [['--', 'ls', '/a'], 'name a command'],
    [['lss', '/a'], 'there is no command "lss"; did you mean "ls"?'],
    [['frobnicate'], 'there is no command "frobnicate"; there are status, doctor, why'],
    [['ls', '/a', '--cell'], '--cell needs a value'],
    [['ls', '/a', '--timeout', '--json'], '--timeout needs a value'],
    [['--cell', '--json', 'ls', '/a'], '--cell needs a value'],
    [['lock', '/a'], 'lock needs a command behind --'],
    [['lock', '--', 'sh', '-c', 'true'], 'lock needs <path>: name of a node'],
    [['ls', '--', '/a', '/b'], 'ls has no use for "/b": chubby ls <path>'],
    [['lock', '/a', 'sh', '-c', 'true'], 'lock needs a command behind --: chubby lock <path> -- <command..>'],
  ])('%j names what is wrong: %s', async (args, words) => {
    expect((await chubby(args)).stderr).toContain(words);
  });

  it.each([
    ['ls', '--cell', 'a:1', 'b:2'],
    ['ls', '--timeout', '1', '2'],
    ['put', '--if-generation', '1', '2'],
    ['lock', '--wait', '1', '1'],
    ['lock', '--lock-delay', '1', '2'],
    ['lock', '--kill-after', '1', '2'],
  ])('%s refuses %s given twice', async (command, option, first, second) => {
    const words = [command, '/ls/local/a', option, first, option, second, '--', 'true'];
    const { exitCode, stderr } = await chubby(command === 'lock' ? words : words.slice(0, 6));
    expect(exitCode).toBe(64);
    expect(stderr).toContain(`${option} is given twice`);
  });

  it.each([
    ['lock', '--wait', 'abc'],
    ['lock', '--wait', '-1'],
    ['lock', '--lock-delay', 'abc'],
    ['lock', '--lock-delay', '61'],
    ['lock', '--kill-after', 'abc'],
    ['lock', '--kill-after', '-5'],
    ['lock', '--kill-after', '0'],
    ['put', '--if-generation', 'abc'],
    ['put', '--if-generation', '1.5'],
    ['put', '--if-generation', '9007199254740992'],
    ['status', '--timeout', '9999999'],
  ])('%s refuses %s %s and says what it takes', async (command, option, value) => {
    const path = command === 'status' ? [] : ['/ls/local/a'];
    const { exitCode, stderr } = await chubby([
      command,
      ...path,
      option,
      value,
      ...(command === 'lock' ? ['--', 'x'] : []),
    ]);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(new RegExp(`^chubby: ${option} takes a .*number.* from .* to .*, not "${value}"`));
  });

  it('takes what stands behind -- for a path, whatever it looks like', async () => {
    const client = new FakeClient();
    await chubby(['put', '--json', '--', '/ls/local/--json', '-'], { client });
    expect(client.nodes.has('/ls/local/--json')).toBe(true);
    expect((await chubby(['import', '--', '-directory', '/ls/local/a'])).stderr).toContain('directory -directory:');
  });

  it('takes a word for what it is, and not for an option or its value', async () => {
    const read = async (file: string, ...more: string[]): Promise<string> =>
      (await chubby(['put', '/ls/local/a', ...more, file])).stderr;
    expect(await read('help')).toContain('cannot read help:');
    expect(await read('true', '--create-only')).toContain('cannot read true:');
    expect(await read('007')).toContain('cannot read 007:');
  });

  it('is refused in JSON where JSON was asked for', async () => {
    const { exitCode, stderr } = await chubby(['ls', '--json']);
    expect(exitCode).toBe(64);
    expect(JSON.parse(stderr)).toMatchObject({ error: { reason: 'USAGE' } });
  });

  it('shows every command and every exit code on request', async () => {
    const { exitCode, stdout } = await chubby(['--help']);
    expect(exitCode).toBe(0);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`chubby ${name}\\s`));
    const words = stdout.replace(/\s+/g, ' ');
    for (const [code, meaning] of EXIT_CODES) expect(words).toContain(`${code} ${meaning}`);
  });

  it('shows the options of one command on request', async () => {
    const { exitCode, stdout } = await chubby(['put', '-h']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^chubby put <path> \[file\]\n/);
    for (const option of ['--create-only', '--if-generation', '--timeout']) expect(stdout).toContain(option);
  });

  it('shows the same when it is asked for help with it', async () => {
    const { exitCode, stdout } = await chubby(['help', 'lock']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe((await chubby(['lock', '--help'])).stdout);
    expect((await chubby(['help', 'lock', '--', 'true'])).stdout).toBe(stdout);
    expect((await chubby(['help'])).stdout).toBe((await chubby(['--help'])).stdout);
    const unknown = await chubby(['help', 'lokc']);
    expect(unknown.exitCode).toBe(64);
    expect(unknown.stderr).toContain('there is no command "lokc"; did you mean "lock"?');
  });

  it('says what is meant unless it is said', async () => {
    const words = (await chubby(['--help'])).stdout.replace(/\s+/g, ' ');
    expect(words).toContain('15 unless given, 60 for import and export');
    expect(words).toContain('CHUBBY_CELL unless given, else the cell of npm start: this machine, ports 7101 to 7105');
    expect(LOCAL_CELL).toMatch(/^127\.0\.0\.1:7101,.*,127\.0\.0\.1:7105$/);
  });

  it.each(COMMANDS)('shows an example of %s that can be typed', async (name) => {
    const { stdout } = await chubby([name, '--help']);
    const [, example = ''] = /^Examples:\n +chubby (.*)$/m.exec(stdout) ?? [];
    expect(example.split(' ')[0]).toBe(name);
    const { stdin, stdout: sink } = process;
    const terminal = { stdin, stdout: sink, stderr: sink, stdinIsTerminal: false, stdoutIsTerminal: false };
    const request = parseCommandLine(example.split(' '), {
      ...terminal,
      stderrIsTerminal: false,
      columns: 80,
      env: {},
    });
    expect(request.kind).toBe('run');
  });

  it('says its version', async () => {
    expect((await chubby(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('gives the client back, whatever happens', async () => {
    const client = new FakeClient();
    await chubby(['cat', '/ls/local/none'], { client });
    expect(client.closed).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../src/cli/exit-codes.js';
import { LOCAL_CELL } from '../../../src/client/index.js';
import { chubby, FakeClient } from './fake-surroundings.js';

async function optionsOf(args: readonly string[], env: Record<string, string> = {}): Promise<FakeClient['options']> {
  const client = new FakeClient();
  await chubby(args, { client, env });
  return client.options;
}

describe('the command line', () => {
  it('means the local cell and ten seconds unless it says otherwise', async () => {
    expect(await optionsOf(['ls', '/ls/local'])).toEqual({ cell: LOCAL_CELL, timeoutMs: 10_000 });
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
    [['lock', '/ls/local/a']],
  ])('%j is refused with a sentence and no stack trace', async (args) => {
    const { exitCode, stdout, stderr } = await chubby(args);
    expect(exitCode).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^chubby: .+\n {2}chubby --help/);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('is refused in JSON where JSON was asked for', async () => {
    const { exitCode, stderr } = await chubby(['ls', '--json']);
    expect(exitCode).toBe(64);
    expect(JSON.parse(stderr)).toMatchObject({ error: { reason: 'USAGE' } });
  });

  it('shows every command and every exit code on request', async () => {
    const { exitCode, stdout } = await chubby(['--help']);
    expect(exitCode).toBe(0);
    for (const name of ['status', 'ls', 'cat', 'put', 'mkdir', 'rm', 'stat', 'lock', 'import', 'export']) {
      expect(stdout).toContain(`chubby ${name} `);
    }
    const words = stdout.replace(/\s+/g, ' ');
    for (const [code, meaning] of EXIT_CODES) expect(words).toContain(`${code} ${meaning}`);
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

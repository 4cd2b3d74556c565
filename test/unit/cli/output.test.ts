import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { chubby } from './fake-surroundings.js';

/** A stdout that fails as the system does. */
function failing(code: string, errno: number): Writable {
  const stdout = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: as Node says it`), { code, errno })),
  });
  stdout.on('error', () => undefined);
  return stdout;
}

const LINES = [['--help'], ['--version'], ['status'], ['mkdir', '/ls/local/a', '--json'], ['ls', '-l', '/ls/local']];

test.each(LINES)('%s says in one line that stdout is full', async (...args) => {
  const { exitCode, stderr } = await chubby(args, { stdout: failing('ENOSPC', -28) });
  expect(exitCode).toBe(1);
  if (args.includes('--json')) expect(JSON.parse(stderr)).toMatchObject({ error: { reason: 'ENOSPC' } });
  else expect(stderr).toBe('chubby: cannot write to stdout: no space left on device\n');
});

test.each(LINES)('%s says nothing to a reader that has gone', async (...args) => {
  expect(await chubby(args, { stdout: failing('EPIPE', -32) })).toMatchObject({ exitCode: 0, stderr: '' });
});

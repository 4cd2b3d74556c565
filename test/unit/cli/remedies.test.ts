import { describe, expect, it } from 'vitest';
import { ChubbyError } from '../../../src/client/index.js';
import { chubby, clientWith, FakeClient } from './fake-surroundings.js';

describe('a remedy', () => {
  const client = clientWith({ '/ls/local/file': 'x', '/ls/local/sub/x': 'y' });
  client.nodes.set('/ls/local/sub', { contents: undefined, generation: 0 });

  it.each([
    ['cat /ls/local/none', 'chubby ls shows what is in a directory'],
    ['cat /ls/local/sub', 'chubby ls lists a directory, chubby export copies one'],
    ['ls /ls/local/none', 'chubby ls shows what is in a directory'],
    ['stat /ls/local/none', 'chubby ls shows what is in a directory'],
    ['rm /ls/local/none', 'chubby ls shows what is in a directory'],
    ['rm /ls/local/sub', 'delete what is in it first, or all of it: chubby rm -r'],
    ['export /ls/local/none /nowhere', 'chubby ls shows what is in a directory'],
    [
      'put /ls/local/none/a',
      'create its directory first: chubby mkdir -p; with --if-generation the file has to be there, too',
    ],
    ['mkdir /ls/local/sub', 'a directory that is there already is no error with -p'],
    ['mkdir /ls/local/none/a', 'create those above it, too: chubby mkdir -p'],
    ['mkdir /ls/local/file', 'a file is in the way: choose another name, or chubby rm the file'],
  ])('of chubby %s is for who typed it', async (line, remedy) => {
    const { stderr } = await chubby(line.split(' '), { client });
    expect(stderr.split('\n')[1]).toBe(`  ${remedy}`);
  });

  it.each([
    ['IS_A_DIRECTORY', /^name a file in it/],
    ['STALE_GENERATION', /^chubby cat shows/],
    ['LIMIT_DATABASE', /^the cell is full/],
  ])("of put for %s is the command's own, or else the cell's", async (reason, remedy) => {
    const refusing = new FakeClient();
    refusing.refusals.set('/ls/local/a', new ChubbyError(reason, 'no'));
    const { stderr } = await chubby(['put', '/ls/local/a', '--json'], { client: refusing });
    expect((JSON.parse(stderr) as { error: { remedy: string } }).error.remedy).toMatch(remedy);
  });

  it('for a file that is too large speaks of files', async () => {
    const { stderr } = await chubby(['put', '/ls/local/a'], { stdin: Buffer.alloc(262_145) });
    expect(stderr).toContain('  keep large things elsewhere');
  });
});

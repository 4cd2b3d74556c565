import { describe, expect, it } from 'vitest';
import { putBack } from '../../../src/cli/tree/put-back.js';
import { ChubbyError } from '../../../src/client/index.js';
import { formerNodes } from '../../../src/offline/former-nodes.js';
import { TestCell as WholeCell } from '../../../src/testing/index.js';
import { begun, readAll } from '../service/taken-backup.js';
import { byName, TestCell } from '../service/test-cell.js';

/** The state of a cell in which a session made these. */
function stateWith(make: (session: ReturnType<TestCell['session']>) => void) {
  const cell = TestCell.reigning();
  make(cell.session());
  return readAll(begun(cell)).state;
}

const directory = (session: ReturnType<TestCell['session']>, name: string) =>
  session.open(name, { create: 'CREATE_MODE_MUST', kind: 'NODE_KIND_DIRECTORY' });
const file = (session: ReturnType<TestCell['session']>, name: string, text: string) =>
  session.do('setContents', { ...byName(name), contents: Buffer.from(text), create: true });

const tree = () =>
  stateWith((session) => {
    directory(session, '/ls/test/d');
    directory(session, '/ls/test/d/empty');
    directory(session, '/ls/test/d/sub');
    file(session, '/ls/test/d/a', 'A');
    file(session, '/ls/test/d/sub/b', 'B');
    file(session, '/ls/test/dd', 'not below');
    session.open('/ls/test/d/here', { create: 'CREATE_MODE_MUST', ephemeral: true });
  });

describe('what was under a name', () => {
  it('is told with all below it but ephemeral nodes, directories first', () => {
    const nodes = formerNodes(tree(), '/ls/local/d');
    expect(nodes.map(({ name, kind, contents }) => [name, kind, Buffer.from(contents).toString()])).toEqual([
      ['/ls/local/d', 'directory', ''],
      ['/ls/local/d/a', 'file', 'A'],
      ['/ls/local/d/empty', 'directory', ''],
      ['/ls/local/d/sub', 'directory', ''],
      ['/ls/local/d/sub/b', 'file', 'B'],
    ]);
  });

  it('is refused where there was nothing, or something ephemeral', () => {
    for (const name of ['/ls/local/none', '/ls/test/d/here']) {
      expect(() => formerNodes(tree(), name)).toThrow('was not there then, or was ephemeral');
    }
    expect(() => formerNodes(tree(), 'd')).toThrow('does not begin with /ls/<cell>');
  });
});

describe('putting it back', () => {
  it('creates it anew with its contents and access lists', async () => {
    const cell = await WholeCell.start();
    const client = cell.client();
    await client.mkdir('/ls/local/acl', { mayExist: true });
    await client.write('/ls/local/acl/list', 'nobody-else\n');
    const acl = { read: '', write: '', changeAcl: 'list' };
    const nodes = formerNodes(tree(), '/ls/local/d').map((node) => ({ ...node, acl }));
    const created: string[] = [];
    await putBack(client, nodes, ({ name }) => void created.push(name));
    expect(created).toEqual(nodes.map(({ name }) => name));
    const { contents, stat } = await client.read('/ls/local/d/sub/b');
    expect(Buffer.from(contents).toString()).toBe('B');
    expect(stat.acl).toEqual(acl);
    await cell.stop();
  });

  it('is refused where the name exists, and changes nothing', async () => {
    const cell = await WholeCell.start();
    const client = cell.client();
    await client.write('/ls/local/d', 'another');
    const created: string[] = [];
    const error = await putBack(
      client,
      formerNodes(tree(), '/ls/local/d'),
      ({ name }) => void created.push(name),
    ).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChubbyError);
    expect((error as ChubbyError).reason).toBe('ALREADY_EXISTS');
    expect(created).toEqual([]);
    expect(Buffer.from((await client.read('/ls/local/d')).contents).toString()).toBe('another');
    await cell.stop();
  });
});

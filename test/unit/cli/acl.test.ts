import { expect, it } from 'vitest';
import { chubby, clientWith } from './fake-surroundings.js';

it('shows the names of the access lists', async () => {
  const client = clientWith({ '/ls/local/a': 'x' });
  client.acls.set('/ls/local/a', { acl: { read: '', write: 'team', changeAcl: 'root' }, generation: 4 });
  const { exitCode, stdout } = await chubby(['acl', 'get', '/ls/local/a'], { client });
  expect(exitCode).toBe(0);
  expect(stdout).toBe('ACCESS\tLIST\nread\t(everybody)\nwrite\tteam\nchange ACL\troot\n');
  const { stdout: json } = await chubby(['acl', 'get', '/ls/local/a', '--json'], { client });
  expect(JSON.parse(json)).toEqual({
    path: '/ls/local/a',
    acl: { read: '', write: 'team', changeAcl: 'root' },
    aclGeneration: 4,
  });
});

it('changes the names that are given, and leaves the others', async () => {
  const client = clientWith({ '/ls/local/a': 'x' });
  client.acls.set('/ls/local/a', { acl: { read: 'all', write: 'team', changeAcl: 'root' }, generation: 4 });
  const { exitCode, stdout } = await chubby(['acl', 'set', '/ls/local/a', '--read', '', '--write', 'ops'], { client });
  expect([exitCode, stdout]).toEqual([0, '']);
  expect(client.acls.get('/ls/local/a')).toEqual({ acl: { read: '', write: 'ops', changeAcl: 'root' }, generation: 5 });
});

it('does not overwrite what somebody else changed in between', async () => {
  const client = clientWith({ '/ls/local/a': 'x' });
  const changing = chubby(['acl', 'set', '/ls/local/a', '--write', 'ops'], { client });
  const raced = client.stat.bind(client);
  client.stat = async (name) => {
    const before = await raced(name);
    client.acls.set(name, { acl: { read: '', write: 'other', changeAcl: '' }, generation: 9 });
    return before;
  };
  const { exitCode, stderr } = await changing;
  expect(exitCode).toBe(1);
  expect(stderr).toContain('chubby acl get shows the names as they are now');
  expect(client.acls.get('/ls/local/a')!.acl.write).toBe('other');
});

it.each([
  [['acl', 'set', '/ls/local/a'], 'acl set changes nothing'],
  [['acl', 'get', '/ls/local/a', '--read', 'x'], 'acl get takes none of'],
  [['acl', 'gett', '/ls/local/a'], 'there is no "acl gett"; did you mean "get"?'],
  [['acl', '/ls/local/a'], 'acl needs <path>'],
])('refuses %j: %s', async (args, words) => {
  const { exitCode, stderr } = await chubby(args, { client: clientWith({ '/ls/local/a': 'x' }) });
  expect(exitCode).toBe(64);
  expect(stderr).toContain(words);
});

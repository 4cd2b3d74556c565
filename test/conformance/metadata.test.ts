// What the cell says of a node. ([CH] 2.2)
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { section } from './harness/suite.js';

const EVERYTHING = { read: true, write: true, changeAcl: true } as const;
const OPEN_TO_ALL = { read: '', write: '', changeAcl: '' };

section('metadata', (it) => {
  it('CH 2.2: a node made again under the name of a deleted one has a greater instance number', async (scene) => {
    const client = scene.client();
    const name = scene.path('file');
    const first = await client.write(name, 'a');
    await client.delete(name);
    const second = await client.write(name, 'a');
    expect(second.instanceNumber).toBeGreaterThan(first.instanceNumber);
  });

  it('CH 2.2: what happens to a node does not change its instance number', async (scene) => {
    const client = scene.client();
    const handle = await client.open(scene.path('file'), { ...EVERYTHING, create: 'must' });
    await handle.setContents('new');
    await handle.acquire();
    await handle.setAcl({ read: '', write: '', changeAcl: '' });
    expect((await handle.getStat()).instanceNumber).toBe(handle.stat.instanceNumber);
  });

  it('CH 2.2: a file begins with content generation 1', async (scene) => {
    const { stat } = await scene.client().open(scene.path('file'), { create: 'must', initialContents: 'begin' });
    expect(stat.contentGeneration).toBe(1);
  });

  it('CH 2.2: each write makes the content generation one greater, also of the same contents', async (scene) => {
    const client = scene.client();
    const name = scene.path('file');
    await client.write(name, 'same');
    expect((await client.write(name, 'same')).contentGeneration).toBe(2);
    expect((await client.write(name, 'same')).contentGeneration).toBe(3);
  });

  it('CH 2.2: a directory has no content generation, no checksum and no length', async (scene) => {
    const stat = await scene.client().mkdir(scene.path('directory'));
    expect(stat).toMatchObject({ kind: 'directory', contentGeneration: 0, contentChecksum: '', lengthBytes: 0 });
  });

  it('CH 2.2: the lock generation grows when the lock goes from free to held', async (scene) => {
    const handle = await scene.client().open(scene.path('file'), { write: true, create: 'must' });
    expect(handle.stat.lockGeneration).toBe(0);
    expect(await handle.acquire()).toEqual({ granted: true, lockGeneration: 1 });
    await handle.release();
    expect(await handle.acquire()).toEqual({ granted: true, lockGeneration: 2 });
    expect((await handle.getStat()).lockGeneration).toBe(2);
  });

  it('CH 2.2: the lock generation stays when another one shares the held lock, and at its release', async (scene) => {
    const name = scene.path('file');
    const first = await scene.client().open(name, { write: true, create: 'must' });
    const second = await scene.client().open(name, { write: true });
    await first.acquire({ mode: 'shared' });
    expect(await second.acquire({ mode: 'shared' })).toEqual({ granted: true, lockGeneration: 1 });
    await first.release();
    await second.release();
    expect((await first.getStat()).lockGeneration).toBe(1);
  });

  it('CH 2.2: the ACL generation grows with each change of the names of access lists', async (scene) => {
    const handle = await scene.client().open(scene.path('file'), { ...EVERYTHING, create: 'must' });
    const changed = await handle.setAcl(OPEN_TO_ALL);
    expect(changed.aclGeneration).toBe(handle.stat.aclGeneration + 1);
    expect((await handle.setAcl(OPEN_TO_ALL)).aclGeneration).toBe(handle.stat.aclGeneration + 2);
  });

  it('CH 2.2: contents, lock and access lists have generations of their own', async (scene) => {
    const handle = await scene.client().open(scene.path('file'), { ...EVERYTHING, create: 'must' });
    const { aclGeneration } = handle.stat;
    await handle.setContents('x');
    expect(await handle.getStat()).toMatchObject({ contentGeneration: 2, lockGeneration: 0, aclGeneration });
    await handle.acquire();
    expect(await handle.getStat()).toMatchObject({ contentGeneration: 2, lockGeneration: 1, aclGeneration });
  });

  it('CH 2.2: the content checksum is of the contents, and equal contents have equal ones', async (scene) => {
    const client = scene.client();
    const sum = createHash('sha256').update('contents').digest('hex').slice(0, 16);
    expect((await client.write(scene.path('one'), 'contents')).contentChecksum).toBe(sum);
    expect((await client.write(scene.path('two'), 'contents')).contentChecksum).toBe(sum);
    expect((await client.write(scene.path('two'), 'Contents')).contentChecksum).not.toBe(sum);
  });

  it('DESIGN 5: the revision of a node is that of its last change, and greater than every earlier one', async (scene) => {
    const client = scene.client();
    const one = await client.write(scene.path('one'), 'a');
    const two = await client.write(scene.path('two'), 'a');
    expect(two.revision).toBeGreaterThan(one.revision);
    const again = await client.write(scene.path('one'), 'b');
    expect(again.revision).toBeGreaterThan(two.revision);
    expect((await client.stat(scene.path('two'))).revision).toBe(two.revision);
  });

  it('CH 2.2: a directory counts its children', async (scene) => {
    const client = scene.client();
    await client.mkdir(scene.path('directory'));
    await client.write(scene.path('directory/a'), '');
    await client.mkdir(scene.path('directory/b'));
    await client.write(scene.path('directory/b/c'), '');
    expect((await client.stat(scene.path('directory'))).childCount).toBe(2);
    await client.delete(scene.path('directory/a'));
    expect((await client.stat(scene.path('directory'))).childCount).toBe(1);
  });

  it('CH 2.2: metadata say whether a node is ephemeral', async (scene) => {
    const client = scene.client();
    const gone = await client.open(scene.path('gone'), { create: 'must', ephemeral: true });
    const stays = await client.open(scene.path('stays'), { create: 'must' });
    expect((await gone.getStat()).ephemeral).toBe(true);
    expect((await stays.getStat()).ephemeral).toBe(false);
  });

  it('CH 2.2: the metadata tell the length of the contents in bytes', async (scene) => {
    expect((await scene.client().write(scene.path('file'), 'grün')).lengthBytes).toBe(5);
  });

  it('CH 2.2: a node takes the names of its access lists from its directory', async (scene) => {
    const client = scene.client();
    const acl = { read: '', write: 'writers', changeAcl: 'changers' };
    // Nobody may write below it any more but whom the list names: this client's principal.
    await client.write('/ls/local/acl/writers', 'anybody\n');
    await client.write('/ls/local/acl/changers', 'anybody\n');
    await client.open(scene.path('directory'), { create: 'must', kind: 'directory', acl });
    const file = await client.open(scene.path('directory/file'), { create: 'must' });
    expect(file.stat.acl).toEqual(acl);
  });

  it('CH 2.2: a node may be made with access lists of its own', async (scene) => {
    const client = scene.client();
    await client.write('/ls/local/acl/readers', 'anybody\n');
    const acl = { read: 'readers', write: '', changeAcl: '' };
    const file = await client.open(scene.path('file'), { create: 'must', acl });
    expect(file.stat.acl).toEqual(acl);
    expect((await client.stat(scene.path('file'))).acl).toEqual(acl);
  });
});

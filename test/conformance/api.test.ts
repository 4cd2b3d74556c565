// The calls on names, files and directories. ([CH] 2.2, 2.6)
import { expect } from 'vitest';
import { reasonOf } from './harness/scene.js';
import { section } from './harness/suite.js';

section('calls', (it) => {
  // --- Open ---

  it('CH 2.6: Open opens a node by its name, and says that it was not created', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), 'there');
    const handle = await client.open(scene.path('file'));
    expect(handle.created).toBe(false);
    expect((await handle.getContentsAndStat()).contents.toString()).toBe('there');
  });

  it('CH 2.6: Open of a name without a node is refused unless it may create one', async (scene) => {
    const client = scene.client();
    expect(await reasonOf(client.open(scene.path('file')))).toBe('NOT_FOUND');
    expect(await reasonOf(client.open(scene.path('file'), { create: 'may' }))).toBe('none');
  });

  it('CH 2.6: Open that may create says whether it did', async (scene) => {
    const client = scene.client();
    expect((await client.open(scene.path('file'), { create: 'may' })).created).toBe(true);
    expect((await client.open(scene.path('file'), { create: 'may' })).created).toBe(false);
  });

  it('CH 2.6: Open that must create is refused where there is a node', async (scene) => {
    const client = scene.client();
    await client.open(scene.path('file'), { create: 'must' });
    expect(await reasonOf(client.open(scene.path('file'), { create: 'must' }))).toBe('ALREADY_EXISTS');
  });

  it('CH 2.6: of many clients that must create one name exactly one does', async (scene) => {
    const clients = Array.from({ length: 5 }, () => scene.client());
    const opened = clients.map((client) => reasonOf(client.open(scene.path('file'), { create: 'must' })));
    const reasons = await scene.until(Promise.all(opened));
    expect(reasons.toSorted()).toEqual([...Array<string>(4).fill('ALREADY_EXISTS'), 'none']);
  });

  it('CH 2.6: a new file has the initial contents that Open was given', async (scene) => {
    const client = scene.client();
    await client.open(scene.path('file'), { create: 'must', initialContents: 'begin' });
    expect((await client.read(scene.path('file'))).contents.toString()).toBe('begin');
  });

  it('CH 2.6: initial contents are not written into a file that was there', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), 'old');
    await client.open(scene.path('file'), { create: 'may', initialContents: 'new' });
    expect((await client.read(scene.path('file'))).contents.toString()).toBe('old');
  });

  it('CH 2.6: Open does not create the directories on the way', async (scene) => {
    const client = scene.client();
    expect(await reasonOf(client.open(scene.path('no/file'), { create: 'may' }))).toBe('NOT_FOUND');
    expect(await reasonOf(client.read(scene.path('no')))).toBe('NOT_FOUND');
  });

  it('CH 2.2: a file has no children', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), '');
    expect(await reasonOf(client.write(scene.path('file/child'), ''))).toBe('NOT_A_DIRECTORY');
  });

  it('CH 2.6: Open takes a name relative to the handle of a directory', async (scene) => {
    const client = scene.client();
    const directory = await client.open(scene.path('directory'), { create: 'must', kind: 'directory', write: true });
    const inner = await directory.open('inner', { create: 'must', kind: 'directory', write: true });
    const file = await directory.open('inner/file', { create: 'must', initialContents: 'below' });
    expect(inner.name).toBe(scene.wholeName('directory/inner'));
    expect(file.name).toBe(scene.wholeName('directory/inner/file'));
    expect((await client.read(scene.path('directory/inner/file'))).contents.toString()).toBe('below');
  });

  it('CH 2.6: a relative Open is of the directory that was opened, not of a later one of its name', async (scene) => {
    const client = scene.client();
    const directory = await client.open(scene.path('directory'), { create: 'must', kind: 'directory', write: true });
    await client.delete(scene.path('directory'));
    await client.mkdir(scene.path('directory'));
    expect(await reasonOf(directory.open('file', { create: 'must' }))).toBe('INSTANCE_GONE');
    expect(await client.list(scene.path('directory'))).toEqual([]);
  });

  it('CH 2.6: a relative Open leads below a directory only', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), '');
    const file = await client.open(scene.path('file'), { write: true });
    expect(await reasonOf(file.open('child', { create: 'must' }))).toBe('NOT_A_DIRECTORY');
    const directory = await client.open(scene.directory, { write: true });
    expect(await reasonOf(directory.open('../escaped', { create: 'must' }))).toBe('MALFORMED_NAME');
    expect(await reasonOf(directory.open('/ls/local/escaped', { create: 'must' }))).toBe('MALFORMED_NAME');
  });

  it('CH 2.6: the root is always there', async (scene) => {
    const root = await scene.client().open('/ls/local');
    expect(root.stat.kind).toBe('directory');
    expect(root.created).toBe(false);
  });

  it('CH 2.2: /ls/local and /ls/<cell> name the same node', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), 'one');
    expect((await client.read(scene.wholeName('file'))).contents.toString()).toBe('one');
  });

  it('CH 2.2: the name of another cell is refused', async (scene) => {
    expect(await reasonOf(scene.client().read('/ls/elsewhere/file'))).toBe('WRONG_CELL');
  });

  it('DESIGN 5: sequential creation counts up, and never names two nodes alike', async (scene) => {
    const [one, two] = [scene.client(), scene.client()];
    const opening = { create: 'must', sequential: true } as const;
    const opened = await scene.until(
      Promise.all([one, two, one, two].map((client) => client.open(scene.path('entry-'), opening))),
    );
    const names = opened.map(({ name }) => name).toSorted();
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name.slice(0, -10)).toBe(scene.wholeName('entry-'));
    await one.delete(names[3]!);
    const later = await one.open(scene.path('entry-'), opening);
    expect(later.name > names[3]!).toBe(true);
  });

  // --- contents ---

  it('CH 2.6: GetContentsAndStat gives contents and metadata of one moment', async (scene) => {
    const client = scene.client();
    const name = scene.path('file');
    let { contentGeneration } = await client.write(name, '1');
    const writer = scene.client();
    const writes = (async () => {
      for (let count = 2; count <= 20; count++) ({ contentGeneration } = await writer.write(name, `${count}`));
    })();
    for (let reads = 0; reads < 20; reads++) {
      const { contents, stat } = await client.read(name);
      expect(stat.contentGeneration).toBe(Number(contents.toString()));
    }
    await scene.until(writes);
    expect(contentGeneration).toBe(20);
  });

  it('CH 2.2: a write replaces the whole file', async (scene) => {
    const client = scene.client();
    const handle = await client.open(scene.path('file'), { create: 'must', write: true, initialContents: 'longer' });
    await handle.setContents('new');
    expect((await handle.getContentsAndStat()).contents.toString()).toBe('new');
    await handle.setContents('');
    expect((await handle.getContentsAndStat()).contents.length).toBe(0);
  });

  it('CH 2.2: contents are bytes, whatever they mean', async (scene) => {
    const client = scene.client();
    const bytes = Buffer.from([0, 255, 10, 13, 0xc3, 0x28, 0]);
    await client.write(scene.path('file'), bytes);
    expect((await client.read(scene.path('file'))).contents).toEqual(bytes);
  });

  it('CH 2.6: SetContents with a content generation writes only at that generation', async (scene) => {
    const client = scene.client();
    const name = scene.path('file');
    await client.write(name, 'first');
    expect((await client.write(name, 'second', { ifContentGeneration: 1 })).contentGeneration).toBe(2);
    expect(await reasonOf(client.write(name, 'third', { ifContentGeneration: 1 }))).toBe('STALE_GENERATION');
    expect((await client.read(name)).contents.toString()).toBe('second');
  });

  it('CH 2.6: of two writers that compare and swap at one generation one is refused', async (scene) => {
    const name = scene.path('file');
    const [one, two] = [scene.client(), scene.client()];
    const { contentGeneration } = await one.write(name, 'first');
    const writes = [one, two].map((client) =>
      reasonOf(client.write(name, 'second', { ifContentGeneration: contentGeneration })),
    );
    expect((await scene.until(Promise.all(writes))).toSorted()).toEqual(['STALE_GENERATION', 'none']);
  });

  it('CH 2.1: who was told that a write is done, and whoever he tells, reads it', async (scene) => {
    const [writer, reader] = [scene.client(), scene.client()];
    const name = scene.path('file');
    for (let count = 0; count < 10; count++) {
      await writer.write(name, `${count}`);
      expect((await reader.read(name)).contents.toString()).toBe(`${count}`);
    }
  });

  it('CH 2.6: a directory has no contents to read or write', async (scene) => {
    const client = scene.client();
    expect(await reasonOf(client.read(scene.directory))).toBe('IS_A_DIRECTORY');
    expect(await reasonOf(client.write(scene.directory, 'x'))).toBe('IS_A_DIRECTORY');
  });

  it('CH 2.6: GetStat gives the metadata of files and directories', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), 'four');
    expect(await client.stat(scene.path('file'))).toMatchObject({ kind: 'file', lengthBytes: 4 });
    expect(await client.stat(scene.directory)).toMatchObject({ kind: 'directory', childCount: 1 });
  });

  // --- directories ---

  it('CH 2.6: ReadDir gives the names and metadata of the children, and of nothing below', async (scene) => {
    const client = scene.client();
    await client.mkdir(scene.path('b'));
    await client.write(scene.path('b/below'), '');
    await client.write(scene.path('a'), 'four');
    const entries = await client.list(scene.directory);
    expect(entries.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(entries[0]!.stat).toEqual(await client.stat(scene.path('a')));
    expect(entries[1]!.stat).toEqual(await client.stat(scene.path('b')));
  });

  it('CH 2.6: ReadDir of a file is refused', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), '');
    expect(await reasonOf(client.list(scene.path('file')))).toBe('NOT_A_DIRECTORY');
  });

  it('DESIGN 5: a page of a listing is refused when the directory changed since the page before', async (scene) => {
    const client = scene.client();
    for (const name of ['a', 'b', 'c']) await client.write(scene.path(name), '');
    const session = await scene.rawSession();
    const target = { target: 'name', name: scene.directory } as const;
    const none = Buffer.alloc(0);
    const first = await session.call('readDir', { ...target, limit: 2, pageToken: none });
    expect(first.entries.map(({ name }) => name)).toEqual(['a', 'b']);
    const second = await session.call('readDir', { ...target, limit: 2, pageToken: first.nextPageToken });
    expect(second.entries.map(({ name }) => name)).toEqual(['c']);
    expect(second.nextPageToken.length).toBe(0);
    await client.write(scene.path('d'), '');
    const { reason } = await session.refusal('readDir', { ...target, limit: 2, pageToken: first.nextPageToken });
    expect(reason).toBe('LISTING_CHANGED');
  });

  // --- Delete ---

  it('CH 2.6: Delete removes a node without children', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), '');
    await client.mkdir(scene.path('directory'));
    await client.delete(scene.path('file'));
    await client.delete(scene.path('directory'));
    expect(await client.list(scene.directory)).toEqual([]);
    expect(await reasonOf(client.delete(scene.path('file')))).toBe('NOT_FOUND');
  });

  it('CH 2.6: Delete of a directory with children is refused', async (scene) => {
    const client = scene.client();
    await client.mkdir(scene.path('directory'));
    await client.write(scene.path('directory/child'), '');
    expect(await reasonOf(client.delete(scene.path('directory')))).toBe('NOT_EMPTY');
    await client.delete(scene.path('directory/child'));
    expect(await reasonOf(client.delete(scene.path('directory')))).toBe('none');
  });

  it('DESIGN 5: the root and the directory of access lists cannot be deleted', async (scene) => {
    const client = scene.client();
    expect(await reasonOf(client.delete('/ls/local'))).toBe('PROTECTED_NODE');
    expect(await reasonOf(client.delete('/ls/local/acl'))).toBe('PROTECTED_NODE');
  });

  // --- ephemeral nodes ---

  it('CH 2.2: an ephemeral file goes when it is not open any more', async (scene) => {
    const client = scene.client();
    const handle = await client.open(scene.path('file'), { create: 'must', ephemeral: true });
    const again = await client.open(scene.path('file'));
    await handle.close();
    expect(await reasonOf(client.stat(scene.path('file')))).toBe('none');
    await again.close();
    expect(await reasonOf(client.stat(scene.path('file')))).toBe('NOT_FOUND');
  });

  it('CH 2.2: an ephemeral file goes with the session that made it', async (scene) => {
    const maker = scene.client();
    await maker.open(scene.path('file'), { create: 'must', ephemeral: true });
    const other = scene.client();
    expect(await reasonOf(other.stat(scene.path('file')))).toBe('none');
    await scene.until(maker.close());
    expect(await reasonOf(other.stat(scene.path('file')))).toBe('NOT_FOUND');
  });

  it('CH 2.2: an ephemeral directory stays as long as it has children', async (scene) => {
    const maker = scene.client();
    await maker.open(scene.path('directory'), { create: 'must', ephemeral: true, kind: 'directory' });
    const other = scene.client();
    await other.write(scene.path('directory/child'), '');
    await scene.until(maker.close());
    expect(await reasonOf(other.stat(scene.path('directory')))).toBe('none');
    await other.delete(scene.path('directory/child'));
    expect(await reasonOf(other.stat(scene.path('directory')))).toBe('NOT_FOUND');
  });

  it('CH 2.2: a permanent file stays when it is not open any more', async (scene) => {
    const maker = scene.client();
    await maker.open(scene.path('file'), { create: 'must' });
    await scene.until(maker.close());
    expect(await reasonOf(scene.client().stat(scene.path('file')))).toBe('none');
  });

  // --- MultiOp ---

  it('PML 4: MultiOp does its first list when all guards hold, its second otherwise', async (scene) => {
    const client = scene.client();
    const name = scene.path('primary');
    const wanted = (contents: string) =>
      ({ guards: [{ absent: name }], then: [{ create: name, contents }], else: [{ read: name }] }) as const;
    const first = await client.multiOp(wanted('me'));
    expect(first).toMatchObject({ held: true, guards: [true] });
    const second = await client.multiOp(wanted('you'));
    expect(second).toMatchObject({ held: false, guards: [false] });
    expect(second.held ? undefined : second.results[0]?.contents.toString()).toBe('me');
  });

  it('PML 4: all guards are tested, and each says whether it held', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('there'), 'x');
    const { held, guards } = await client.multiOp({
      guards: [
        { exists: scene.path('there') },
        { exists: scene.path('absent') },
        { name: scene.path('there'), contentGeneration: 1 },
        { name: scene.path('there'), contentGeneration: 2 },
      ],
    });
    expect(held).toBe(false);
    expect(guards).toEqual([true, false, true, false]);
  });

  it('PML 4: MultiOp does all of its operations or none', async (scene) => {
    const client = scene.client();
    await client.mkdir(scene.path('full'));
    await client.write(scene.path('full/child'), '');
    const refused = client.multiOp({ then: [{ create: scene.path('new') }, { delete: scene.path('full') }] });
    expect(await reasonOf(refused)).toBe('NOT_EMPTY');
    expect(await reasonOf(client.stat(scene.path('new')))).toBe('NOT_FOUND');
    const { results } = await client.multiOp({
      then: [{ create: scene.path('new') }, { delete: scene.path('full/child') }],
    });
    expect(results.length).toBe(2);
    expect(await reasonOf(client.stat(scene.path('full/child')))).toBe('NOT_FOUND');
  });

  it('DESIGN 5: what a MultiOp changes has one revision', async (scene) => {
    const client = scene.client();
    const { revision } = await client.multiOp({
      then: [{ create: scene.path('one') }, { create: scene.path('two') }],
    });
    expect((await client.stat(scene.path('one'))).revision).toBe(revision);
    expect((await client.stat(scene.path('two'))).revision).toBe(revision);
  });

  it('DESIGN 5: a sequencer guards a MultiOp, and fails it once the lock is lost', async (scene) => {
    const client = scene.client();
    const lock = await client.open(scene.path('lock'), { create: 'must', write: true });
    await lock.acquire();
    const guards = [{ sequencer: await lock.getSequencer() }];
    const write = { guards, then: [{ create: scene.path('under-lock') }], else: [] } as const;
    expect((await client.multiOp(write)).held).toBe(true);
    await lock.release();
    expect((await client.multiOp(write)).held).toBe(false);
  });

  // --- access lists ---

  it('CH 2.6: SetACL replaces the names of a node’s access lists', async (scene) => {
    const client = scene.client();
    await client.write('/ls/local/acl/everybody', 'anybody\n');
    const handle = await client.open(scene.path('file'), { create: 'must', changeAcl: true });
    const acl = { read: 'everybody', write: '', changeAcl: 'everybody' };
    expect((await handle.setAcl(acl)).acl).toEqual(acl);
    expect((await client.stat(scene.path('file'))).acl).toEqual(acl);
  });

  it('CH 2.6: SetACL with an ACL generation changes only at that generation', async (scene) => {
    const client = scene.client();
    const handle = await client.open(scene.path('file'), { create: 'must', changeAcl: true });
    const { aclGeneration } = handle.stat;
    const everybody = { read: '', write: '', changeAcl: '' };
    await handle.setAcl(everybody, { ifAclGeneration: aclGeneration });
    const stale = handle.setAcl(everybody, { ifAclGeneration: aclGeneration });
    expect(await reasonOf(stale)).toBe('STALE_GENERATION');
  });

  it('CH 2.2: access lists of a directory do not change with those of its parent', async (scene) => {
    const client = scene.client();
    await client.write('/ls/local/acl/everybody', 'anybody\n');
    await client.mkdir(scene.path('directory'));
    const before = await client.write(scene.path('directory/file'), '');
    const directory = await client.open(scene.path('directory'), { changeAcl: true });
    await directory.setAcl({ read: 'everybody', write: '', changeAcl: '' });
    expect((await client.stat(scene.path('directory/file'))).acl).toEqual(before.acl);
    expect((await client.write(scene.path('directory/later'), '')).acl.read).toBe('everybody');
  });

  it('DESIGN 5: a MultiOp asks for the same access as its single calls', async (scene) => {
    const client = scene.client();
    await client.write('/ls/local/acl/nobody-here', 'somebody-else\n');
    const acl = { read: '', write: 'nobody-here', changeAcl: '' };
    await client.open(scene.path('file'), { create: 'must', acl });
    const refused = client.multiOp({
      then: [{ create: scene.path('new') }, { setContents: scene.path('file'), contents: 'x' }],
    });
    expect(await reasonOf(refused)).toBe('ACCESS_DENIED');
    expect(await reasonOf(client.stat(scene.path('new')))).toBe('NOT_FOUND');
  });

  // --- every call ---

  it('CH 2.6: calls fail once the node is deleted, even where it was made again', async (scene) => {
    const client = scene.client();
    const name = scene.path('file');
    const handle = await client.open(name, { create: 'must', write: true });
    await client.delete(name);
    await client.write(name, 'another');
    expect(await reasonOf(handle.getStat())).toBe('INSTANCE_GONE');
    expect(await reasonOf(handle.setContents('x'))).toBe('INSTANCE_GONE');
    expect(await reasonOf(handle.tryAcquire())).toBe('INSTANCE_GONE');
    expect((await client.read(name)).contents.toString()).toBe('another');
  });

  it('CH 2.6: a call may be made without waiting for it, and its outcome asked for later', async (scene) => {
    const client = scene.client();
    const names = Array.from({ length: 20 }, (_, index) => scene.path(`file-${index}`));
    const written = names.map((name) => client.write(name, name));
    const stats = await scene.until(Promise.all(written));
    expect(new Set(stats.map(({ instanceNumber }) => instanceNumber)).size).toBe(20);
  });

  it('CH 2.6: a call that fails says why, and what to do', async (scene) => {
    const failed: unknown = await scene
      .client()
      .read(scene.path('absent'))
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ reason: 'NOT_FOUND', code: 5 });
    expect((failed as Error).message).toContain('absent');
    expect((failed as { remedy: string }).remedy).not.toBe('');
  });

  it('DESIGN 4: a request that is sent again under its number is executed once', async (scene) => {
    const session = await scene.rawSession();
    const request = { target: 'name', name: scene.path('file'), contents: Buffer.from('once'), create: true } as const;
    const first = await session.call('setContents', request, { number: 1 });
    const second = await session.call('setContents', request, { number: 1 });
    expect(second).toEqual(first);
    expect((await scene.client().stat(scene.path('file'))).contentGeneration).toBe(1);
  });

  it('DESIGN 4: a request whose answer was acknowledged is not executed again', async (scene) => {
    const session = await scene.rawSession();
    const request = { target: 'name', name: scene.path('file'), contents: Buffer.from('once'), create: true } as const;
    await session.call('setContents', request, { number: 1 });
    await session.call('setContents', request, { number: 2, acknowledged: 1 });
    const { reason } = await session.refusal('setContents', request, { number: 1, acknowledged: 1 });
    expect(reason).toBe('REQUEST_FORGOTTEN');
    expect((await scene.client().stat(scene.path('file'))).contentGeneration).toBe(2);
  });
});

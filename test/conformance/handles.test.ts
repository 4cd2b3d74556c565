// Handles: what an Open gives, and what is made of it. ([CH] 2.2, 2.6; DESIGN 5)
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { TestCell } from '../../src/testing/index.js';
import { CreateMode, LockMode } from '../../src/wire/types.js';
import { RawSession } from './harness/raw-session.js';
import { reasonOf } from './harness/scene.js';
import { section } from './harness/suite.js';

const EVERYTHING = { read: true, write: true, changeAcl: true } as const;
const OPEN_TO_ALL = { read: '', write: '', changeAcl: '' };

const statOf = (handle: Buffer) => ({ target: 'handle', handle }) as const;

section('handles', (it) => {
  it('CH 2.2: a handle without the use `write` writes nothing', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), 'old');
    const handle = await client.open(scene.path('file'), { ...EVERYTHING, write: false });
    expect(await reasonOf(handle.setContents('new'))).toBe('MODE_FORBIDS');
    expect(await reasonOf(handle.delete())).toBe('MODE_FORBIDS');
    expect((await client.read(scene.path('file'))).contents.toString()).toBe('old');
  });

  it('CH 2.2: a handle without the use `read` reads nothing', async (scene) => {
    const client = scene.client();
    await client.mkdir(scene.path('directory'));
    await client.write(scene.path('file'), 'secret');
    const file = await client.open(scene.path('file'), { ...EVERYTHING, read: false });
    const directory = await client.open(scene.path('directory'), { ...EVERYTHING, read: false });
    expect(await reasonOf(file.getContentsAndStat())).toBe('MODE_FORBIDS');
    expect(await reasonOf(file.getStat())).toBe('MODE_FORBIDS');
    expect(await reasonOf(directory.readDir())).toBe('MODE_FORBIDS');
  });

  it('CH 2.2: a handle without the use `changeAcl` changes no access lists', async (scene) => {
    const client = scene.client();
    const handle = await client.open(scene.path('file'), { ...EVERYTHING, changeAcl: false, create: 'must' });
    expect(await reasonOf(handle.setAcl(OPEN_TO_ALL))).toBe('MODE_FORBIDS');
    expect((await handle.getStat()).aclGeneration).toBe(handle.stat.aclGeneration);
  });

  it('CH 2.2: access is checked when a handle is opened, against the lists of the node', async (scene) => {
    const client = scene.client();
    await client.write('/ls/local/acl/nobody-here', 'somebody-else\n');
    const acl = { read: '', write: 'nobody-here', changeAcl: '' };
    await client.open(scene.path('file'), { create: 'must', acl });
    expect(await reasonOf(client.open(scene.path('file'), { write: true }))).toBe('ACCESS_DENIED');
    expect(await reasonOf(client.open(scene.path('file')))).toBe('none');
    expect(await reasonOf(client.write(scene.path('file'), 'x'))).toBe('ACCESS_DENIED');
  });

  it('CH 2.2: who may not read a node may not open it to read, nor read it by name', async (scene) => {
    const client = scene.client();
    await client.write('/ls/local/acl/nobody-here', 'somebody-else\n');
    const acl = { read: 'nobody-here', write: '', changeAcl: '' };
    await client.open(scene.path('file'), { create: 'must', read: false, acl });
    expect(await reasonOf(client.open(scene.path('file')))).toBe('ACCESS_DENIED');
    expect(await reasonOf(client.read(scene.path('file')))).toBe('ACCESS_DENIED');
    expect(await reasonOf(client.stat(scene.path('file')))).toBe('ACCESS_DENIED');
  });

  it('CH 2.2: a list that has no file cannot be named, and one that lost its file admits nobody', async (scene) => {
    const client = scene.client();
    const acl = { read: 'short-lived', write: '', changeAcl: '' };
    const make = () => client.open(scene.path('file'), { create: 'must', acl });
    expect(await reasonOf(make())).toBe('NOT_FOUND');
    await client.write('/ls/local/acl/short-lived', 'anybody\n');
    const file = await make();
    expect(await reasonOf(client.open(scene.path('file')))).toBe('none');
    await client.delete('/ls/local/acl/short-lived');
    expect(await reasonOf(client.open(scene.path('file')))).toBe('ACCESS_DENIED');
    expect(await reasonOf(file.getStat())).toBe('none');
  });

  it('CH 2.2: a handle goes on after the access lists were changed: access is checked at Open alone', async (scene) => {
    const client = scene.client();
    await client.write('/ls/local/acl/nobody-here', 'somebody-else\n');
    const handle = await client.open(scene.path('file'), { ...EVERYTHING, create: 'must' });
    await handle.setAcl({ read: 'nobody-here', write: 'nobody-here', changeAcl: '' });
    expect(await reasonOf(handle.setContents('still'))).toBe('none');
    expect((await handle.getContentsAndStat()).contents.toString()).toBe('still');
    expect(await reasonOf(client.open(scene.path('file')))).toBe('ACCESS_DENIED');
  });

  it('CH 2.2: a list admits the principals that it names, and no others', async (scene) => {
    const [one, two] = ['one', 'two'].map((principal) => scene.client({ principal }));
    await one!.write('/ls/local/acl/only-one', 'one\n');
    const acl = { read: 'only-one', write: '', changeAcl: '' };
    await one!.open(scene.path('file'), { create: 'must', acl });
    expect(await reasonOf(one!.read(scene.path('file')))).toBe('none');
    expect(await reasonOf(two!.read(scene.path('file')))).toBe('ACCESS_DENIED');
    await one!.write('/ls/local/acl/only-one', 'one\ntwo\n');
    expect(await reasonOf(two!.read(scene.path('file')))).toBe('none');
  });

  it('CH 2.6: Close gives a handle back, and other handles on the node stay', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), 'x');
    const [one, two] = [await client.open(scene.path('file')), await client.open(scene.path('file'))];
    await one.close();
    expect(await reasonOf(one.getStat())).toBe('HANDLE_CLOSED');
    expect(await reasonOf(two.getStat())).toBe('none');
  });

  it('CH 2.6: Close never fails', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('file'));
    await session.call('close', { handle });
    await session.call('close', { handle });
    const gone = await session.open(scene.path('gone'));
    await scene.client().delete(scene.path('gone'));
    await session.call('close', { handle: gone });
  });

  it('CH 2.6: Poison fails what waits through the handle, and all that comes later, but not Close', async (scene) => {
    const name = scene.path('lock');
    const held = await scene.client().open(name, { write: true, create: 'must' });
    await held.acquire();
    const session = await scene.rawSession();
    const handle = await session.open(name);
    const waiting = session.try('acquire', { handle, mode: LockMode.LOCK_MODE_EXCLUSIVE, waitMs: 0 });
    await scene.waiters(name, 1);
    await session.call('poison', { handle });
    expect(await scene.until(waiting)).toMatchObject({ failure: { reason: 'HANDLE_POISONED' } });
    expect((await session.refusal('getStat', statOf(handle))).reason).toBe('HANDLE_POISONED');
    expect((await scene.explain(name)).lock.waiterCount).toBe(0);
    await session.call('close', { handle });
  });

  it('CH 2.6: Poison does not close the handle: a lock that it holds stays held', async (scene) => {
    const name = scene.path('lock');
    const client = scene.client();
    const handle = await client.open(name, { write: true, create: 'must' });
    await handle.acquire();
    await handle.poison();
    expect(await reasonOf(handle.getStat())).toBe('HANDLE_POISONED');
    expect((await scene.explain(name)).lock.holders.length).toBe(1);
    await handle.close();
    expect((await scene.explain(name)).lock.holders).toEqual([]);
  });

  it('CH 2.6: Poison of one handle leaves others on the same node as they are', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), 'x');
    const [one, two] = [await client.open(scene.path('file')), await client.open(scene.path('file'))];
    await one.poison();
    expect(await reasonOf(two.getStat())).toBe('none');
  });

  it('DESIGN 5: an Open that is sent again under its number gives the same handle', async (scene) => {
    const session = await scene.rawSession();
    const first = await session.open(scene.path('file'), {}, { number: 1 });
    const second = await session.open(scene.path('file'), {}, { number: 1 });
    expect(second).toEqual(first);
    const other = await session.open(scene.path('file'), {}, { number: 2 });
    expect(other).not.toEqual(first);
  });

  it('DESIGN 5: an Open that creates and is sent again still says that it created', async (scene) => {
    const session = await scene.rawSession();
    const open = () => session.open(scene.path('file'), { create: CreateMode.CREATE_MODE_MUST }, { number: 1 });
    const first = await open();
    expect(await open()).toEqual(first);
  });

  // --- what nobody was given ---

  it('issue 3: bytes that no Open gave are no handle', async (scene) => {
    const session = await scene.rawSession();
    for (const forged of [randomBytes(1), randomBytes(16), randomBytes(80), randomBytes(4_000), Buffer.alloc(60)]) {
      expect((await session.refusal('getStat', statOf(forged))).reason).toBe('BAD_HANDLE');
    }
    expect((await session.refusal('getStat', statOf(Buffer.alloc(0)))).reason).toBe('MISSING_FIELD');
  });

  it('issue 3: a handle of which any byte was altered is refused', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('file'));
    for (let index = 0; index < handle.length; index++) {
      const altered = Buffer.from(handle);
      altered[index]! ^= 0x04;
      expect((await session.refusal('getStat', statOf(altered))).reason).toBe('BAD_HANDLE');
    }
    await session.call('getStat', statOf(handle));
  });

  it('issue 3: a handle that was cut short or made longer is refused', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('file'));
    for (const bytes of [handle.subarray(0, -1), handle.subarray(1), Buffer.concat([handle, Buffer.alloc(1)])]) {
      expect((await session.refusal('getStat', statOf(bytes))).reason).toBe('BAD_HANDLE');
    }
  });

  it('issue 3: a handle that was closed is refused when it is shown again', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('file'));
    await session.call('close', { handle });
    expect((await session.refusal('getStat', statOf(handle))).reason).toBe('HANDLE_CLOSED');
    const write = { target: 'handle', handle, contents: Buffer.from('x'), create: false } as const;
    expect((await session.refusal('setContents', write)).reason).toBe('HANDLE_CLOSED');
  });

  it('issue 3: a handle serves only the session that opened it', async (scene) => {
    const [owner, thief] = [await scene.rawSession(), await scene.rawSession()];
    const handle = await owner.open(scene.path('file'));
    expect((await thief.refusal('getStat', statOf(handle))).reason).toBe('WRONG_SESSION');
    const lock = { handle, mode: LockMode.LOCK_MODE_EXCLUSIVE };
    expect((await thief.refusal('tryAcquire', lock)).reason).toBe('WRONG_SESSION');
    await thief.try('close', { handle });
    await owner.call('getStat', statOf(handle));
  });

  it('issue 3: a handle of another cell is none of this one', async (scene) => {
    const other = await TestCell.start({ replicas: 1, seed: 2 });
    const channel = other.ports().channelTo(other.addresses[0]!);
    const created = await channel.call(
      'createSession',
      { nonce: randomBytes(16), cachesNothing: true, leaseMs: 0 },
      1_000,
    );
    const { session, leaseMs } = 'response' in created ? created.response : { session: null, leaseMs: 0 };
    const handle = await new RawSession(channel, session!, leaseMs).open('/ls/local/file');
    await other.stop();
    expect((await (await scene.rawSession()).refusal('getStat', statOf(handle))).reason).toBe('BAD_HANDLE');
  });

  it('issue 3: with a handle alone, without its session’s secret, nobody does anything', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('file'));
    const credential = { id: session.credential.id, secret: randomBytes(16) };
    const thief = new RawSession(session.channel, credential, session.leaseMs);
    expect((await thief.refusal('getStat', statOf(handle))).reason).toBe('BAD_CREDENTIAL');
  });

  it('issue 3: who shows forged handles hurts nobody else', async (scene) => {
    const [vandal, client] = [await scene.rawSession(), scene.client()];
    const forged = Array.from({ length: 200 }, () => vandal.try('getStat', statOf(randomBytes(100))));
    await client.write(scene.path('file'), 'undisturbed');
    expect((await client.read(scene.path('file'))).contents.toString()).toBe('undisturbed');
    for (const outcome of await scene.until(Promise.all(forged))) {
      expect(outcome).toMatchObject({ failure: { reason: 'BAD_HANDLE' } });
    }
  });
});

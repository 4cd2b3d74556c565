// The cache, from both sides. ([CH] 2.7; DESIGN 5)
import { expect } from 'vitest';
import type { ChubbyError, Client, ContentsAndStat } from '../../src/client/index.js';
import { invalidationsIn } from './harness/raw-session.js';
import type { RawKeepAlives, RawSession } from './harness/raw-session.js';
import { reasonOf } from './harness/scene.js';
import type { Scene } from './harness/scene.js';
import { section } from './harness/suite.js';

const CUT = 'a network cannot be cut here';
const byName = (name: string) => ({ target: 'name', name }) as const;

/** A session by hand that may cache, with one KeepAlive held. */
async function cacher(scene: Scene, leaseMs = 0): Promise<{ session: RawSession; keepAlives: RawKeepAlives }> {
  const session = await scene.rawSession({ leaseMs });
  const keepAlives = session.keepAlives();
  keepAlives.send(0);
  return { session, keepAlives };
}

/** A file that a session caches, and a client that may write it. */
async function cachedFile(scene: Scene) {
  const name = scene.path('file');
  const writer = scene.client();
  await writer.write(name, 'old');
  const { session, keepAlives } = await cacher(scene);
  await session.call('getContentsAndStat', byName(name));
  return { name, writer, session, keepAlives };
}

/** A client that has read the file, so that the next read needs no network. */
async function reader(scene: Scene, name: string): Promise<Client> {
  const client = scene.client();
  await client.open(scene.directory);
  await client.read(name);
  await client.read(name);
  return client;
}

/** What was read, or why nothing was. */
const contentsOrReason = (read: Promise<ContentsAndStat>): Promise<string> =>
  read.then(
    ({ contents }) => contents.toString(),
    ({ reason }: ChubbyError) => reason,
  );

section('caching', (it) => {
  it('CH 2.7: an answer to a session that may cache says that it may be cached', async (scene) => {
    await scene.client().write(scene.path('file'), 'x');
    const { session, keepAlives } = await cacher(scene);
    const read = await session.call('getContentsAndStat', byName(scene.path('file')));
    expect(read.cacheNumber).toBeDefined();
    expect((await session.call('getStat', byName(scene.path('file')))).cacheNumber).toBeDefined();
    const listing = { ...byName(scene.directory), pageToken: Buffer.alloc(0), limit: 0 };
    expect((await session.call('readDir', listing)).cacheNumber).toBeDefined();
    keepAlives.close();
  });

  it('CH 2.7: that a node is absent may be cached as well', async (scene) => {
    const { session, keepAlives } = await cacher(scene);
    const { reason, metadata } = await session.refusal('getStat', byName(scene.path('absent')));
    expect(reason).toBe('NOT_FOUND');
    expect(metadata['cache-number']).toBeDefined();
    keepAlives.close();
  });

  it('CH 2.7: a session that said that it caches nothing is given nothing to cache', async (scene) => {
    await scene.client().write(scene.path('file'), 'x');
    const session = await scene.rawSession({ cachesNothing: true });
    const read = await session.call('getContentsAndStat', byName(scene.path('file')));
    expect(read.cacheNumber ?? null).toBeNull();
  });

  it('CH 2.7: a change waits until everybody who may cache the file has dropped it', async (scene) => {
    const { name, writer, keepAlives } = await cachedFile(scene);
    const written = writer.write(name, 'new');
    const reply = await scene.until(keepAlives.answer());
    expect(invalidationsIn(reply.events).flatMap(({ nodes }) => nodes)).toContain(scene.wholeName('file'));
    expect(await scene.isSettled(written)).toBe(false);
    keepAlives.send(reply.replyNumber);
    expect((await scene.until(written)).contentGeneration).toBe(2);
    keepAlives.close();
  });

  it('CH 2.7: a reply that does not acknowledge the invalidation does not let the change pass', async (scene) => {
    const { name, writer, keepAlives } = await cachedFile(scene);
    const written = writer.write(name, 'new');
    await scene.until(keepAlives.answer());
    const again = await scene.until(keepAlives.ask(0));
    expect(invalidationsIn(again.events).length).toBeGreaterThan(0);
    expect(await scene.isSettled(written)).toBe(false);
    keepAlives.send(again.replyNumber);
    await scene.until(written);
    keepAlives.close();
  });

  it('CH 2.7: creating a file invalidates that it was absent', async (scene) => {
    const { session, keepAlives } = await cacher(scene);
    await session.refusal('getStat', byName(scene.path('file')));
    const written = scene.client().write(scene.path('file'), 'x');
    const reply = await scene.until(keepAlives.answer());
    expect(invalidationsIn(reply.events).flatMap(({ nodes }) => nodes)).toContain(scene.wholeName('file'));
    keepAlives.send(reply.replyNumber);
    await scene.until(written);
    keepAlives.close();
  });

  it('CH 2.7: a child that comes or goes invalidates the listing of its directory', async (scene) => {
    const { session, keepAlives } = await cacher(scene);
    const listing = { ...byName(scene.directory), pageToken: Buffer.alloc(0), limit: 0 };
    await session.call('readDir', listing);
    const written = scene.client().write(scene.path('child'), 'x');
    const reply = await scene.until(keepAlives.answer());
    expect(invalidationsIn(reply.events).flatMap(({ listings }) => listings)).toContain(
      scene.directory.replace('/ls/local', '/ls/test'),
    );
    keepAlives.send(reply.replyNumber);
    await scene.until(written);
    keepAlives.close();
  });

  it('CH 2.7: acquiring a lock invalidates the metadata that tell its generation', async (scene) => {
    const name = scene.path('lock');
    const lock = await scene.client().open(name, { write: true, create: 'must' });
    const { session, keepAlives } = await cacher(scene);
    await session.call('getStat', byName(name));
    const acquired = lock.acquire();
    const reply = await scene.until(keepAlives.answer());
    expect(invalidationsIn(reply.events).flatMap(({ nodes }) => nodes)).toContain(scene.wholeName('lock'));
    keepAlives.send(reply.replyNumber);
    expect(await scene.until(acquired)).toMatchObject({ granted: true });
    keepAlives.close();
  });

  it('CH 2.7: reads do not wait for an invalidation round, and are not cached meanwhile', async (scene) => {
    const { name, writer, keepAlives } = await cachedFile(scene);
    const written = writer.write(name, 'new');
    const reply = await scene.until(keepAlives.answer());
    const other = await cacher(scene);
    const read = await scene.until(other.session.call('getContentsAndStat', byName(name)), 2_000);
    expect(read.contents.toString()).toBe('old');
    expect(read.cacheNumber ?? null).toBeNull();
    keepAlives.send(reply.replyNumber);
    await scene.until(written);
    const after = await other.session.call('getContentsAndStat', byName(name));
    expect(after.contents.toString()).toBe('new');
    expect(after.cacheNumber).toBeDefined();
    keepAlives.close();
    other.keepAlives.close();
  });

  it('CH 2.7: a client that does not answer delays no change of what it did not cache', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('cached'), 'old');
    await writer.write(scene.path('other'), 'old');
    const { session, keepAlives } = await cacher(scene);
    await session.call('getContentsAndStat', byName(scene.path('cached')));
    const delayed = writer.write(scene.path('cached'), 'new');
    const reply = await scene.until(keepAlives.answer());
    const other = scene.client();
    expect((await scene.until(other.write(scene.path('other'), 'new'), 2_000)).contentGeneration).toBe(2);
    expect(await scene.isSettled(delayed)).toBe(false);
    keepAlives.send(reply.replyNumber);
    await scene.until(delayed);
    keepAlives.close();
  });

  it('CH 2.7: a client that never answers delays a change at most for its lease', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('file'), 'old');
    const session = await scene.rawSession({ leaseMs: 4_000 });
    await session.call('getContentsAndStat', byName(scene.path('file')));
    const written = writer.write(scene.path('file'), 'new');
    expect(await scene.isSettled(written)).toBe(false);
    expect((await scene.until(written, 8_000)).contentGeneration).toBe(2);
  });

  it('CH 2.7: a session that caches nothing delays nobody', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('file'), 'old');
    const session = await scene.rawSession({ cachesNothing: true });
    await session.call('getContentsAndStat', byName(scene.path('file')));
    await scene.until(writer.write(scene.path('file'), 'new'), 2_000);
  });

  it('CH 2.7: a file is invalidated once, and not again until it was read again', async (scene) => {
    const { name, writer, keepAlives } = await cachedFile(scene);
    const first = writer.write(name, 'new');
    const reply = await scene.until(keepAlives.answer());
    keepAlives.send(reply.replyNumber);
    await scene.until(first);
    await scene.until(writer.write(name, 'newer'), 2_000);
    expect(keepAlives.unread).toBe(0);
    keepAlives.close();
  });

  it('CH 2.7: an invalidation does not bring the new contents', async (scene) => {
    const { name, writer, session, keepAlives } = await cachedFile(scene);
    const written = writer.write(name, 'a telling new text');
    const reply = await scene.until(keepAlives.answer());
    expect(JSON.stringify(reply)).not.toContain('telling');
    expect((await session.call('getContentsAndStat', byName(name))).contents.toString()).toBe('old');
    keepAlives.send(reply.replyNumber);
    await scene.until(written);
    keepAlives.close();
  });

  it('CH 2.7: changes of one file wait for one round, in their order', async (scene) => {
    const name = scene.path('file');
    const writer = scene.client();
    await writer.write(name, '0');
    const { session, keepAlives } = await cacher(scene);
    await session.call('getContentsAndStat', byName(name));
    const writes = ['1', '2', '3'].map((contents) => writer.write(name, contents));
    const reply = await scene.until(keepAlives.answer());
    keepAlives.send(reply.replyNumber);
    const stats = await scene.until(Promise.all(writes));
    expect(stats.map(({ contentGeneration }) => contentGeneration)).toEqual([2, 3, 4]);
    expect(keepAlives.unread).toBe(0);
    keepAlives.close();
  });

  it('CH 2.7: a comparison of generations is made when the round is over', async (scene) => {
    const name = scene.path('file');
    const [one, two] = [scene.client(), scene.client()];
    await one.write(name, 'old');
    const { session, keepAlives } = await cacher(scene);
    await session.call('getContentsAndStat', byName(name));
    const writes = [one, two].map((client) => reasonOf(client.write(name, 'new', { ifContentGeneration: 1 })));
    const reply = await scene.until(keepAlives.answer());
    keepAlives.send(reply.replyNumber);
    expect((await scene.until(Promise.all(writes))).toSorted()).toEqual(['STALE_GENERATION', 'none']);
    keepAlives.close();
  });

  it('CH 2.7: a session that ends while a change waits for it lets the change pass', async (scene) => {
    const { name, writer, session, keepAlives } = await cachedFile(scene);
    const written = writer.write(name, 'new');
    await scene.until(keepAlives.answer());
    await session.closeSession();
    expect((await scene.until(written, 2_000)).contentGeneration).toBe(2);
    keepAlives.close();
  });

  it('CH 2.7: no cached read is older than a write that was acknowledged before it', async (scene) => {
    const name = scene.path('file');
    const writer = scene.client();
    await writer.write(name, '0');
    const readers = await Promise.all([1, 2, 3].map(() => reader(scene, name)));
    for (let count = 1; count <= 10; count++) {
      await scene.until(writer.write(name, `${count}`));
      for (const client of readers) expect((await client.read(name)).contents.toString()).toBe(`${count}`);
    }
  });

  it('CH 2.7: no cached absence is older than a creation, no cached listing older than a child', async (scene) => {
    const [writer, looker] = [scene.client(), scene.client()];
    for (let count = 0; count < 5; count++) {
      const name = scene.path(`child-${count}`);
      expect(await reasonOf(looker.stat(name))).toBe('NOT_FOUND');
      expect((await looker.list(scene.directory)).length).toBe(count);
      await scene.until(writer.write(name, ''));
      expect(await reasonOf(looker.stat(name))).toBe('none');
      expect((await looker.list(scene.directory)).length).toBe(count + 1);
    }
  });

  it('CH 2.7: a client reads its own write, cached or not', async (scene) => {
    const name = scene.path('file');
    const client = scene.client();
    await client.write(name, '0');
    for (let count = 1; count <= 10; count++) {
      await client.read(name);
      await scene.until(client.write(name, `${count}`));
      expect((await client.read(name)).contents.toString()).toBe(`${count}`);
    }
  });

  it('CH 2.7: the master knows how many sessions may cache a file', async (scene) => {
    const name = scene.path('file');
    const writer = scene.client({ cache: false });
    await writer.write(name, 'x');
    await reader(scene, name);
    await reader(scene, name);
    expect((await scene.explain(name)).cachingSessions).toBe(2);
    await scene.until(writer.write(name, 'y'));
    expect((await scene.explain(name)).cachingSessions).toBe(0);
  });

  it.inProcessOnly(CUT, 'CH 2.7: what is cached is read without asking the cell', async (scene) => {
    const name = scene.path('file');
    await scene.client().write(name, 'cached');
    const client = await reader(scene, name);
    await client.list(scene.directory);
    await client.list(scene.directory);
    await reasonOf(client.stat(scene.path('absent')));
    await scene.cell.cut(client);
    expect((await client.read(name)).contents.toString()).toBe('cached');
    expect((await client.stat(name)).lengthBytes).toBe(6);
    expect((await client.list(scene.directory)).map((entry) => entry.name)).toEqual(['file']);
    expect(await reasonOf(client.stat(scene.path('absent')))).toBe('NOT_FOUND');
    await scene.cell.heal(client);
  });

  it.inProcessOnly(CUT, 'CH 2.8: in jeopardy nothing cached is read', async (scene) => {
    const name = scene.path('file');
    await scene.client().write(name, 'cached');
    const client = await reader(scene, name);
    await scene.cell.cut(client);
    await scene.pass(11_500);
    expect(client.sessionState).toBe('jeopardy');
    const read = client.read(name);
    expect(await scene.isSettled(read)).toBe(false);
    await scene.cell.heal(client);
    expect((await scene.until(read)).contents.toString()).toBe('cached');
  });

  it.inProcessOnly(
    CUT,
    'CH 2.7: a client that is cut off reads nothing stale once a write passed it',
    async (scene) => {
      const name = scene.path('file');
      const writer = scene.client();
      await writer.write(name, 'old');
      const client = await reader(scene, name);
      await scene.cell.cut(client);
      await scene.until(writer.write(name, 'new'));
      const read = contentsOrReason(client.read(name));
      expect(await scene.isSettled(read)).toBe(false);
      await scene.cell.heal(client);
      expect(await scene.until(read)).toMatch(/^(new|SESSION_EXPIRED)$/);
    },
  );

  it.inProcessOnly(
    'a process is not stopped here',
    'issue 3: a process that was stopped reads nothing stale',
    async (scene) => {
      const name = scene.path('file');
      const writer = scene.client();
      await writer.write(name, 'old');
      const client = await reader(scene, name);
      await scene.cell.pause(client);
      await scene.until(writer.write(name, 'new'));
      const read = contentsOrReason(client.read(name));
      await scene.cell.resume(client);
      expect(await scene.until(read)).toMatch(/^(new|SESSION_EXPIRED)$/);
    },
  );
});

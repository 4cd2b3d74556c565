// Bounds, and what is not as it should be: refused with its own reason, and nobody else is hurt. ([CH] 4; DESIGN 6)
import { expect } from 'vitest';
import { TestCell } from '../../src/testing/index.js';
import { CLIENT_PORT_LIMITS, LIMITS } from '../../src/wire/limits.js';
import type { Client } from '../../src/client/index.js';
import { LockMode } from '../../src/wire/types.js';
import { UnreadPipe } from './harness/unread-pipe.js';
import { openRequest } from './harness/raw-session.js';
import { reasonOf } from './harness/scene.js';
import type { Scene } from './harness/scene.js';
import { section } from './harness/suite.js';

const EXCLUSIVE = { mode: LockMode.LOCK_MODE_EXCLUSIVE };

const readOf = (name: string) => ({ target: 'name', name }) as const;
const writeOf = (name: string, contents: Uint8Array) =>
  ({ target: 'name', name, contents: Buffer.from(contents), create: true }) as const;

/** What the cell says of a name, whatever the library would say of it first. */
async function reasonOfName(scene: Scene, name: string): Promise<string> {
  const session = await scene.rawSession({ cachesNothing: true });
  return (await session.refusal('open', openRequest(name))).reason;
}

/** That another client is served meanwhile. */
async function expectServed(scene: Scene, client: Client): Promise<void> {
  const name = scene.path('other');
  await scene.until(client.write(name, 'served'), 5_000);
  expect((await scene.until(client.read(name), 5_000)).contents.toString()).toBe('served');
}

section('limits', (it) => {
  // --- sizes ---

  it('CH 4.3: a file has at most 256 KiB, inclusive', async (scene) => {
    const client = scene.client();
    const name = scene.path('file');
    const largest = Buffer.alloc(262_144, 'x');
    expect((await client.write(name, largest)).lengthBytes).toBe(262_144);
    expect(await reasonOf(client.write(name, Buffer.alloc(262_145)))).toBe('TOO_LARGE');
    expect((await client.read(name)).contents).toEqual(largest);
    const opened = client.open(scene.path('new'), { create: 'must', initialContents: Buffer.alloc(262_145) });
    expect(await reasonOf(opened)).toBe('TOO_LARGE');
    expect(await reasonOf(client.stat(scene.path('new')))).toBe('NOT_FOUND');
  });

  it('DESIGN 6: a request of more than a megabyte is refused, and changes nothing', async (scene) => {
    const session = await scene.rawSession({ cachesNothing: true });
    const { reason } = await session.refusal('setContents', writeOf(scene.path('file'), Buffer.alloc(2 * 1_048_576)));
    expect(reason).toBe('TOO_LARGE');
    const client = scene.client();
    expect(await reasonOf(client.stat(scene.path('file')))).toBe('NOT_FOUND');
    await expectServed(scene, client);
  });

  it('DESIGN 6: a name has at most 1,024 bytes', async (scene) => {
    const client = scene.client();
    const fill = (bytes: number): string => {
      let name = scene.directory;
      while (name.length < bytes - 200) name += `/${'d'.repeat(99)}`;
      return `${name}/`.padEnd(bytes, 'x');
    };
    expect(await reasonOf(client.stat(fill(1_024)))).toBe('NOT_FOUND');
    expect(await reasonOf(client.stat(fill(1_025)))).toBe('LIMIT_NAME');
    expect(await reasonOf(client.stat(scene.path('é'.repeat(600))))).toBe('LIMIT_NAME');
  });

  it('DESIGN 6: a name has at most 64 levels', async (scene) => {
    const client = scene.client();
    expect(await reasonOf(client.stat(`/ls/local${'/d'.repeat(64)}`))).toBe('NOT_FOUND');
    expect(await reasonOf(client.stat(`/ls/local${'/d'.repeat(65)}`))).toBe('LIMIT_NAME');
  });

  it('issue 3: a name of nearly a megabyte is refused, and hurts nobody', async (scene) => {
    expect(await reasonOfName(scene, `/ls/local/${'x'.repeat(1_000_000)}`)).toBe('LIMIT_NAME');
    await expectServed(scene, scene.client());
  });

  // --- names ---

  it('issue 3: a name leads to one node: no `.`, no `..`, nothing empty', async (scene) => {
    for (const component of ['.', '..', 'a/..', 'a/./b', 'a//b']) {
      expect(await reasonOfName(scene, `${scene.directory}/${component}`)).toBe('MALFORMED_NAME');
    }
    expect(await reasonOf(scene.client().read(scene.path('../../acl')))).toBe('MALFORMED_NAME');
  });

  it('issue 3: a name has no NUL and no other control character', async (scene) => {
    for (const character of ['\0', '\n', '\x1b', '\x7f']) {
      expect(await reasonOfName(scene, scene.path(`a${character}b`))).toBe('MALFORMED_NAME');
    }
  });

  it('issue 3: a name that is not UTF-8 is refused by the library and by the cell', async (scene) => {
    expect(await reasonOf(scene.client().read(scene.path('a\ud800b')))).toBe('MALFORMED_NAME');
    expect(await reasonOfName(scene, scene.path('a\ud800b'))).toMatch(/^MALFORMED_(NAME|REQUEST)$/);
    expect(await reasonOfName(scene, scene.path('a\ufffdb'))).toMatch(/^MALFORMED_(NAME|REQUEST)$/);
  });

  it('CH 2.2: a name begins with /ls/ and the cell', async (scene) => {
    for (const name of ['x', '/x', 'ls/local/x', '/LS/local/x', '/ls', '/ls/', '//ls/local/x']) {
      expect(await reasonOfName(scene, name)).toBe('MALFORMED_NAME');
    }
    expect(await reasonOfName(scene, '')).toBe('MISSING_FIELD');
  });

  // --- numbers ---

  it('DESIGN 4: a request number lies at most 4,096 above what was acknowledged', async (scene) => {
    const session = await scene.rawSession({ cachesNothing: true });
    const write = writeOf(scene.path('file'), Buffer.from('x'));
    await session.call('setContents', write, { number: 4_096 });
    expect((await session.refusal('setContents', write, { number: 4_097 })).reason).toBe('WINDOW_EXCEEDED');
    await session.call('setContents', write, { number: 4_097, acknowledged: 1 });
  });

  it('DESIGN 4: what may change something needs a request number', async (scene) => {
    const session = await scene.rawSession({ cachesNothing: true });
    const write = writeOf(scene.path('file'), Buffer.from('x'));
    expect((await session.refusal('setContents', write, { number: 0 })).reason).toBe('MISSING_FIELD');
  });

  it('DESIGN 4: a request number is of one call: with another one it is refused', async (scene) => {
    const session = await scene.rawSession({ cachesNothing: true });
    await session.call('setContents', writeOf(scene.path('file'), Buffer.from('x')), { number: 1 });
    expect((await session.refusal('delete', readOf(scene.path('file')), { number: 1 })).reason).toBe(
      'MALFORMED_REQUEST',
    );
    await session.call('getStat', readOf(scene.path('file')));
  });

  it('DESIGN 5: a lock mode that does not exist is refused', async (scene) => {
    const session = await scene.rawSession({ cachesNothing: true });
    const handle = await session.open(scene.path('file'));
    const unspecified = { handle, mode: LockMode.LOCK_MODE_UNSPECIFIED };
    expect((await session.refusal('tryAcquire', unspecified)).reason).toBe('MISSING_FIELD');
  });

  // --- how many ---

  it('DESIGN 6: an AcquireAll is of at most 64 locks, of different nodes', async (scene) => {
    const client = scene.client();
    const open = (name: string) => client.open(scene.path(name), { write: true, create: 'may' });
    const handles = await scene.until(Promise.all(Array.from({ length: 65 }, (_, index) => open(`lock-${index}`))));
    expect(await reasonOf(client.acquireAll(handles, { waitMs: 0 }))).toBe('TOO_LARGE');
    expect(await client.acquireAll(handles.slice(0, 64), { waitMs: 0 })).toMatchObject({ granted: true });
    const twice = [await open('twice'), await open('twice')];
    expect(await reasonOf(client.acquireAll(twice, { waitMs: 0 }))).toBe('MALFORMED_REQUEST');
  });

  it('DESIGN 6: a MultiOp has at most 128 guards and operations', async (scene) => {
    const client = scene.client();
    const reads = (count: number) => Array.from({ length: count }, () => ({ read: scene.path('absent') }));
    expect((await client.multiOp({ then: reads(128) })).results.length).toBe(128);
    expect(await reasonOf(client.multiOp({ then: reads(129) }))).toBe('LIMIT_OPERATIONS');
    expect(await reasonOf(client.multiOp({ then: reads(100), else: reads(29) }))).toBe('LIMIT_OPERATIONS');
  });

  it('DESIGN 6: a session has at most 4,096 handles open', async (scene) => {
    const client = scene.client({ cache: false });
    await client.write(scene.path('file'), 'x');
    const opened = Array.from({ length: LIMITS.handlesPerSession }, () => client.open(scene.path('file')));
    const handles = await scene.until(Promise.all(opened));
    expect(await reasonOf(client.open(scene.path('file')))).toBe('LIMIT_HANDLES');
    await handles[0]!.close();
    expect(await reasonOf(client.open(scene.path('file')))).toBe('none');
    await expectServed(scene, scene.client());
  });

  it.inProcessOnly(
    'it takes 257 sessions’ time',
    'DESIGN 6: a lock is shared by at most 256 handles; the next one waits',
    async (scene) => {
      const client = scene.client();
      const name = scene.path('lock');
      const opened = Array.from({ length: 257 }, () => client.open(name, { write: true, create: 'may' }));
      const handles = await scene.until(Promise.all(opened));
      for (const handle of handles.slice(0, 256)) {
        expect(await handle.tryAcquire({ mode: 'shared' })).toMatchObject({ granted: true });
      }
      expect(await handles[256]!.tryAcquire({ mode: 'shared' })).toMatchObject({ granted: false });
      const granted = handles[256]!.acquire({ mode: 'shared' });
      await handles[0]!.release();
      expect(await granted).toMatchObject({ granted: true });
    },
  );

  it('DESIGN 6: a session has at most 2,048 handles that want events', async (scene) => {
    const client = scene.client({ cache: false });
    await client.write(scene.path('file'), 'x');
    const follow = () => client.open(scene.path('file'), { events: ['contentsModified'] });
    await scene.until(Promise.all(Array.from({ length: LIMITS.subscriptionsPerSession }, follow)));
    expect(await reasonOf(follow())).toBe('LIMIT_SUBSCRIPTIONS');
    expect(await reasonOf(client.open(scene.path('file')))).toBe('none');
    await expectServed(scene, scene.client());
  });

  it.inProcessOnly(
    'it takes a hundred thousand writes',
    'issue 3: a directory has at most 100,000 children, and others go on',
    async (scene) => {
      await using cell = await TestCell.start({ replicas: 1 });
      const client = cell.client({ cache: false });
      await client.mkdir('/ls/local/directory');
      const batch = LIMITS.multiOpOperations;
      for (let made = 0; made < LIMITS.childrenPerDirectory; made += batch) {
        const count = Math.min(batch, LIMITS.childrenPerDirectory - made);
        const then = Array.from({ length: count }, (_, index) => ({ create: `/ls/local/directory/${made + index}` }));
        await client.multiOp({ then });
      }
      expect((await client.stat('/ls/local/directory')).childCount).toBe(LIMITS.childrenPerDirectory);
      expect(await reasonOf(client.write('/ls/local/directory/one-more', ''))).toBe('LIMIT_CHILDREN');
      expect(await reasonOf(client.write('/ls/local/elsewhere', ''))).toBe('none');
      await client.delete('/ls/local/directory/0');
      expect(await reasonOf(client.write('/ls/local/directory/one-more', ''))).toBe('none');
      await expectServed(scene, scene.client());
    },
  );

  it('issue 3: a directory of many children is listed whole, page by page', async (scene) => {
    const client = scene.client();
    const names = Array.from({ length: 2_500 }, (_, index) => `child-${`${index}`.padStart(5, '0')}`);
    await scene.until(Promise.all(names.map((name) => client.write(scene.path(name), ''))));
    expect((await scene.until(client.list(scene.directory))).map(({ name }) => name)).toEqual(names);
    const session = await scene.rawSession({ cachesNothing: true });
    const page = await session.call('readDir', { ...readOf(scene.directory), pageToken: Buffer.alloc(0), limit: 0 });
    expect(page.entries.length).toBe(LIMITS.listingEntries);
    expect(page.nextPageToken.length).toBeGreaterThan(0);
  });

  // --- clients that behave badly ---

  it('issue 3: a page token that the cell did not give is refused', async (scene) => {
    const session = await scene.rawSession({ cachesNothing: true });
    const forged = { ...readOf(scene.directory), pageToken: Buffer.from('made up'), limit: 0 };
    expect((await session.refusal('readDir', forged)).reason).toBe('MALFORMED_REQUEST');
  });

  it('issue 3: who waits for one lock many times over is served within his bounds, and hurts nobody', async (scene) => {
    const name = scene.path('lock');
    const held = await scene.client().open(name, { write: true, create: 'must' });
    await held.acquire();
    const session = await scene.rawSession({ cachesNothing: true });
    const waits = [];
    for (let index = 0; index < 40; index++) {
      const handle = await session.open(name);
      waits.push(session.try('acquire', { handle, ...EXCLUSIVE, waitMs: 0 }));
    }
    await scene.waiters(name, 40);
    await expectServed(scene, scene.client());
    await session.closeSession();
    await scene.waiters(name, 0);
    for (const outcome of await scene.until(Promise.all(waits))) expect(outcome).toHaveProperty('failure');
  });

  it.processesOnly(
    'in one process nothing lies between a replica and its clients',
    'issue 3: a client that never reads is cut off for that, and hurts nobody',
    async (scene) => {
      const client = scene.client();
      await client.write(scene.path('large'), Buffer.alloc(LIMITS.contentsBytes));
      const session = await scene.rawSession({ cachesNothing: true });
      const pipe = new UnreadPipe(session.channel.address, session.credential);
      for (let number = 1; number <= 100; number++) pipe.ask(number, scene.path('large'));
      await scene.settle();
      await expectServed(scene, client);
      await scene.until(pipe.cut, CLIENT_PORT_LIMITS.drainMs + 5_000);
      await expectServed(scene, client);
      pipe.close();
    },
  );
});

// Locks. ([CH] 2.4; DESIGN 5)
import { expect } from 'vitest';
import type { Client, Handle, OpenOptions } from '../../src/client/index.js';
import { LockMode } from '../../src/wire/types.js';
import { reasonOf } from './harness/scene.js';
import { section } from './harness/suite.js';

const LOCKABLE: OpenOptions = { write: true, create: 'may' };
const EXCLUSIVE = { mode: LockMode.LOCK_MODE_EXCLUSIVE };
const FREE = { granted: true };
const BUSY = { granted: false };

const handleOn = (client: Client, name: string, options: OpenOptions = {}): Promise<Handle> =>
  client.open(name, { ...LOCKABLE, ...options });

section('locks', (it) => {
  it('CH 2.4: one client at a time holds a lock exclusively, and another is told who has it', async (scene) => {
    const [first, second] = [scene.client(), scene.client()];
    const held = await handleOn(first, scene.path('lock'));
    const wanted = await handleOn(second, scene.path('lock'));
    expect(await held.tryAcquire()).toMatchObject(FREE);
    expect(await wanted.tryAcquire()).toMatchObject({ granted: false, holderSessionId: first.sessionId });
    expect(await wanted.tryAcquire({ mode: 'shared' })).toMatchObject(BUSY);
  });

  it('CH 2.4: any number of clients share a lock, and nobody has it exclusively meanwhile', async (scene) => {
    const handles = await Promise.all([1, 2, 3].map(() => handleOn(scene.client(), scene.path('lock'))));
    for (const handle of handles) expect(await handle.tryAcquire({ mode: 'shared' })).toMatchObject(FREE);
    const writer = await handleOn(scene.client(), scene.path('lock'));
    expect(await writer.tryAcquire()).toMatchObject(BUSY);
    for (const handle of handles) await handle.release();
    expect(await writer.tryAcquire()).toMatchObject(FREE);
  });

  it('CH 2.4: a lock is advice: others read, write and delete the file meanwhile', async (scene) => {
    const held = await handleOn(scene.client(), scene.path('lock'));
    await held.acquire();
    const other = scene.client();
    await other.write(scene.path('lock'), 'not hindered');
    expect((await other.read(scene.path('lock'))).contents.toString()).toBe('not hindered');
    expect(await reasonOf(other.delete(scene.path('lock')))).toBe('none');
  });

  it('CH 2.4: every node has a lock, directories too', async (scene) => {
    const name = scene.path('directory');
    const held = await handleOn(scene.client(), name, { kind: 'directory' });
    expect(await held.tryAcquire()).toMatchObject(FREE);
    const other = await handleOn(scene.client(), name, { kind: 'directory' });
    expect(await other.tryAcquire()).toMatchObject(BUSY);
  });

  it('CH 2.4: to hold a lock in either mode takes a handle that may write', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('lock'), '');
    const reader = await client.open(scene.path('lock'));
    expect(await reasonOf(reader.tryAcquire({ mode: 'exclusive' }))).toBe('MODE_FORBIDS');
    expect(await reasonOf(reader.tryAcquire({ mode: 'shared' }))).toBe('MODE_FORBIDS');
    expect(await reasonOf(reader.acquire({ mode: 'shared' }))).toBe('MODE_FORBIDS');
  });

  it('CH 2.6: Acquire waits until the lock is free', async (scene) => {
    const held = await handleOn(scene.client(), scene.path('lock'));
    const wanted = await handleOn(scene.client(), scene.path('lock'));
    await held.acquire();
    const acquired = wanted.acquire();
    await scene.waiters(scene.path('lock'), 1);
    expect(await scene.isSettled(acquired)).toBe(false);
    await held.release();
    expect(await scene.until(acquired)).toMatchObject(FREE);
  });

  it('CH 2.6: TryAcquire does not wait', async (scene) => {
    const held = await handleOn(scene.client(), scene.path('lock'));
    const wanted = await handleOn(scene.client(), scene.path('lock'));
    await held.acquire();
    expect(await scene.until(wanted.tryAcquire(), 2_000)).toMatchObject(BUSY);
    expect((await scene.explain(scene.path('lock'))).lock.waiterCount).toBe(0);
  });

  it('DESIGN 5: who asks first is granted first', async (scene) => {
    const name = scene.path('lock');
    const held = await handleOn(scene.client(), name);
    await held.acquire();
    const order: number[] = [];
    const waits: Promise<void>[] = [];
    for (const index of [0, 1, 2, 3]) {
      const handle = await handleOn(scene.client(), name);
      waits.push(
        handle.acquire().then(async () => {
          order.push(index);
          await handle.release();
        }),
      );
      await scene.waiters(name, index + 1);
    }
    await held.release();
    await scene.until(Promise.all(waits));
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('DESIGN 5: who shares a lock does not overtake who waits for it exclusively', async (scene) => {
    const name = scene.path('lock');
    const [held, writer, reader] = await Promise.all([1, 2, 3].map(() => handleOn(scene.client(), name)));
    await held!.acquire({ mode: 'shared' });
    const written = writer!.acquire();
    await scene.waiters(name, 1);
    expect(await reader!.tryAcquire({ mode: 'shared' })).toMatchObject(BUSY);
    const read = reader!.acquire({ mode: 'shared' });
    await scene.waiters(name, 2);
    await held!.release();
    expect(await scene.until(written)).toMatchObject(FREE);
    expect(await scene.isSettled(read)).toBe(false);
    await writer!.release();
    expect(await scene.until(read)).toMatchObject(FREE);
  });

  it('DESIGN 5: those who wait to share a lock get it together', async (scene) => {
    const name = scene.path('lock');
    const held = await handleOn(scene.client(), name);
    await held.acquire();
    const sharers = await Promise.all([1, 2, 3].map(() => handleOn(scene.client(), name)));
    const shared = Promise.all(sharers.map((handle) => handle.acquire({ mode: 'shared' })));
    await scene.waiters(name, 3);
    await held.release();
    const granted = await scene.until(shared);
    expect(granted.map((result) => result.granted && result.lockGeneration)).toEqual([2, 2, 2]);
  });

  it('DESIGN 5: an Acquire whose wait is over is answered that the lock was not had, and by whom it is', async (scene) => {
    const holder = scene.client();
    const held = await handleOn(holder, scene.path('lock'));
    const wanted = await handleOn(scene.client(), scene.path('lock'));
    await held.acquire();
    const answer = await scene.until(wanted.acquire({ waitMs: 100 }));
    expect(answer).toMatchObject({ granted: false, holderSessionId: holder.sessionId });
    await held.release();
    expect(await held.tryAcquire()).toMatchObject(FREE);
  });

  it('DESIGN 5: an Acquire that is given up leaves the queue, and the next one is granted', async (scene) => {
    const name = scene.path('lock');
    const [held, gone, next] = await Promise.all([1, 2, 3].map(() => handleOn(scene.client(), name)));
    await held!.acquire();
    const giveUp = new AbortController();
    const given = reasonOf(gone!.acquire({ signal: giveUp.signal }));
    await scene.waiters(name, 1);
    const granted = next!.acquire();
    await scene.waiters(name, 2);
    giveUp.abort();
    expect(await scene.until(given)).toBe('CANCELLED');
    await scene.waiters(name, 1);
    await held!.release();
    expect(await scene.until(granted)).toMatchObject(FREE);
  });

  it('CH 2.4: a lock that is released is free at once', async (scene) => {
    const held = await handleOn(scene.client(), scene.path('lock'), { lockDelayMs: 60_000 });
    const wanted = await handleOn(scene.client(), scene.path('lock'));
    await held.acquire();
    expect(await held.release()).toBe(true);
    expect(await wanted.tryAcquire()).toMatchObject(FREE);
    expect(await held.release()).toBe(false);
  });

  it('CH 2.4: Close releases the lock at once', async (scene) => {
    const held = await handleOn(scene.client(), scene.path('lock'), { lockDelayMs: 60_000 });
    const wanted = await handleOn(scene.client(), scene.path('lock'));
    await held.acquire();
    await held.close();
    expect(await wanted.tryAcquire()).toMatchObject(FREE);
  });

  it('CH 2.4: a session that is closed releases its locks at once', async (scene) => {
    const holder = scene.client();
    const held = await handleOn(holder, scene.path('lock'), { lockDelayMs: 60_000 });
    const wanted = await handleOn(scene.client(), scene.path('lock'));
    await held.acquire();
    await scene.until(holder.close());
    expect(await wanted.tryAcquire()).toMatchObject(FREE);
  });

  it('CH 2.4: the lock of a failed holder stays unclaimable for its lock-delay, and is then free', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('lock'), { lockDelayMs: 600 });
    await session.call('tryAcquire', { handle, ...EXCLUSIVE });
    await scene.expire(session.id);
    const wanted = await handleOn(scene.client(), scene.path('lock'));
    const refused = await wanted.tryAcquire();
    expect(refused).toMatchObject(BUSY);
    expect(refused.granted ? 0 : refused.lockDelayLeftMs).toBeGreaterThan(0);
    expect(refused.granted ? 0 : refused.lockDelayLeftMs).toBeLessThanOrEqual(600);
    expect(await scene.until(wanted.acquire(), 5_000)).toMatchObject(FREE);
  });

  it.inProcessOnly(
    'real time would not be exact',
    'CH 2.4: the lock-delay lasts exactly as long as the holder chose',
    async (scene) => {
      const session = await scene.rawSession();
      const handle = await session.open(scene.path('lock'), { lockDelayMs: 60_000 });
      await session.call('tryAcquire', { handle, ...EXCLUSIVE });
      await scene.expire(session.id);
      const wanted = await handleOn(scene.client(), scene.path('lock'));
      const acquired = wanted.acquire();
      await scene.pass(59_900);
      expect(await scene.isSettled(acquired)).toBe(false);
      await scene.pass(200);
      expect(await scene.isSettled(acquired)).toBe(true);
    },
  );

  it('CH 2.4: without a lock-delay the lock of a failed holder is free as soon as its session has ended', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('lock'));
    await session.call('tryAcquire', { handle, ...EXCLUSIVE });
    await scene.expire(session.id);
    const wanted = await handleOn(scene.client(), scene.path('lock'));
    expect(await wanted.tryAcquire()).toMatchObject(FREE);
  });

  it('CH 2.4: a lock-delay is at most a minute', async (scene) => {
    const client = scene.client();
    expect(await reasonOf(handleOn(client, scene.path('lock'), { lockDelayMs: 60_001 }))).toBe('MALFORMED_REQUEST');
    expect(await reasonOf(handleOn(client, scene.path('lock'), { lockDelayMs: 60_000 }))).toBe('none');
  });

  it('CH 2.4: of a shared lock the delay of one failed holder keeps off who wants it exclusively', async (scene) => {
    const name = scene.path('lock');
    const session = await scene.rawSession();
    const handle = await session.open(name, { lockDelayMs: 60_000 });
    await session.call('tryAcquire', { handle, mode: LockMode.LOCK_MODE_SHARED });
    const alive = await handleOn(scene.client(), name);
    await alive.acquire({ mode: 'shared' });
    await scene.expire(session.id);
    await alive.release();
    const wanted = await handleOn(scene.client(), name);
    expect(await wanted.tryAcquire()).toMatchObject(BUSY);
  });

  it('DESIGN 5: a waiter whose session has ended is never granted the lock', async (scene) => {
    const name = scene.path('lock');
    const [held, next] = await Promise.all([1, 2].map(() => handleOn(scene.client(), name)));
    await held!.acquire();
    const session = await scene.rawSession();
    const handle = await session.open(name);
    const waiting = session.try('acquire', { handle, ...EXCLUSIVE, waitMs: 0 });
    await scene.waiters(name, 1);
    const granted = next!.acquire();
    await scene.waiters(name, 2);
    await scene.expire(session.id);
    expect(await scene.until(waiting)).toMatchObject({ failure: { reason: 'SESSION_EXPIRED' } });
    await held!.release();
    expect(await scene.until(granted)).toEqual({ granted: true, lockGeneration: 2 });
  });

  it('DESIGN 5: an Acquire that is sent again under its number joins the one that waits', async (scene) => {
    const name = scene.path('lock');
    const held = await handleOn(scene.client(), name);
    await held.acquire();
    const session = await scene.rawSession();
    const wanted = { handle: await session.open(name), ...EXCLUSIVE, waitMs: 0 };
    const first = session.call('acquire', wanted, { number: 7 });
    await scene.waiters(name, 1);
    const second = session.call('acquire', wanted, { number: 7 });
    await scene.settle();
    expect((await scene.explain(name)).lock.waiterCount).toBe(1);
    await held.release();
    expect(await scene.until(first)).toMatchObject({ granted: true, lockGeneration: 2 });
    expect(await scene.until(second)).toMatchObject({ granted: true, lockGeneration: 2 });
  });

  it('DESIGN 5: Cancel by its number takes a waiting Acquire out of the queue', async (scene) => {
    const name = scene.path('lock');
    const held = await handleOn(scene.client(), name);
    await held.acquire();
    const session = await scene.rawSession();
    const wanted = { handle: await session.open(name), ...EXCLUSIVE, waitMs: 0 };
    const waiting = session.try('acquire', wanted, { number: 7 });
    await scene.waiters(name, 1);
    const cancelled = await session.cancel(7);
    expect(cancelled).toBe(true);
    expect(await scene.until(waiting)).toMatchObject({ failure: { reason: 'CANCELLED' } });
    expect((await scene.explain(name)).lock.waiterCount).toBe(0);
  });

  it('DESIGN 5: Cancel of an Acquire whose grant came first releases the lock before it answers', async (scene) => {
    const name = scene.path('lock');
    const session = await scene.rawSession();
    const wanted = { handle: await session.open(name), ...EXCLUSIVE, waitMs: 0 };
    await session.call('acquire', wanted, { number: 7 });
    expect(await session.cancel(7)).toBe(true);
    const other = await handleOn(scene.client(), name);
    expect(await other.tryAcquire()).toMatchObject(FREE);
  });

  it('DESIGN 5: an Acquire that comes after its Cancel never acts', async (scene) => {
    const name = scene.path('lock');
    const session = await scene.rawSession();
    const wanted = { handle: await session.open(name), ...EXCLUSIVE, waitMs: 0 };
    expect(await session.cancel(7)).toBe(true);
    expect((await session.refusal('acquire', wanted, { number: 7 })).reason).toBe('CANCELLED');
    expect((await scene.explain(name)).lock.holders).toEqual([]);
  });

  it('issue 3: a held lock changes its mode only through free', async (scene) => {
    const held = await handleOn(scene.client(), scene.path('lock'));
    await held.acquire({ mode: 'shared' });
    expect(await reasonOf(held.acquire({ mode: 'exclusive' }))).toBe('LOCK_HELD_ALREADY');
    await held.release();
    await held.acquire({ mode: 'exclusive' });
    expect(await reasonOf(held.tryAcquire({ mode: 'shared' }))).toBe('LOCK_HELD_ALREADY');
    expect(await reasonOf(held.tryAcquire({ mode: 'exclusive' }))).toBe('LOCK_HELD_ALREADY');
  });

  it('CH 2.4: locks conflict between handles, also of one session', async (scene) => {
    const client = scene.client();
    const [one, two] = await Promise.all([1, 2].map(() => handleOn(client, scene.path('lock'))));
    await one!.acquire();
    expect(await two!.tryAcquire()).toMatchObject({ granted: false, holderSessionId: client.sessionId });
    expect(await two!.release()).toBe(false);
    expect(await one!.release()).toBe(true);
  });

  it('CH 2.6: an Acquire that waits fails when the node is deleted', async (scene) => {
    const name = scene.path('lock');
    const held = await handleOn(scene.client(), name);
    const wanted = await handleOn(scene.client(), name);
    await held.acquire();
    const acquired = reasonOf(wanted.acquire());
    await scene.waiters(name, 1);
    await scene.client().delete(name);
    expect(await scene.until(acquired)).toBe('INSTANCE_GONE');
  });

  it('CH 2.4: the lock of a node that was deleted is not that of a new node of its name', async (scene) => {
    const name = scene.path('lock');
    const held = await handleOn(scene.client(), name);
    await held.acquire();
    const other = scene.client();
    await other.delete(name);
    const anew = await handleOn(other, name);
    expect(await anew.tryAcquire()).toMatchObject(FREE);
    expect(await reasonOf(held.release())).toBe('INSTANCE_GONE');
    expect((await scene.explain(name)).lock.holders.length).toBe(1);
  });

  it('issue 3: AcquireAll gets all locks or none, and says which one is in the way', async (scene) => {
    const [first, second] = [scene.client(), scene.client()];
    const held = await handleOn(first, scene.path('b'));
    await held.acquire();
    const names = ['a', 'b', 'c'].map((name) => scene.path(name));
    const wanted = await Promise.all(names.map((name) => handleOn(second, name)));
    expect(await second.acquireAll(wanted, { waitMs: 0 })).toMatchObject({
      granted: false,
      busyName: scene.wholeName('b'),
      holderSessionId: first.sessionId,
    });
    expect((await scene.explain(scene.path('a'))).lock.holders).toEqual([]);
    await held.release();
    expect(await second.acquireAll(wanted, { waitMs: 0 })).toMatchObject(FREE);
    for (const name of names) expect((await scene.explain(name)).lock.holders.length).toBe(1);
  });

  it('issue 3: who waits for several locks holds none of them', async (scene) => {
    const [first, second] = [scene.client(), scene.client()];
    const held = await handleOn(first, scene.path('a'));
    await held.acquire();
    const wanted = await Promise.all(['a', 'b'].map((name) => handleOn(second, scene.path(name))));
    const acquired = second.acquireAll(wanted);
    await scene.waiters(scene.path('a'), 1);
    await scene.waiters(scene.path('b'), 1);
    expect((await scene.explain(scene.path('b'))).lock.holders).toEqual([]);
    await held.release();
    expect(await scene.until(acquired)).toMatchObject(FREE);
  });

  it('issue 3: two that want the same locks in opposite orders both get them', async (scene) => {
    const take = async (names: readonly string[]): Promise<string> => {
      const client = scene.client();
      const wanted = await Promise.all(names.map((name) => handleOn(client, scene.path(name))));
      for (let round = 0; round < 5; round++) {
        await client.acquireAll(wanted);
        for (const handle of wanted) await handle.release();
      }
      return 'done';
    };
    expect(await scene.until(Promise.all([take(['a', 'b']), take(['b', 'a'])]))).toEqual(['done', 'done']);
  });

  it('issue 3: a round of sessions that wait for one another is shown to operators', async (scene) => {
    const [first, second] = [scene.client(), scene.client()];
    const [a1, b1] = await Promise.all(['a', 'b'].map((name) => handleOn(first, scene.path(name))));
    const [a2, b2] = await Promise.all(['a', 'b'].map((name) => handleOn(second, scene.path(name))));
    await a1!.acquire();
    await b2!.acquire();
    const giveUp = new AbortController();
    const waits = [b1!.acquire({ signal: giveUp.signal }), a2!.acquire({ signal: giveUp.signal })].map(reasonOf);
    await scene.waiters(scene.path('a'), 1);
    await scene.waiters(scene.path('b'), 1);
    const { deadlock } = await scene.explain(scene.path('a'));
    expect(deadlock.map(({ sessionId }) => sessionId).toSorted()).toEqual(
      [first, second].map((c) => c.sessionId).sort(),
    );
    giveUp.abort();
    expect(await scene.until(Promise.all(waits))).toEqual(['CANCELLED', 'CANCELLED']);
  });

  it('issue 3: operators see who holds a lock and who waits for it, in order', async (scene) => {
    const name = scene.path('lock');
    const clients = [scene.client(), scene.client(), scene.client()];
    const [held, second, third] = await Promise.all(clients.map((client) => handleOn(client, name)));
    await held!.acquire();
    const giveUp = new AbortController();
    const waits = [reasonOf(second!.acquire({ signal: giveUp.signal }))];
    await scene.waiters(name, 1);
    waits.push(reasonOf(third!.acquire({ mode: 'shared', signal: giveUp.signal })));
    await scene.waiters(name, 2);
    const { lock } = await scene.explain(name);
    expect(lock.holders.map(({ session }) => session.id)).toEqual([clients[0]!.sessionId]);
    expect(lock.waiters.map(({ session, mode }) => [session.id, mode])).toEqual([
      [clients[1]!.sessionId, 'exclusive'],
      [clients[2]!.sessionId, 'shared'],
    ]);
    giveUp.abort();
    await scene.until(Promise.all(waits));
  });
});

// What a change of master leaves as it was: the nine steps of a new master. ([CH] 2.9; DESIGN 5)
import { expect } from 'vitest';
import { CreateMode, LockMode } from '../../src/wire/types.js';
import { openRequest, RawSession } from './harness/raw-session.js';
import type { RawKeepAlives } from './harness/raw-session.js';
import { reasonOf } from './harness/scene.js';
import type { Scene } from './harness/scene.js';
import { section } from './harness/suite.js';

const LONG = 'it takes a minute';
const EXCLUSIVE = { mode: LockMode.LOCK_MODE_EXCLUSIVE };

/** The session as it goes on under another master, over a connection to that. */
async function afterFailOver(scene: Scene, session: RawSession): Promise<RawSession> {
  await scene.failOver();
  return atNewMaster(scene, session);
}

const atNewMaster = async (scene: Scene, { credential, leaseMs, lastNumber }: RawSession): Promise<RawSession> =>
  new RawSession(await scene.channel(), credential, leaseMs, lastNumber);

/** Tells the master that its fail-over event was handled. */
async function acknowledgeFailOver(scene: Scene, session: RawSession): Promise<RawKeepAlives> {
  const keepAlives = session.keepAlives();
  const reply = await scene.until(keepAlives.ask(0));
  expect(reply.events.map(({ event }) => event)).toContain('masterFailedOver');
  keepAlives.send(reply.replyNumber);
  // Other streams may overtake it.
  await scene.settle();
  return keepAlives;
}

section('fail-over', (it) => {
  it('CH 2.9, step 1: a request of an earlier master’s time is executed once, by whichever master', async (scene) => {
    const client = scene.client();
    const name = scene.path('file');
    await client.write(name, '0');
    let acknowledged = 1;
    let stopped = false;
    const writes = (async () => {
      while (!stopped) {
        acknowledged++;
        const { contentGeneration } = await client.write(name, `${acknowledged}`);
        expect(contentGeneration).toBe(acknowledged);
      }
    })();
    await scene.failOver('killed');
    stopped = true;
    await scene.until(writes);
    expect((await client.read(name)).contents.toString()).toBe(`${acknowledged}`);
  });

  it('CH 2.9, step 1: what was answered under one master is answered so under the next', async (scene) => {
    const session = await scene.rawSession();
    const write = { target: 'name', name: scene.path('file'), contents: Buffer.from('once'), create: true } as const;
    const first = await session.call('setContents', write, { number: 5 });
    const again = await afterFailOver(scene, session);
    await acknowledgeFailOver(scene, again);
    expect(await scene.until(again.call('setContents', write, { number: 5 }))).toEqual(first);
    expect((await scene.client().stat(scene.path('file'))).contentGeneration).toBe(1);
  });

  it('CH 2.9, step 2: every replica says who is master, and none but the master answers more', async (scene) => {
    const session = await scene.rawSession();
    const { address: master } = session.channel;
    for (const address of scene.backend.addresses) {
      const channel = scene.channelTo(address);
      await scene.eventually(`${address} knows the master`, async () => {
        const outcome = await scene.until(channel.call('getMaster', { waitMs: 0, otherThan: '' }, 5_000));
        return 'response' in outcome && outcome.response.master?.address === master;
      });
      if (address === master) continue;
      const elsewhere = new RawSession(channel, session.credential, session.leaseMs);
      const { reason, metadata } = await elsewhere.refusal('open', openRequest(scene.path('file')));
      expect(reason).toBe('NOT_MASTER');
      expect(metadata['chubby-master']).toBe(master);
    }
  });

  it('CH 2.9, step 3: sessions live on under the new master, by their credential', async (scene) => {
    const session = await scene.rawSession();
    const again = await afterFailOver(scene, session);
    const keepAlives = again.keepAlives();
    expect((await scene.until(keepAlives.ask(0))).failure?.reason).toBeUndefined();
    keepAlives.close();
  });

  it('CH 2.9, step 3: locks stay held, at their generation', async (scene) => {
    const client = scene.client();
    const handle = await client.open(scene.path('lock'), { write: true, create: 'must' });
    await handle.acquire();
    const sequencer = await handle.getSequencer();
    await scene.failOver('killed');
    const other = await scene.client().open(scene.path('lock'), { write: true });
    expect(await scene.until(other.tryAcquire())).toMatchObject({ granted: false, holderSessionId: client.sessionId });
    expect(await scene.until(client.checkSequencer(sequencer))).toMatchObject({ valid: true });
    expect((await scene.until(handle.getStat())).lockGeneration).toBe(1);
  });

  it('CH 2.9, step 3: a session that says nothing has its whole lease from the new master, and ends then', async (scene) => {
    const session = await scene.rawSession({ leaseMs: 4_000 });
    const handle = await session.open(scene.path('lock'));
    await session.call('tryAcquire', { handle, ...EXCLUSIVE });
    const wanted = await scene.client().open(scene.path('lock'), { write: true });
    await scene.failOver();
    const granted = wanted.acquire();
    expect(await scene.isSettled(granted)).toBe(false);
    expect(await scene.until(granted, 12_000)).toMatchObject({ granted: true });
  });

  it('CH 2.9, step 3: a lock that is held back counts its whole delay anew', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('lock'), { lockDelayMs: 2_500 });
    await session.call('tryAcquire', { handle, ...EXCLUSIVE });
    await scene.expire(session.id);
    await scene.failOver();
    const wanted = await scene.client().open(scene.path('lock'), { write: true });
    const refused = await scene.until(wanted.tryAcquire());
    expect(refused).toMatchObject({ granted: false });
    expect(await scene.until(wanted.acquire(), 6_000)).toMatchObject({ granted: true });
  });

  it('CH 2.9, steps 4 and 5: the first KeepAlive is answered by the fail-over event, once', async (scene) => {
    const session = await scene.rawSession();
    const again = await afterFailOver(scene, session);
    const keepAlives = await acknowledgeFailOver(scene, again);
    await scene.settle();
    expect(keepAlives.unread).toBe(0);
    keepAlives.close();
  });

  it('CH 2.9, step 5: a fail-over event that is not acknowledged is told again', async (scene) => {
    const session = await scene.rawSession();
    const again = await afterFailOver(scene, session);
    const keepAlives = again.keepAlives();
    const first = await scene.until(keepAlives.ask(0));
    const second = await scene.until(keepAlives.ask(0));
    for (const { events } of [first, second]) expect(events.map(({ event }) => event)).toContain('masterFailedOver');
    keepAlives.close();
  });

  it('CH 2.9, step 5: reply numbers of a new master are above those of every earlier one', async (scene) => {
    const session = await scene.rawSession();
    const before = session.keepAlives();
    before.send(0);
    before.send(0);
    const { replyNumber } = await scene.until(before.answer());
    before.close();
    const again = await afterFailOver(scene, session);
    const after = again.keepAlives();
    expect((await scene.until(after.ask(0))).replyNumber).toBeGreaterThan(replyNumber);
    after.close();
  });

  it('CH 2.9, step 6: a write waits for sessions that have not acknowledged, at most for their lease', async (scene) => {
    const name = scene.path('file');
    await scene.client().write(name, 'old');
    const silent = await scene.rawSession({ leaseMs: 4_000 });
    await silent.call('getContentsAndStat', { target: 'name', name });
    await scene.failOver();
    const writer = scene.client();
    const written = writer.write(name, 'new');
    await scene.eventually('the writer has a session', () => writer.sessionId !== undefined);
    expect(await scene.isSettled(written)).toBe(false);
    expect((await scene.until(written, 12_000)).contentGeneration).toBe(2);
  });

  it('CH 2.9, step 6: when all have acknowledged, writes wait for nobody', async (scene) => {
    const name = scene.path('file');
    await scene.client().write(name, 'old');
    const session = await scene.rawSession();
    await session.call('getContentsAndStat', { target: 'name', name });
    const again = await afterFailOver(scene, session);
    const keepAlives = await acknowledgeFailOver(scene, again);
    await again.call('reattach', { handles: [], cached: [], complete: true, acknowledgedReply: 0 });
    expect((await scene.until(scene.client().write(name, 'new'), 3_000)).contentGeneration).toBe(2);
    keepAlives.close();
  });

  it('DESIGN 5: a session that said that it caches nothing is waited for by nobody', async (scene) => {
    const name = scene.path('file');
    await scene.client().write(name, 'old');
    const silent = await scene.rawSession({ cachesNothing: true });
    await silent.call('getContentsAndStat', { target: 'name', name });
    await scene.failOver();
    expect((await scene.until(scene.client().write(name, 'new'), 3_000)).contentGeneration).toBe(2);
  });

  it('DESIGN 5: who has acknowledged reads and opens, though others are silent', async (scene) => {
    const name = scene.path('file');
    await scene.client().write(name, 'contents');
    const silent = await scene.rawSession({ leaseMs: 4_000 });
    await silent.call('getContentsAndStat', { target: 'name', name });
    const session = await scene.rawSession();
    const again = await afterFailOver(scene, session);
    const keepAlives = await acknowledgeFailOver(scene, again);
    const read = again.call('getContentsAndStat', { target: 'name', name });
    expect((await scene.until(read, 2_000)).contents.toString()).toBe('contents');
    expect(
      (await scene.until(again.open(name, { create: CreateMode.CREATE_MODE_NEVER }), 2_000)).length,
    ).toBeGreaterThan(0);
    keepAlives.close();
  });

  it('CH 2.9, step 7: a client of the library notices nothing but the event', async (scene) => {
    const client = scene.client();
    const handle = await client.open(scene.path('file'), { write: true, create: 'must', initialContents: 'kept' });
    const id = client.sessionId;
    const told: string[] = [];
    for (const event of ['jeopardy', 'expired', 'failedOver'] as const) client.on(event, () => told.push(event));
    await scene.failOver();
    expect((await scene.until(handle.getContentsAndStat())).contents.toString()).toBe('kept');
    await scene.until(handle.setContents('new'));
    expect(client.sessionId).toBe(id);
    expect(told).toEqual(['failedOver']);
  });

  it('CH 2.9, step 7: nothing that was acknowledged is lost', async (scene) => {
    const client = scene.client();
    const names = Array.from({ length: 20 }, (_, index) => scene.path(`file-${index}`));
    await scene.until(Promise.all(names.map((name) => client.write(name, name))));
    await scene.failOver('killed');
    const reader = scene.client();
    for (const name of names) expect((await scene.until(reader.read(name))).contents.toString()).toBe(name);
  });

  it('CH 2.9, step 8: a handle that an earlier master made is recreated when it is used', async (scene) => {
    const session = await scene.rawSession();
    const reading = await session.open(scene.path('file'), { write: false });
    const again = await afterFailOver(scene, session);
    const keepAlives = await acknowledgeFailOver(scene, again);
    await again.call('getStat', { target: 'handle', handle: reading });
    const write = { target: 'handle', handle: reading, contents: Buffer.from('x'), create: false } as const;
    expect((await scene.until(again.refusal('setContents', write))).reason).toBe('MODE_FORBIDS');
    keepAlives.close();
  });

  it('CH 2.9, step 8: a handle that was recreated and closed is not recreated again', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('file'));
    const again = await afterFailOver(scene, session);
    const keepAlives = await acknowledgeFailOver(scene, again);
    await scene.until(again.call('close', { handle }));
    expect((await again.refusal('getStat', { target: 'handle', handle })).reason).toBe('HANDLE_CLOSED');
    keepAlives.close();
  });

  it('CH 2.9, step 8: a forged handle is refused by the new master, too', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('file'));
    const again = await afterFailOver(scene, session);
    const keepAlives = await acknowledgeFailOver(scene, again);
    const altered = Buffer.from(handle);
    altered[20]! ^= 1;
    expect((await again.refusal('getStat', { target: 'handle', handle: altered })).reason).toBe('BAD_HANDLE');
    keepAlives.close();
  });

  it('CH 2.9, step 8: a handle is bound to its instance under the new master, too', async (scene) => {
    const client = scene.client();
    const handle = await client.open(scene.path('file'), { write: true, create: 'must' });
    await scene.failOver();
    const other = scene.client();
    await scene.until(other.delete(scene.path('file')));
    await scene.until(other.write(scene.path('file'), 'another'));
    expect(await scene.until(reasonOf(handle.setContents('x')))).toBe('INSTANCE_GONE');
  });

  it('DESIGN 5: a handle that a sequencer was set on is refused by every later master once the lock is lost', async (scene) => {
    const client = scene.client();
    const lock = await client.open(scene.path('lock'), { write: true, create: 'must' });
    await lock.acquire();
    const file = await client.open(scene.path('file'), { write: true, create: 'must' });
    const bound = await file.setSequencer(await lock.getSequencer());
    await scene.failOver();
    expect(await scene.until(reasonOf(bound.setContents('still held')))).toBe('none');
    await lock.release();
    expect(await reasonOf(bound.setContents('too late'))).toBe('STALE_SEQUENCER');
  });

  it('DESIGN 5: an Acquire that waits is granted after a change of master, once', async (scene) => {
    const name = scene.path('lock');
    const held = await scene.client().open(name, { write: true, create: 'must' });
    await held.acquire();
    const waiter = await scene.client().open(name, { write: true });
    const granted = waiter.acquire();
    await scene.waiters(name, 1);
    await scene.failOver('killed');
    expect(await scene.isSettled(granted)).toBe(false);
    await scene.until(held.release());
    expect(await scene.until(granted)).toEqual({ granted: true, lockGeneration: 2 });
  });

  it('CH 2.9, step 9: an ephemeral file that a client has open stays', async (scene) => {
    const client = scene.client();
    await client.open(scene.path('file'), { create: 'must', ephemeral: true });
    await scene.failOver();
    expect(await scene.until(reasonOf(scene.client().stat(scene.path('file'))))).toBe('none');
  });

  it.inProcessOnly(
    LONG,
    'CH 2.9, step 9: an ephemeral file that a client has open stays beyond a minute',
    async (scene) => {
      const client = scene.client();
      await client.open(scene.path('file'), { create: 'must', ephemeral: true });
      await scene.failOver();
      await scene.pass(180_000);
      expect(await scene.until(reasonOf(scene.client().stat(scene.path('file'))))).toBe('none');
    },
  );

  it.inProcessOnly(
    LONG,
    'CH 2.9, step 9: an ephemeral file that nobody shows a handle for goes after a minute',
    async (scene) => {
      const session = await scene.rawSession();
      await session.open(scene.path('file'), { ephemeral: true });
      await session.open(scene.path('permanent'));
      const again = await afterFailOver(scene, session);
      const keepAlives = await acknowledgeFailOver(scene, again);
      const looker = scene.client();
      await looker.open(scene.directory);
      const stay = async (forMs: number): Promise<void> => {
        for (const endMs = scene.cell.nowMs + forMs; scene.cell.nowMs < endMs; await scene.pass(1_000)) {
          while (keepAlives.unread > 0) keepAlives.send((await keepAlives.answer()).replyNumber);
        }
      };
      await stay(50_000);
      expect(await scene.until(reasonOf(looker.stat(scene.path('file'))))).toBe('none');
      await stay(40_000);
      expect(await scene.until(reasonOf(looker.stat(scene.path('file'))))).toBe('NOT_FOUND');
      expect(await scene.until(reasonOf(looker.stat(scene.path('permanent'))))).toBe('none');
      keepAlives.close();
    },
  );

  it('DESIGN 5: what happened to a file while the master changed is told afterwards', async (scene) => {
    const name = scene.path('file');
    const [follower, writer] = [scene.client(), scene.client()];
    await writer.write(name, 'old');
    const handle = await follower.open(name, { events: ['contentsModified'] });
    let newest = 0;
    handle.on('contentsModified', ({ revision }) => (newest = revision));
    const [, { revision }] = await scene.until(Promise.all([scene.failOver(), writer.write(name, 'new')]));
    await scene.eventually('the follower is told', () => newest >= revision);
  });

  it('DESIGN 5: a subscription goes on under the new master', async (scene) => {
    const [follower, writer] = [scene.client(), scene.client()];
    const handle = await follower.open(scene.directory, { events: ['childAdded'] });
    const added: string[] = [];
    handle.on('childAdded', ({ name }) => added.push(name));
    await scene.failOver('killed');
    await scene.until(writer.write(scene.path('child'), ''));
    await scene.eventually('the follower is told', () => added.includes(scene.wholeName('child')));
  });

  it('DESIGN 5: a file that was deleted while the master changed makes its handles invalid', async (scene) => {
    const name = scene.path('file');
    const [follower, writer] = [scene.client(), scene.client()];
    await writer.write(name, 'old');
    const handle = await follower.open(name, { events: ['handleInvalid'] });
    let told = false;
    handle.on('handleInvalid', () => (told = true));
    await scene.until(Promise.all([scene.failOver(), writer.delete(name)]));
    await scene.eventually('the follower is told', () => told);
    expect(await scene.until(reasonOf(handle.getStat()))).toBe('INSTANCE_GONE');
  });

  it('DESIGN 5: what is cached survives a change of master where it is still true', async (scene) => {
    const [kept, changed] = [scene.path('kept'), scene.path('changed')];
    const writer = scene.client();
    await writer.write(kept, 'x');
    await writer.write(changed, 'x');
    const session = await scene.rawSession();
    const cached = [];
    for (const name of [kept, changed]) {
      const { stat } = await session.call('getStat', { target: 'name', name });
      const { instanceNumber, revision, lockGeneration } = stat!;
      const whole = name.replace('/ls/local', '/ls/test');
      const facts = { instanceNumber, revision, lockGeneration, newestChildRevision: 0, childLockGenerations: 0 };
      cached.push({ name: whole, kind: 'CACHED_KIND_NODE' as const, ...facts });
    }
    cached[1]!.revision -= 1;
    const again = await afterFailOver(scene, session);
    const keepAlives = await acknowledgeFailOver(scene, again);
    const { stillTrue } = await scene.until(
      again.call('reattach', { handles: [], cached, complete: true, acknowledgedReply: 0 }),
    );
    expect(stillTrue).toEqual([0]);
    keepAlives.close();
  });

  it('CH 2.9: a cached read after a change of master is not older than a write acknowledged before it', async (scene) => {
    const name = scene.path('file');
    const [writer, reader] = [scene.client(), scene.client()];
    await writer.write(name, 'old');
    await reader.open(name);
    await reader.read(name);
    await Promise.all([scene.failOver(), scene.until(writer.write(name, 'new'))]);
    expect((await scene.until(reader.read(name))).contents.toString()).toBe('new');
  });

  it.inProcessOnly('it takes half a minute', 'CH 2.8: a session is kept across an outage of 30 s', async (scene) => {
    const client = scene.client();
    const handle = await client.open(scene.path('lock'), { write: true, create: 'must' });
    await handle.acquire();
    const told: string[] = [];
    for (const event of ['jeopardy', 'safe', 'expired'] as const) client.on(event, () => told.push(event));
    for (const id of [1, 2, 3]) await scene.cell.kill(id);
    await scene.pass(30_000);
    expect(client.sessionState).toBe('jeopardy');
    for (const id of [1, 2, 3]) await scene.cell.restart(id);
    await scene.until(handle.setContents('still mine'));
    expect(told).toEqual(['jeopardy', 'safe']);
    expect((await scene.until(handle.getStat())).lockGeneration).toBe(1);
  });
});

// Sessions and KeepAlives. ([CH] 2.8; DESIGN 5)
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Client } from '../../src/client/index.js';
import { LockMode } from '../../src/wire/types.js';
import { answerOf, RawSession } from './harness/raw-session.js';
import { reasonOf } from './harness/scene.js';
import type { Scene } from './harness/scene.js';
import { section } from './harness/suite.js';

const SHORT_LEASE_MS = 4_000;
const CUT = 'a network cannot be cut here';
const LONG = 'it takes a minute';
const GONE = /^(SESSION_EXPIRED|UNKNOWN_SESSION)$/;

/** What the client is told of its session from here on. */
function toldTo(client: Client): string[] {
  const told: string[] = [];
  for (const event of ['jeopardy', 'safe', 'expired', 'failedOver'] as const) client.on(event, () => told.push(event));
  return told;
}

/** A client with a session that holds something. */
async function connected(scene: Scene) {
  const client = scene.client();
  const handle = await client.open(scene.path('file'), { create: 'may', write: true, initialContents: 'contents' });
  return { client, handle, told: toldTo(client) };
}

section('sessions', (it) => {
  it('DESIGN 5: a session is asked for again with its nonce, and there is one', async (scene) => {
    const channel = await scene.channel();
    const request = { nonce: randomBytes(16), cachesNothing: false, leaseMs: 0 };
    const first = answerOf(await channel.call('createSession', request, 5_000));
    const second = answerOf(await channel.call('createSession', request, 5_000));
    expect(second.session).toEqual(first.session);
    const other = answerOf(await channel.call('createSession', { ...request, nonce: randomBytes(16) }, 5_000));
    expect(other.session).not.toEqual(first.session);
  });

  it('CH 2.8: a lease is 12 s unless another one is asked for', async (scene) => {
    expect((await scene.rawSession()).leaseMs).toBe(12_000);
    expect((await scene.rawSession({ leaseMs: 20_000 })).leaseMs).toBe(20_000);
  });

  it('DESIGN 5: a lease that is asked for is granted between 4 and 60 s', async (scene) => {
    expect((await scene.rawSession({ leaseMs: 1 })).leaseMs).toBe(4_000);
    expect((await scene.rawSession({ leaseMs: 3_600_000 })).leaseMs).toBe(60_000);
  });

  it('CH 2.8: the master holds a KeepAlive back as long as there is nothing to tell', async (scene) => {
    const keepAlives = (await scene.rawSession()).keepAlives();
    keepAlives.send(0);
    await scene.settle();
    expect(keepAlives.unread).toBe(0);
    keepAlives.close();
  });

  it.inProcessOnly(
    'real time would not be exact',
    'CH 2.8: a KeepAlive is answered when the lease is nearly over, and before',
    async (scene) => {
      const keepAlives = (await scene.rawSession()).keepAlives();
      keepAlives.send(0);
      await scene.pass(6_000);
      expect(keepAlives.unread).toBe(0);
      await scene.pass(5_000);
      expect(keepAlives.unread).toBe(1);
      keepAlives.close();
    },
  );

  it('CH 2.8: an answer to a KeepAlive names the KeepAlive and extends the lease', async (scene) => {
    const session = await scene.rawSession({ leaseMs: SHORT_LEASE_MS });
    const keepAlives = session.keepAlives();
    keepAlives.send(0);
    keepAlives.send(0); // a second one makes the master answer the first
    const answer = await scene.until(keepAlives.answer());
    expect(answer.answers).toBe(1);
    expect(answer.leaseMs).toBeGreaterThanOrEqual(SHORT_LEASE_MS);
    expect(answer.failure?.reason).toBeUndefined();
    keepAlives.close();
  });

  it('CH 2.8: reply numbers grow by one', async (scene) => {
    const keepAlives = (await scene.rawSession()).keepAlives();
    keepAlives.send(0);
    keepAlives.send(0);
    const first = await scene.until(keepAlives.answer());
    keepAlives.send(first.replyNumber);
    const second = await scene.until(keepAlives.answer());
    expect(second.replyNumber).toBe(first.replyNumber + 1);
    keepAlives.close();
  });

  it('CH 2.8: a session that is kept alive outlives its lease', async (scene) => {
    const { client, told } = await connected(scene);
    const short = scene.client({ leaseMs: SHORT_LEASE_MS });
    await short.open(scene.path('file'));
    const id = short.sessionId;
    await scene.pass(5_000);
    expect(short.sessionState).toBe('safe');
    expect(short.sessionId).toBe(id);
    expect(client.sessionState).toBe('safe');
    expect(told).toEqual([]);
  });

  it('CH 2.8: a session that is not kept alive ends with its lease, and what it held is free', async (scene) => {
    const session = await scene.rawSession({ leaseMs: SHORT_LEASE_MS });
    const lock = await session.open(scene.path('lock'));
    await session.call('tryAcquire', { handle: lock, mode: LockMode.LOCK_MODE_EXCLUSIVE });
    await session.open(scene.path('ephemeral'), { ephemeral: true });
    const other = scene.client();
    const wanted = await other.open(scene.path('lock'), { write: true });
    expect(await wanted.tryAcquire()).toMatchObject({ granted: false });
    expect(await scene.until(wanted.acquire(), 10_000)).toMatchObject({ granted: true });
    expect(await reasonOf(other.stat(scene.path('ephemeral')))).toBe('NOT_FOUND');
    const { reason } = await session.refusal('getStat', { target: 'handle', handle: lock });
    expect(reason).toMatch(GONE);
  });

  it('CH 2.8: every call of a session that has ended fails, and nothing of it acts later', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('file'));
    await scene.expire(session.id);
    const write = { target: 'handle', handle, contents: Buffer.from('late'), create: false } as const;
    for (let repeat = 0; repeat < 3; repeat++)
      expect((await session.refusal('setContents', write)).reason).toMatch(GONE);
    const open = { target: 'name', name: scene.path('new'), contents: Buffer.from('late'), create: true } as const;
    expect((await session.refusal('setContents', open)).reason).toMatch(GONE);
    const { contents } = await scene.client().read(scene.path('file'));
    expect(contents.length).toBe(0);
  });

  it('CH 2.8: a KeepAlive of a session that has ended is answered by that, and so is one that is held', async (scene) => {
    const session = await scene.rawSession();
    const keepAlives = session.keepAlives();
    keepAlives.send(0);
    await scene.settle();
    await scene.expire(session.id);
    expect((await scene.until(keepAlives.answer())).failure?.reason).toMatch(GONE);
    keepAlives.send(0);
    expect((await scene.until(keepAlives.answer())).failure?.reason).toMatch(GONE);
    keepAlives.close();
  });

  it('CH 2.8: a client is told that its session has expired, and each of its calls fails from then on', async (scene) => {
    const { client, handle, told } = await connected(scene);
    await scene.expire(client.sessionId!);
    await scene.eventually('the client is told', () => told.includes('expired'));
    expect(await reasonOf(handle.setContents('late'))).toBe('SESSION_EXPIRED');
    expect(await reasonOf(handle.getStat())).toBe('SESSION_EXPIRED');
    expect(client.sessionState).toBe('expired');
  });

  it('CH 2.8: a session that is closed ends at once, with its handles, locks and ephemeral nodes', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('lock'));
    await session.call('tryAcquire', { handle, mode: LockMode.LOCK_MODE_EXCLUSIVE });
    await session.open(scene.path('ephemeral'), { ephemeral: true });
    await session.closeSession();
    const client = scene.client();
    expect((await scene.explain(scene.path('lock'))).lock.holders).toEqual([]);
    expect(await reasonOf(client.stat(scene.path('ephemeral')))).toBe('NOT_FOUND');
    expect((await session.refusal('getStat', { target: 'handle', handle })).reason).toMatch(GONE);
  });

  it('DESIGN 5: closing a session twice is no error', async (scene) => {
    const session = await scene.rawSession();
    await session.closeSession();
    await session.closeSession();
  });

  it('DESIGN 5: an id without its secret is nobody’s session', async (scene) => {
    const session = await scene.rawSession();
    const forged = { id: session.credential.id, secret: randomBytes(16) };
    const thief = new RawSession(session.channel, forged, session.leaseMs);
    const write = { target: 'name', name: scene.path('file'), contents: Buffer.from('x'), create: true } as const;
    expect((await thief.refusal('setContents', write)).reason).toBe('BAD_CREDENTIAL');
    const keepAlives = thief.keepAlives();
    keepAlives.send(0);
    expect((await scene.until(keepAlives.answer())).failure?.reason).toBe('BAD_CREDENTIAL');
    keepAlives.close();
    await session.call('setContents', write);
  });

  it('DESIGN 5: a session that never was is refused', async (scene) => {
    const channel = await scene.channel();
    const stranger = new RawSession(channel, { id: randomBytes(8), secret: randomBytes(16) }, 0);
    const write = { target: 'name', name: scene.path('file'), contents: Buffer.from('x'), create: true } as const;
    expect((await stranger.refusal('setContents', write)).reason).toBe('UNKNOWN_SESSION');
  });

  it('DESIGN 5: a session belongs to no connection: it goes on over another one', async (scene) => {
    const session = await scene.rawSession();
    const handle = await session.open(scene.path('file'));
    session.channel.close();
    const again = new RawSession(await scene.channel(), session.credential, session.leaseMs);
    await again.call('getStat', { target: 'handle', handle });
  });

  it('issue 3: many sessions are kept alive over one connection, and each hears of its own end', async (scene) => {
    const first = await scene.rawSession();
    const request = () => ({ nonce: randomBytes(16), cachesNothing: true, leaseMs: 0 });
    const created = await Promise.all(
      Array.from({ length: 20 }, () => first.channel.call('createSession', request(), 5_000)),
    );
    const sessions = created.map((outcome) => new RawSession(first.channel, answerOf(outcome).session!, 0));
    const all = sessions.map((session) => session.keepAlives());
    for (const keepAlives of all) keepAlives.send(0);
    await scene.settle();
    await scene.expire(sessions[7]!.id);
    expect((await scene.until(all[7]!.answer())).sessionId.toString('hex')).toBe(sessions[7]!.id);
    expect(all.filter((_, index) => index !== 7).every(({ unread }) => unread === 0)).toBe(true);
    for (const keepAlives of all) keepAlives.close();
  });

  it('CH 2.8: whoever asks sees sessions with what they hold', async (scene) => {
    const { client, handle } = await connected(scene);
    await handle.acquire();
    const sessions = [];
    for await (const session of client.admin.listSessions()) sessions.push(session);
    const own = sessions.find(({ id }) => id === client.sessionId);
    expect(own).toMatchObject({ openHandles: 1, heldLocks: 1, waitingAcquires: 0 });
  });

  // --- what takes a network that fails, or time ---

  it.inProcessOnly(CUT, 'CH 2.8: a client whose lease is over by its own count is in jeopardy', async (scene) => {
    const { client, told } = await connected(scene);
    await scene.cell.cut(client);
    await scene.pass(12_000);
    expect(client.sessionState).toBe('jeopardy');
    expect(told).toEqual(['jeopardy']);
    await scene.cell.heal(client);
  });

  it.inProcessOnly(CUT, 'CH 2.8: the client’s lease is over before the master’s', async (scene) => {
    const { client, handle, told } = await connected(scene);
    await handle.acquire();
    const wanted = await scene.client().open(scene.path('file'), { write: true });
    let order = '';
    client.on('jeopardy', () => (order += 'jeopardy, '));
    const granted = wanted.acquire().then(() => (order += 'granted to another'));
    await scene.cell.cut(client);
    await scene.until(granted);
    expect(order).toBe('jeopardy, granted to another');
    expect(told).toEqual(['jeopardy']);
    await scene.cell.heal(client);
  });

  it.inProcessOnly(CUT, 'CH 2.8: in jeopardy calls wait, and go on when the session is safe', async (scene) => {
    const { client, handle, told } = await connected(scene);
    await scene.cell.cut(client);
    await scene.pass(11_500);
    expect(client.sessionState).toBe('jeopardy');
    const read = handle.getContentsAndStat();
    const held = handle.tryAcquire();
    expect(await scene.isSettled(read)).toBe(false);
    await scene.cell.heal(client);
    expect((await scene.until(read)).contents.toString()).toBe('contents');
    expect(await scene.until(held)).toMatchObject({ granted: true });
    expect(told).toEqual(['jeopardy', 'safe']);
  });

  it.inProcessOnly(CUT, 'CH 2.8: after the grace period of 45 s the session has expired', async (scene) => {
    const { client, handle, told } = await connected(scene);
    const read = reasonOf(handle.setContents('x', { timeoutMs: Infinity }));
    await scene.until(read);
    await scene.cell.cut(client);
    await scene.pass(54_000);
    expect(client.sessionState).toBe('jeopardy');
    const late = reasonOf(handle.setContents('x', { timeoutMs: Infinity }));
    await scene.pass(3_000);
    expect(told).toEqual(['jeopardy', 'expired']);
    expect(await late).toBe('SESSION_EXPIRED');
    await scene.cell.heal(client);
  });

  it.inProcessOnly(
    CUT,
    'CH 2.8: once expired, later calls fail alike, though the cell can be reached again',
    async (scene) => {
      const { client, handle } = await connected(scene);
      await scene.cell.cut(client);
      await scene.pass(70_000);
      await scene.cell.heal(client);
      await scene.pass(1_000);
      for (let repeat = 0; repeat < 3; repeat++) {
        expect(await reasonOf(handle.setContents('x'))).toBe('SESSION_EXPIRED');
        await scene.pass(10_000);
      }
    },
  );

  it.inProcessOnly(CUT, 'DESIGN 3.5: a client whose machine slept does not take its lease for good', async (scene) => {
    const { client, told } = await connected(scene);
    await scene.cell.suspend(client);
    await scene.pass(2_000);
    await scene.cell.resume(client);
    await scene.pass(500);
    expect(told[0]).toBe('jeopardy');
    await scene.pass(12_000);
    expect(client.sessionState).toBe('safe');
  });

  it.inProcessOnly(
    CUT,
    'issue 3: a process that was stopped beyond its lease is told nothing untrue',
    async (scene) => {
      const { client, handle } = await connected(scene);
      await handle.acquire();
      await handle.getContentsAndStat();
      await scene.cell.pause(client);
      await scene.pass(30_000);
      const read = reasonOf(client.read(scene.path('file')));
      const sequencer = reasonOf(handle.getSequencer());
      await scene.cell.resume(client);
      expect(await scene.until(sequencer)).toBe('SESSION_EXPIRED');
      expect(await scene.until(read)).toMatch(/^(SESSION_EXPIRED|none)$/);
    },
  );

  it.inProcessOnly(LONG, 'CH 2.8: a session with nothing open and no calls ends after a minute', async (scene) => {
    const session = await scene.rawSession();
    const keepAlives = session.keepAlives();
    let failure: string | undefined;
    let acknowledged = 0;
    for (const endMs = scene.cell.nowMs + 90_000; failure === undefined && scene.cell.nowMs < endMs;) {
      const answer = await scene.until(keepAlives.ask(acknowledged));
      acknowledged = answer.replyNumber;
      failure = answer.failure?.reason;
    }
    expect(failure).toBe('SESSION_IDLE');
    keepAlives.close();
  });

  it.inProcessOnly(
    LONG,
    'CH 2.8: the user of the library does not notice that an idle session ended',
    async (scene) => {
      const client = scene.client();
      await client.write(scene.path('file'), 'one');
      const told = toldTo(client);
      await scene.pass(120_000);
      await scene.until(client.write(scene.path('file'), 'two'));
      expect((await scene.until(client.read(scene.path('file')))).contents.toString()).toBe('two');
      expect(told).toEqual([]);
    },
  );

  it.inProcessOnly(LONG, 'CH 2.8: a session with an open handle does not end for want of calls', async (scene) => {
    const { client, told } = await connected(scene);
    const id = client.sessionId;
    await scene.pass(180_000);
    expect(client.sessionId).toBe(id);
    expect(client.sessionState).toBe('safe');
    expect(told).toEqual([]);
  });
});

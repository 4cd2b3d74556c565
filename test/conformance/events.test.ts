// Events. ([CH] 2.5; DESIGN 5)
import { expect } from 'vitest';
import type { Client, Handle, NodeEvent, NodeEventKind, OpenOptions } from '../../src/client/index.js';
import { LIMITS } from '../../src/wire/limits.js';
import { CreateMode, EventKind, LockMode } from '../../src/wire/types.js';
import { answerOf, openRequest } from './harness/raw-session.js';
import type { RawKeepAlives, RawSession } from './harness/raw-session.js';
import type { Scene } from './harness/scene.js';
import { section } from './harness/suite.js';

const ALL: readonly NodeEventKind[] = [
  'contentsModified',
  'childAdded',
  'childRemoved',
  'childModified',
  'handleInvalid',
  'lockInvalid',
  'lockAcquired',
  'conflictingLockRequest',
];

/** The events of a handle, as they come. */
class Followed {
  readonly events: { kind: string; name: string; revision: number }[] = [];

  constructor(
    private readonly scene: Scene,
    readonly handle: Handle,
    kinds: readonly NodeEventKind[],
  ) {
    for (const kind of kinds) handle.on(kind, (event: NodeEvent) => this.events.push(event));
  }

  static async open(
    scene: Scene,
    client: Client,
    name: string,
    kinds: readonly NodeEventKind[],
    more: OpenOptions = {},
  ) {
    return new Followed(scene, await client.open(name, { ...more, events: kinds }), kinds);
  }

  get kinds(): string[] {
    return this.events.map(({ kind }) => kind);
  }

  /** Waits until so many came, and a little more for such as should not have come. */
  async come(count: number): Promise<void> {
    await this.scene.eventually(
      `${count} events, not ${this.kinds.join(', ')}`,
      () => this.events.length >= count,
      5_000,
    );
    await this.scene.settle();
    expect(this.kinds.length).toBe(count);
  }
}

/** A session by hand with a subscription, and one KeepAlive held. */
async function subscribed(scene: Scene, name: string, events: EventKind[], recursive = false) {
  const session: RawSession = await scene.rawSession();
  await session.open(name, { events, recursive, create: CreateMode.CREATE_MODE_NEVER });
  const keepAlives: RawKeepAlives = session.keepAlives();
  keepAlives.send(0);
  return { session, keepAlives };
}

section('events', (it) => {
  it('CH 2.5: contents modified', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('file'), 'old');
    const followed = await Followed.open(scene, scene.client(), scene.path('file'), ['contentsModified']);
    const { revision } = await writer.write(scene.path('file'), 'new');
    await followed.come(1);
    expect(followed.events[0]).toEqual({ kind: 'contentsModified', name: scene.wholeName('file'), revision });
  });

  it('CH 2.5: a child added, removed, modified', async (scene) => {
    const kinds = ['childAdded', 'childRemoved', 'childModified'] as const;
    const followed = await Followed.open(scene, scene.client(), scene.directory, kinds);
    const writer = scene.client();
    await writer.write(scene.path('child'), 'old');
    await followed.come(1);
    await writer.write(scene.path('child'), 'new');
    await followed.come(2);
    await writer.delete(scene.path('child'));
    await followed.come(3);
    expect(followed.kinds).toEqual(['childAdded', 'childModified', 'childRemoved']);
    expect(new Set(followed.events.map(({ name }) => name))).toEqual(new Set([scene.wholeName('child')]));
  });

  it('CH 2.5: a directory is a child, too', async (scene) => {
    const followed = await Followed.open(scene, scene.client(), scene.directory, ['childAdded', 'childRemoved']);
    const writer = scene.client();
    await writer.mkdir(scene.path('child'));
    await followed.come(1);
    await writer.delete(scene.path('child'));
    await followed.come(2);
    expect(followed.kinds).toEqual(['childAdded', 'childRemoved']);
  });

  it('CH 2.5: a handle that became invalid', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('file'), '');
    const followed = await Followed.open(scene, scene.client(), scene.path('file'), ['handleInvalid']);
    await writer.delete(scene.path('file'));
    await followed.come(1);
    expect(followed.events[0]).toMatchObject({ kind: 'handleInvalid', name: scene.wholeName('file') });
  });

  it('CH 2.5: a lock that was lost', async (scene) => {
    const name = scene.path('lock');
    const holder = scene.client();
    const followed = await Followed.open(scene, holder, name, ['lockInvalid'], { write: true, create: 'must' });
    await followed.handle.acquire();
    await scene.client().delete(name);
    await followed.come(1);
    expect(followed.kinds).toEqual(['lockInvalid']);
  });

  it('CH 2.5: a lock acquired', async (scene) => {
    const name = scene.path('lock');
    const lock = await scene.client().open(name, { write: true, create: 'must' });
    const followed = await Followed.open(scene, scene.client(), name, ['lockAcquired']);
    await lock.acquire();
    await followed.come(1);
    await lock.release();
    await lock.acquire();
    await followed.come(2);
  });

  it('CH 2.5: a conflicting lock request', async (scene) => {
    const name = scene.path('lock');
    const kinds = ['conflictingLockRequest'] as const;
    const followed = await Followed.open(scene, scene.client(), name, kinds, { write: true, create: 'must' });
    await followed.handle.acquire();
    const wanted = await scene.client().open(name, { write: true });
    const acquired = wanted.acquire();
    await scene.waiters(name, 1);
    await followed.come(1);
    await followed.handle.release();
    await scene.until(acquired);
  });

  it('CH 2.5: another one that shares a shared lock is no conflict', async (scene) => {
    const name = scene.path('lock');
    const kinds = ['conflictingLockRequest'] as const;
    const followed = await Followed.open(scene, scene.client(), name, kinds, { write: true, create: 'must' });
    await followed.handle.acquire({ mode: 'shared' });
    const other = await scene.client().open(name, { write: true });
    await other.acquire({ mode: 'shared' });
    await scene.settle();
    await followed.come(0);
  });

  it('CH 2.5: the master failed over', async (scene) => {
    const client = scene.client();
    await client.open(scene.directory);
    let times = 0;
    client.on('failedOver', () => times++);
    await scene.failOver();
    await scene.eventually('the client is told', () => times > 0);
    await scene.until(client.stat(scene.directory));
    expect(times).toBe(1);
  });

  it('CH 2.5: a handle is told of the kinds that were asked for at Open, and of no others', async (scene) => {
    const [reader, writer] = [scene.client(), scene.client()];
    await writer.write(scene.path('file'), '');
    const wanted = await Followed.open(scene, reader, scene.path('file'), ['contentsModified']);
    const session = await subscribed(scene, scene.path('file'), []);
    const lock = await writer.open(scene.path('file'), { write: true });
    await lock.acquire();
    await lock.setContents('new');
    await wanted.come(1);
    expect(wanted.kinds).toEqual(['contentsModified']);
    expect(session.keepAlives.unread).toBe(0);
    session.keepAlives.close();
  });

  it('CH 2.5: events come after what they report: who sees one reads at least that state', async (scene) => {
    const name = scene.path('file');
    const [reader, writer] = [scene.client(), scene.client()];
    await writer.write(name, '0');
    const handle = await reader.open(name, { events: ['contentsModified'] });
    const reads: Promise<void>[] = [];
    handle.on('contentsModified', ({ revision }) => {
      reads.push(
        handle.getContentsAndStat().then(({ stat }) => expect(stat.revision).toBeGreaterThanOrEqual(revision)),
      );
    });
    for (let count = 1; count <= 10; count++) await writer.write(name, `${count}`);
    await scene.eventually('an event', () => reads.length > 0);
    await scene.until(Promise.all(reads));
  });

  it('CH 2.5: events come in the order of what happened', async (scene) => {
    const kinds = ['childAdded', 'childRemoved'] as const;
    const followed = await Followed.open(scene, scene.client(), scene.directory, kinds);
    const writer = scene.client();
    for (let count = 0; count < 10; count++) await writer.write(scene.path(`child-${count}`), '');
    await followed.come(10);
    const names = followed.events.map(({ name }) => name);
    expect(names).toEqual(Array.from({ length: 10 }, (_, count) => scene.wholeName(`child-${count}`)));
    const revisions = followed.events.map(({ revision }) => revision);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
  });

  it('CH 2.5: each session that follows a node is told', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('file'), '');
    const opened = Array.from({ length: 5 }, () =>
      Followed.open(scene, scene.client(), scene.path('file'), ['contentsModified']),
    );
    const followers = await scene.until(Promise.all(opened));
    await writer.write(scene.path('file'), 'new');
    for (const followed of followers) await followed.come(1);
  });

  it('CH 2.5: a subscription to a directory is told of its children, and not of what is below them', async (scene) => {
    const writer = scene.client();
    await writer.mkdir(scene.path('inner'));
    const kinds = ['childAdded', 'childModified', 'childRemoved'] as const;
    const followed = await Followed.open(scene, scene.client(), scene.directory, kinds);
    await writer.write(scene.path('inner/file'), '');
    await writer.write(scene.path('inner/file'), 'new');
    await writer.write(scene.path('last'), '');
    await scene.eventually('the last event', () =>
      followed.events.some(({ name }) => name === scene.wholeName('last')),
    );
    expect(followed.events.filter(({ name }) => name === scene.wholeName('inner/file'))).toEqual([]);
  });

  it('issue 3: a recursive subscription is told of all that is below', async (scene) => {
    const writer = scene.client();
    await writer.mkdir(scene.path('inner'));
    const kinds = ['childAdded', 'childModified', 'childRemoved'] as const;
    const followed = await Followed.open(scene, scene.client(), scene.directory, kinds, { recursive: true });
    await writer.mkdir(scene.path('inner/deeper'));
    await writer.write(scene.path('inner/deeper/file'), 'old');
    await writer.write(scene.path('inner/deeper/file'), 'new');
    await writer.delete(scene.path('inner/deeper/file'));
    await followed.come(4);
    expect(followed.events.map(({ kind, name }) => [kind, name])).toEqual([
      ['childAdded', scene.wholeName('inner/deeper')],
      ['childAdded', scene.wholeName('inner/deeper/file')],
      ['childModified', scene.wholeName('inner/deeper/file')],
      ['childRemoved', scene.wholeName('inner/deeper/file')],
    ]);
  });

  it('CH 2.5: a handle that is closed is told of nothing more', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('file'), '');
    const reader = scene.client();
    const [closed, open] = await Promise.all(
      [1, 2].map(() => Followed.open(scene, reader, scene.path('file'), ['contentsModified'])),
    );
    await closed!.handle.close();
    await writer.write(scene.path('file'), 'new');
    await open!.come(1);
    expect(closed!.events).toEqual([]);
  });

  it('CH 2.8: an event that was not acknowledged is told again with the next reply', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('file'), '');
    const { keepAlives } = await subscribed(scene, scene.path('file'), [EventKind.EVENT_KIND_CONTENTS_MODIFIED]);
    await writer.write(scene.path('file'), 'new');
    const first = await scene.until(keepAlives.answer());
    expect(first.events.map(({ event }) => event)).toEqual(['node']);
    keepAlives.send(0);
    keepAlives.send(0); // a second one makes the master answer the first
    const again = await scene.until(keepAlives.answer());
    expect(again.events).toEqual(first.events);
    keepAlives.send(again.replyNumber);
    const { replyNumber } = await scene.until(keepAlives.answer());
    keepAlives.send(replyNumber);
    expect((await scene.until(keepAlives.answer())).events).toEqual([]);
    keepAlives.close();
  });

  it('CH 2.8: events ride on KeepAlive replies: one that is held is answered at once', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('file'), '');
    const { keepAlives } = await subscribed(scene, scene.path('file'), [EventKind.EVENT_KIND_CONTENTS_MODIFIED]);
    await scene.settle();
    expect(keepAlives.unread).toBe(0);
    await writer.write(scene.path('file'), 'new');
    const { events } = await scene.until(keepAlives.answer(), 2_000);
    expect(events[0]?.node).toMatchObject({ kind: 'EVENT_KIND_CONTENTS_MODIFIED', name: scene.wholeName('file') });
    keepAlives.close();
  });

  it('DESIGN 5: an event names the handle by the number of its Open', async (scene) => {
    const writer = scene.client();
    await writer.write(scene.path('file'), '');
    const session = await scene.rawSession();
    await session.open(scene.path('file'), { events: [EventKind.EVENT_KIND_CONTENTS_MODIFIED] }, { number: 42 });
    const keepAlives = session.keepAlives();
    keepAlives.send(0);
    await writer.write(scene.path('file'), 'new');
    expect((await scene.until(keepAlives.answer())).events[0]?.node?.handleId).toBe(42);
    keepAlives.close();
  });

  it('issue 3: whoever wants a kind of event that does not exist is refused', async (scene) => {
    const session = await scene.rawSession();
    const wanted = openRequest(scene.path('file'), { events: [EventKind.EVENT_KIND_UNSPECIFIED] });
    const { reason } = await session.refusal('open', wanted);
    expect(reason).toBe('MALFORMED_REQUEST');
  });

  it('issue 3: a client that never acknowledges is told that events were lost, and hurts nobody', async (scene) => {
    const follower = await subscribed(scene, scene.directory, [EventKind.EVENT_KIND_CHILD_ADDED]);
    const writer = scene.client();
    const lock = await writer.open(scene.path('lock'), { write: true, create: 'must' });
    for (let made = 0; made < LIMITS.nodeEventsPerSession; made += LIMITS.multiOpOperations) {
      const names = Array.from({ length: LIMITS.multiOpOperations }, (_, index) => scene.path(`child-${made + index}`));
      await scene.until(writer.multiOp({ then: names.map((create) => ({ create })) }), 5_000);
    }
    expect(await lock.tryAcquire()).toMatchObject({ granted: true });
    // One KeepAlive was held, and answered by the first event: what came since waits for its acknowledgement.
    await scene.until(follower.keepAlives.answer());
    const { events, replyNumber } = await scene.until(follower.keepAlives.ask(0));
    expect(events.map(({ event }) => event)).toContain('eventsLost');
    expect(events.length).toBeLessThanOrEqual(LIMITS.eventsPerReply);
    // Its subscription goes on.
    follower.keepAlives.send(replyNumber);
    await writer.write(scene.path('one-more'), '');
    const names = new Set<string>();
    while (!names.has(scene.wholeName('one-more'))) {
      const reply = await scene.until(follower.keepAlives.answer());
      for (const { node } of reply.events) if (node) names.add(node.name);
      follower.keepAlives.send(reply.replyNumber);
    }
    follower.keepAlives.close();
  });

  it('CH 2.5: who reads too slowly within a program is told that events were lost', async (scene) => {
    const [reader, writer] = [scene.client(), scene.client()];
    const handle = await reader.open(scene.directory, { events: ['childAdded'] });
    const events = handle.events();
    for (let made = 0; made < 1_152; made += LIMITS.multiOpOperations) {
      const names = Array.from({ length: LIMITS.multiOpOperations }, (_, index) => scene.path(`child-${made + index}`));
      await scene.until(writer.multiOp({ then: names.map((create) => ({ create })) }));
    }
    await scene.until(reader.stat(scene.directory));
    await scene.settle();
    const first = await scene.until(events.next());
    expect(first.value?.kind).toBe('eventsLost');
    await events.return?.();
  });

  it('issue 3: a client that wants all events of everything hurts nobody', async (scene) => {
    const kinds = Object.values(EventKind).filter((kind) => kind !== EventKind.EVENT_KIND_UNSPECIFIED);
    const { session, keepAlives } = await subscribed(scene, '/ls/local', kinds, true);
    const writer = scene.client();
    await writer.mkdir(scene.path('directory'));
    const lock = await writer.open(scene.path('lock'), { write: true, create: 'must' });
    for (let count = 0; count < 20; count++)
      await scene.until(writer.write(scene.path(`directory/${count}`), ''), 2_000);
    expect(await scene.until(lock.tryAcquire(), 2_000)).toMatchObject({ granted: true });
    const { events } = await scene.until(keepAlives.ask(0));
    expect(events.length).toBeGreaterThan(0);
    expect(
      answerOf(
        await session.try('tryAcquire', {
          handle: await session.open(scene.path('other')),
          mode: LockMode.LOCK_MODE_SHARED,
        }),
      ).granted,
    ).toBe(true);
    keepAlives.close();
  });

  it('CH 2.5: what happens before Open is not told, what happens after it is, whoever does it', async (scene) => {
    const client = scene.client();
    await client.write(scene.path('file'), 'before');
    const followed = await Followed.open(scene, client, scene.path('file'), ALL, { write: true });
    await followed.handle.setContents('after');
    await followed.come(1);
    expect(followed.kinds).toEqual(['contentsModified']);
  });
});

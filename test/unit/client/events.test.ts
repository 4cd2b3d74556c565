import { describe, expect, it } from 'vitest';
import type { HandleEvent } from '../../../src/client/events/event-queue.js';
import type { Handle } from '../../../src/client/handle.js';
import type { Event, EventKind } from '../../../src/wire/types.js';
import { refusal } from '../../../src/wire/errors.js';
import { FakeCell, success } from './fake-cell.js';

const MODIFIED = 'EVENT_KIND_CONTENTS_MODIFIED';

const event = (handleId: number, revision: number, kind: EventKind = MODIFIED, name = '/ls/test/a'): Event => ({
  event: 'node',
  node: { handleId, kind, name, revision },
});

/** A handle whose id is 1, and a cell that can tell it of events. */
async function following(): Promise<{ cell: FakeCell; handle: Handle }> {
  const cell = new FakeCell();
  const events = ['contentsModified', 'handleInvalid', 'childAdded'] as const;
  const handle = await cell.client().open('/ls/local/a', { events });
  return { cell, handle };
}

/** Follows a handle until its events end. */
function collect(handle: Handle): { events: HandleEvent[]; end: string } {
  const seen: { events: HandleEvent[]; end: string } = { events: [], end: 'open' };
  const follow = async (): Promise<void> => {
    for await (const one of handle.events()) seen.events.push(one);
  };
  follow().then(
    () => (seen.end = 'done'),
    (error: { reason: string }) => (seen.end = error.reason),
  );
  return seen;
}

describe('events of a handle', () => {
  it('are told in order, once, after the reply that brought them was handled', async () => {
    const { cell, handle } = await following();
    const told: number[] = [];
    handle.on('contentsModified', ({ kind, name, revision }) => {
      expect([kind, name]).toEqual(['contentsModified', '/ls/test/a']);
      told.push(revision);
    });
    const reply = { replyNumber: 5, events: [event(1, 11), event(1, 12), event(77, 13)] };
    cell.answerKeepAlive(reply);
    expect(told).toEqual([]);
    cell.answerKeepAlive(reply);
    await cell.clock.settle();
    expect(told).toEqual([11, 12]);
  });

  it('stop when the listener is withdrawn, and when the handle is closed', async () => {
    const { cell, handle } = await following();
    const told: number[] = [];
    const stop = handle.on('contentsModified', ({ revision }) => told.push(revision));
    const other = handle.on('contentsModified', ({ revision }) => told.push(-revision));
    cell.answerKeepAlive({ events: [event(1, 11)] });
    await cell.clock.settle();
    stop();
    cell.answerKeepAlive({ events: [event(1, 12)] });
    await cell.clock.settle();
    await handle.close();
    cell.answerKeepAlive({ events: [event(1, 13)] });
    await cell.clock.settle();
    expect(told).toEqual([11, -11, -12]);
    other();
  });

  it('wait for the one who opens it, even when they overtake the answer to his Open', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/b', 'x');
    cell.answer = (call) => (call.call === 'open' ? undefined : success(call));
    const opening = client.open('/ls/local/a', { events: ['contentsModified'] });
    await cell.clock.settle();
    cell.answerKeepAlive({ events: [event(2, 11)] });
    await cell.clock.settle();
    cell.reply(success(cell.calls.at(-1)!));
    const handle = await opening;
    cell.answerKeepAlive({ events: [event(2, 12)] });
    await cell.clock.settle();
    const told: number[] = [];
    handle.on('contentsModified', ({ revision }) => told.push(revision));
    await cell.clock.settle();
    expect(told).toEqual([11, 12]);
  });

  it('are only of kinds that the handle was opened with', async () => {
    const { handle } = await following();
    expect(() => handle.on('lockAcquired', () => undefined)).toThrow(
      expect.objectContaining({ reason: 'BAD_ARGUMENT' }),
    );
  });

  it('are lost loudly, of every handle that has any', async () => {
    const { cell, handle } = await following();
    const lost: number[] = [];
    handle.on('eventsLost', ({ upToRevision }) => lost.push(upToRevision));
    cell.answerKeepAlive({ events: [{ event: 'eventsLost', eventsLost: { upToRevision: 40 } }] });
    await cell.clock.settle();
    expect(lost).toEqual([40]);
  });

  it('can be followed in a loop, which ends with the node', async () => {
    const { cell, handle } = await following();
    const seen = collect(handle);
    cell.answerKeepAlive({ events: [event(1, 11), event(1, 12, 'EVENT_KIND_CHILD_ADDED', '/ls/test/a/b')] });
    cell.answerKeepAlive({ events: [event(1, 13, 'EVENT_KIND_HANDLE_INVALID')] });
    await cell.clock.settle();
    expect(seen.events).toEqual([
      { kind: 'contentsModified', name: '/ls/test/a', revision: 11 },
      { kind: 'childAdded', name: '/ls/test/a/b', revision: 12 },
      { kind: 'handleInvalid', name: '/ls/test/a', revision: 13 },
    ]);
    expect(seen.end).toBe('done');
  });

  it('end their loop when the handle is closed, and with an error when the session is gone', async () => {
    const closed = await following();
    const seen = collect(closed.handle);
    await closed.handle.close();
    await closed.cell.clock.settle();
    expect(seen.end).toBe('done');
    const gone = await following();
    const broken = collect(gone.handle);
    await gone.cell.clock.settle();
    gone.cell.answerKeepAlive({ failure: refusal('SESSION_EXPIRED', 'too late') });
    await gone.cell.clock.settle();
    expect(broken.end).toBe('SESSION_EXPIRED');
  });

  it('end their loop when its signal fires', async () => {
    const { cell, handle } = await following();
    const stop = new AbortController();
    const next = handle.events({ signal: stop.signal }).next();
    const outcome = expect(next).rejects.toMatchObject({ reason: 'CANCELLED' });
    stop.abort();
    await outcome;
    await cell.clock.settle();
  });

  it('become one eventsLost when the reader is too slow, and go on after it', async () => {
    const { cell, handle } = await following();
    const reader = handle.events();
    for (let reply = 0; reply < 3; reply++) {
      const events = Array.from({ length: 500 }, (_, index) => event(1, 100 + reply * 500 + index));
      cell.answerKeepAlive({ events });
    }
    expect((await reader.next()).value).toEqual({ kind: 'eventsLost', upToRevision: 100 + 1_023 });
    expect((await reader.next()).value).toMatchObject({ kind: 'contentsModified', revision: 100 + 1_024 });
  });

  it('end at once for who begins to follow a handle that is of no more use', async () => {
    const { cell, handle } = await following();
    cell.answerKeepAlive({ events: [event(1, 11, 'EVENT_KIND_HANDLE_INVALID')] });
    await cell.clock.settle();
    const first = collect(handle);
    const second = collect(handle);
    await cell.clock.settle();
    expect(first).toEqual({ events: [expect.objectContaining({ kind: 'handleInvalid' })], end: 'done' });
    expect(second).toEqual({ events: [], end: 'done' });
  });

  it('throw that the session ended for who begins to follow after that', async () => {
    const { cell, handle } = await following();
    cell.answerKeepAlive({ failure: refusal('SESSION_EXPIRED', 'gone') });
    await cell.clock.settle();
    const late = collect(handle);
    await cell.clock.settle();
    expect(late).toEqual({ events: [], end: 'SESSION_EXPIRED' });
  });

  it('tell once that the node is gone, though the next master says so, too', async () => {
    const { cell, handle } = await following();
    const told: number[] = [];
    handle.on('handleInvalid', ({ revision }) => told.push(revision));
    cell.answerKeepAlive({ events: [event(1, 11, 'EVENT_KIND_HANDLE_INVALID')] });
    cell.answer = (call) =>
      call.reattach
        ? {
            number: call.number,
            reply: 'reattach',
            reattach: { lostHandles: { 0: refusal('INSTANCE_GONE', 'deleted') }, stillTrue: [], cacheNumber: 0 },
          }
        : success(call);
    cell.answerKeepAlive({ events: [{ event: 'masterFailedOver', masterFailedOver: {} }] });
    await cell.clock.settle();
    expect(told).toEqual([11]);
    await expect(handle.getStat()).rejects.toMatchObject({ reason: 'INSTANCE_GONE' });
  });
});

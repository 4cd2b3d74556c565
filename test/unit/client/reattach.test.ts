import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/wire/errors.js';
import { LIMITS } from '../../../src/wire/limits.js';
import type { Event, PipeCall, ReattachRequest } from '../../../src/wire/types.js';
import { failed, FakeCell, success } from './fake-cell.js';

const FAILED_OVER: Event = { event: 'masterFailedOver', masterFailedOver: {} };

const reattachments = (cell: FakeCell): ReattachRequest[] => cell.calls.flatMap(({ reattach }) => reattach ?? []);

/** Another replica becomes master and says so. */
async function failOver(cell: FakeCell): Promise<void> {
  cell.kill('a:1');
  cell.master = 'b:1';
  await cell.clock.advance(300);
  cell.answerKeepAlive({ events: [FAILED_OVER] });
  await cell.clock.settle();
}

describe('after a change of master', () => {
  it('the new one is shown what is open, by the newest that was seen of it, once the event is acknowledged', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const seen = await client.open('/ls/local/a', { events: ['contentsModified'] });
    await client.open('/ls/local/b');
    const closed = await client.open('/ls/local/c');
    await closed.close();
    const kind = 'EVENT_KIND_CONTENTS_MODIFIED';
    cell.answerKeepAlive({ events: [{ event: 'node', node: { handleId: 1, kind, name: seen.name, revision: 30 } }] });
    await failOver(cell);
    expect(reattachments(cell)).toEqual([
      {
        context: null,
        acknowledgedReply: expect.any(Number) as number,
        handles: [
          { handle: Buffer.from('handle 1'), seenRevision: 30 },
          { handle: Buffer.from('handle 2'), seenRevision: 9 },
        ],
        cached: [],
        complete: true,
      },
    ]);
    const acknowledged = cell.keepAlives.at(-1)!;
    expect(acknowledged).toMatchObject({ address: 'b:1' });
  });

  it('the new one is told that there is nothing to show', async () => {
    const cell = new FakeCell();
    await cell.client().write('/ls/local/a', 'x');
    await failOver(cell);
    expect(reattachments(cell)).toMatchObject([{ handles: [], cached: [], complete: true }]);
  });

  it('a handle that the new one cannot take over is lost: its user is told, and calls say why', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const [lost, kept] = await Promise.all([
      client.open('/ls/local/a', { events: ['handleInvalid'] }),
      client.open('/ls/local/b'),
    ]);
    const told: string[] = [];
    lost.on('handleInvalid', ({ kind }) => told.push(kind));
    cell.answer = (call) =>
      call.call === 'reattach'
        ? {
            number: call.number,
            reattach: { lostHandles: { 0: refusal('INSTANCE_GONE', 'deleted') }, stillTrue: [], cacheNumber: 0 },
          }
        : success(call);
    await failOver(cell);
    expect(told).toEqual(['handleInvalid']);
    await expect(lost.getStat()).rejects.toMatchObject({ reason: 'INSTANCE_GONE' });
    await kept.getStat();
    await lost.close();
  });

  it('much is shown in several calls, and only the last says that it is all', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    cell.answer = (call: PipeCall) =>
      call.call === 'open'
        ? { number: call.number, open: { ...success(call).open!, handle: Buffer.alloc(2_000, call.number) } }
        : success(call);
    const opened = await Promise.all(Array.from({ length: 900 }, (_, index) => client.open(`/ls/local/${index}`)));
    await failOver(cell);
    const pages = reattachments(cell);
    expect(pages.map(({ complete }) => complete)).toEqual([false, false, true]);
    expect(pages.flatMap(({ handles }) => handles)).toHaveLength(opened.length);
    for (const { handles } of pages) expect(handles.length * 2_064).toBeLessThan(LIMITS.messageBytes);
  });

  it('is begun anew when the connection breaks in the middle, with what is open by then', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const [a] = await Promise.all([client.open('/ls/local/a'), client.open('/ls/local/b')]);
    cell.answer = (call) => (call.call === 'reattach' ? undefined : success(call));
    await failOver(cell);
    await a.close();
    cell.answer = success;
    cell.cut('b:1');
    await cell.clock.advance(300);
    const attempts = reattachments(cell);
    expect(attempts.at(-1)).toMatchObject({ handles: [{ handle: Buffer.from('handle 2') }], complete: true });
    const count = attempts.length;
    cell.cut('b:1');
    await cell.clock.advance(300);
    expect(reattachments(cell)).toHaveLength(count);
  });

  it('handles that are followed are lost when the new one refuses to look at them, and not in silence', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const [followed, other] = await Promise.all([
      client.open('/ls/local/a', { events: ['contentsModified'] }),
      client.open('/ls/local/b'),
    ]);
    const events = followed.events();
    cell.answer = (call) =>
      call.call === 'reattach' ? failed(call, refusal('MALFORMED_REQUEST', 'what is this')) : success(call);
    await failOver(cell);
    expect(await events.next()).toMatchObject({ value: { kind: 'handleInvalid' } });
    await expect(followed.getStat()).rejects.toMatchObject({ reason: 'MALFORMED_REQUEST' });
    await other.getStat();
  });
});

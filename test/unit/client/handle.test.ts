import { describe, expect, it } from 'vitest';
import type { PipeCall, PipeReply } from '../../../src/wire/types.js';
import { FakeCell, success } from './fake-cell.js';
import { reasonOf } from './reason-of.js';

const callNames = (cell: FakeCell): unknown[] => cell.calls.map(({ call }) => call);

/** Leaves calls of this name open. */
const without =
  (...names: unknown[]) =>
  (call: PipeCall): PipeReply | undefined =>
    names.includes(call.call) ? undefined : success(call);

describe('a handle', () => {
  it('opens what is below it, and is called as the cell calls itself', async () => {
    const cell = new FakeCell();
    cell.answer = (call) => {
      const reply = success(call);
      const name = call.open?.directory.length === 0 ? '/ls/test/dir' : '/ls/test/dir/job-0000000007';
      return { ...reply, open: { ...reply.open!, name } };
    };
    const directory = await cell.client().open('/ls/local/dir');
    const acl = { read: 'all', write: 'few', changeAcl: 'one' };
    const job = await directory.open('job-', {
      create: 'must',
      sequential: true,
      ephemeral: true,
      acl,
      events: ['contentsModified'],
    });
    expect([directory.name, job.name]).toEqual(['/ls/test/dir', '/ls/test/dir/job-0000000007']);
    expect(cell.calls[1]!.open).toMatchObject({
      name: 'job-',
      directory: Buffer.from('handle 1'),
      sequential: true,
      acl,
      events: ['EVENT_KIND_CONTENTS_MODIFIED'],
    });
  });

  it('changes access lists, all three or none', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const acl = { read: '', write: 'few', changeAcl: 'one' };
    const handle = await client.open('/ls/local/a', { changeAcl: true });
    expect((await handle.setAcl(acl, { ifAclGeneration: 1 })).acl).toEqual({ read: '', write: '', changeAcl: '' });
    await client.setAcl('/ls/local/a', acl);
    expect(cell.calls[1]!.setAcl).toMatchObject({ target: 'handle', acl, ifAclGeneration: 1 });
    expect(cell.calls[2]!.setAcl).toMatchObject({ target: 'name', name: '/ls/local/a', acl });
    expect(cell.calls).toHaveLength(3);
  });

  it('asks for one sequencer for several locks', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const [a, b] = await Promise.all([client.open('/ls/local/a'), client.open('/ls/local/b')]);
    await a.getSequencer({ furtherHandles: [b] });
    expect(cell.calls.at(-1)!.getSequencer).toMatchObject({
      handle: Buffer.from('handle 1'),
      furtherHandles: [Buffer.from('handle 2')],
    });
  });

  it('gives a new handle that is bound to a sequencer', async () => {
    const cell = new FakeCell();
    const handle = await cell.client().open('/ls/local/a', { write: true });
    const guarded = await handle.setSequencer(Buffer.from('sequencer'));
    await guarded.setContents('x');
    expect(cell.calls.at(-1)!.setContents!.handle).toEqual(Buffer.from('guarded handle'));
    expect(guarded.name).toBe(handle.name);
  });

  it('fails everything that goes through it once it is poisoned, and leaves the rest alone', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const [poisoned, other] = await Promise.all([client.open('/ls/local/a'), client.open('/ls/local/b')]);
    cell.answer = without('acquire', 'getStat', 'setContents', 'acquireAll');
    const outcomes = [poisoned.acquire(), poisoned.getStat(), poisoned.setContents('x')].map(reasonOf);
    const both = reasonOf(client.acquireAll([other, poisoned]));
    const others = other.getStat();
    await cell.clock.settle();
    const told = poisoned.poison();
    expect(await reasonOf(poisoned.getContentsAndStat())).toBe('HANDLE_POISONED');
    expect(await Promise.all([...outcomes, both])).toEqual(Array(4).fill('HANDLE_POISONED'));
    await told;
    await poisoned.close();
    expect(callNames(cell).filter((name) => name === 'cancel')).toHaveLength(2);
    expect(callNames(cell).slice(-2)).toEqual(['poison', 'close']);
    cell.answer = success;
    const asked = cell.calls.find(({ call, getStat }) => call === 'getStat' && String(getStat!.handle) === 'handle 2');
    cell.reply(success(asked!));
    await others;
    await other.getStat();
  });

  it('says of a write that was under way when it was poisoned that its outcome is unknown', async () => {
    const cell = new FakeCell();
    const handle = await cell.client().open('/ls/local/a');
    cell.answer = without('setContents');
    const write = handle.setContents('x');
    const outcome = expect(write).rejects.toMatchObject({ reason: 'HANDLE_POISONED', outcomeUnknown: true });
    await cell.clock.settle();
    void handle.poison();
    await outcome;
  });
});

describe('acquireAll', () => {
  it('asks for all locks in one call', async () => {
    const cell = new FakeCell();
    cell.answer = (call) =>
      call.call === 'acquireAll'
        ? { number: call.number, acquireAll: { ...success(call).acquireAll!, lockGenerations: [4, 5] } }
        : success(call);
    const client = cell.client();
    const [a, b] = await Promise.all([client.open('/ls/local/a'), client.open('/ls/local/b')]);
    expect(await client.acquireAll([a, { handle: b, mode: 'shared' }])).toEqual({
      granted: true,
      lockGenerations: [4, 5],
    });
    expect(cell.calls.at(-1)!.acquireAll).toMatchObject({
      locks: [{ mode: 'LOCK_MODE_EXCLUSIVE' }, { mode: 'LOCK_MODE_SHARED' }],
      waitMs: 0,
      atOnce: false,
    });
    await client.acquireAll([a, b], { waitMs: 0 });
    expect(cell.calls.at(-1)!.acquireAll).toMatchObject({ atOnce: true });
  });

  it('waits for what is left of its time when it is repeated, and is withdrawn when it is given up', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const handle = await client.open('/ls/local/a');
    cell.answer = without('acquireAll');
    const giveUp = new AbortController();
    const outcome = reasonOf(client.acquireAll([handle], { waitMs: 5_000, signal: giveUp.signal }));
    await cell.clock.advance(2_000);
    cell.cut('a:1');
    await cell.clock.advance(500);
    const waits = cell.calls.flatMap(({ acquireAll }) => (acquireAll ? [acquireAll.waitMs] : []));
    expect(waits[0]).toBe(5_000);
    expect(waits.at(-1)).toBeLessThan(3_001);
    giveUp.abort();
    expect(await outcome).toBe('CANCELLED');
    await cell.clock.settle();
    expect(cell.calls.at(-1)!.cancel).toMatchObject({ requestNumber: 2 });
  });

  it.each([
    ['nothing', []],
    ['no handle', ['/ls/local/a' as never]],
  ])('refuses %s', async (_what, wanted) => {
    expect(await reasonOf(new FakeCell().client().acquireAll(wanted))).toBe('BAD_ARGUMENT');
  });
});

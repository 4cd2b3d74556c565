import { describe, expect, it } from 'vitest';
import { FakeCell, STAT, success } from './fake-cell.js';

const NO_CONTENTS = Buffer.alloc(0);

describe('multiOp', () => {
  it('sends guards and both lists, and gives each operation its own result', async () => {
    const cell = new FakeCell();
    cell.answer = (call) =>
      call.call === 'multiOp'
        ? {
            number: call.number,
            multiOp: {
              held: true,
              guards: [true, true, true, true],
              revision: 12,
              results: [
                { stat: STAT, contents: NO_CONTENTS },
                { stat: STAT, contents: NO_CONTENTS },
                { stat: null, contents: NO_CONTENTS },
                { stat: STAT, contents: Buffer.from('read') },
                { stat: null, contents: NO_CONTENTS },
              ],
            },
          }
        : success(call);
    const answer = await cell.client().multiOp({
      guards: [
        { absent: '/ls/local/a' },
        { exists: '/ls/local/b' },
        { name: '/ls/local/b', contentGeneration: 3 },
        { sequencer: Buffer.from('sequencer') },
      ],
      then: [
        { create: '/ls/local/a', contents: 'x' },
        { setContents: '/ls/local/b', contents: 'y' },
        { delete: '/ls/local/c' },
        { read: '/ls/local/d' },
        { read: '/ls/local/e' },
      ],
      else: [{ read: '/ls/local/a' }],
    });
    expect(cell.calls[0]!.multiOp).toMatchObject({
      guards: [
        { test: 'absent', absent: '/ls/local/a' },
        { test: 'exists', exists: '/ls/local/b' },
        { test: 'contentGeneration', contentGeneration: { name: '/ls/local/b', generation: 3 } },
        { test: 'sequencer', sequencer: Buffer.from('sequencer') },
      ],
      thenOperations: [
        { operation: 'create', create: { name: '/ls/local/a', kind: 'NODE_KIND_FILE', contents: Buffer.from('x') } },
        { operation: 'setContents', setContents: { name: '/ls/local/b', contents: Buffer.from('y') } },
        { operation: 'delete', delete: '/ls/local/c' },
        { operation: 'read', read: '/ls/local/d' },
        { operation: 'read', read: '/ls/local/e' },
      ],
      elseOperations: [{ operation: 'read', read: '/ls/local/a' }],
    });
    expect(answer).toMatchObject({ held: true, guards: [true, true, true, true], revision: 12 });
    if (!answer.held) return expect.unreachable();
    const [created, written, deleted, read, absent] = answer.results;
    expect(created.instanceNumber).toBe(7);
    expect(written.contentGeneration).toBe(2);
    expect(deleted).toBeUndefined();
    expect(String(read?.contents)).toBe('read');
    expect(absent).toBeUndefined();
  });

  it('gives the results of the other list when a guard did not hold', async () => {
    const cell = new FakeCell();
    cell.answer = ({ number }) => ({
      number,
      multiOp: {
        held: false,
        guards: [false],
        revision: 0,
        results: [{ stat: STAT, contents: Buffer.from('theirs') }],
      },
    });
    const answer = await cell.client().multiOp({
      guards: [{ absent: '/ls/local/a' }],
      then: [{ create: '/ls/local/a' }],
      else: [{ read: '/ls/local/a' }],
    });
    if (answer.held) return expect.unreachable();
    expect(String(answer.results[0]?.contents)).toBe('theirs');
  });

  it.each([
    ['a guard', { guards: [{ name: '/ls/local/a' } as never] }],
    ['an operation', { then: [{ write: '/ls/local/a' } as never] }],
    ['a kind', { then: [{ create: '/ls/local/a', kind: 'link' as never }] }],
  ])('refuses %s that is none, and sends nothing', async (_what, wanted) => {
    const cell = new FakeCell();
    await expect(cell.client().multiOp(wanted)).rejects.toMatchObject({ reason: 'BAD_ARGUMENT' });
    expect(cell.calls).toEqual([]);
  });

  it('does not believe an answer to something else', async () => {
    const cell = new FakeCell();
    const answer = cell.client().multiOp({ then: [{ delete: '/ls/local/a' }] });
    await expect(answer).rejects.toMatchObject({ reason: 'PROTOCOL' });
  });
});

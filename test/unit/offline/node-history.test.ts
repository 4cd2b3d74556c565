import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeHistory } from '../../../src/offline/node-history.js';
import type { NodeHistory } from '../../../src/offline/node-history.js';
import { StoppedReplica } from '../../../src/offline/stopped-replica.js';
import { byName, responseOf } from '../service/test-cell.js';
import { OldCell } from './old-cell.js';

let old: OldCell;

beforeEach(() => void (old = new OldCell()));
afterEach(() => rmSync(old.directory, { recursive: true, force: true }));

async function history(directory: string, name = '/ls/test/file', atMost = 100): Promise<NodeHistory> {
  const replica = (await StoppedReplica.open(directory))!;
  try {
    return await nodeHistory(replica, name, atMost);
  } finally {
    await replica.close();
  }
}

describe('who changed a node', () => {
  it('is told with time, call, session and principal, the newest first', async () => {
    const slots = [old.write('a'), old.write('b')];
    const other = old.cell.session(2, {}, 'ada');
    responseOf(other.ask('delete', byName('/ls/test/file'), { principal: 'ada' }));
    slots.push(old.slots, old.write('c'));
    const directory = await old.leave(1, { chosenUpTo: old.slots });
    const { changes, more, firstSlot } = await history(directory);
    expect(changes.map(({ what, call, principal }) => [what, call, principal])).toEqual([
      ['created', 'setContents', 'somebody'],
      ['deleted', 'delete', 'ada'],
      ['contents', 'setContents', 'somebody'],
      ['created', 'setContents', 'somebody'],
    ]);
    expect(changes.map(({ slot }) => slot)).toEqual(slots.reverse());
    expect(changes[0]!.wallMs).toBe(old.wallMs[old.slots]);
    expect(changes[0]!.sessionId).toBe(changes[3]!.sessionId);
    expect(changes[1]!.sessionId).not.toBe(changes[0]!.sessionId);
    expect({ more, firstSlot }).toEqual({ more: false, firstSlot: 1 });
  });

  it('is told of a directory whose children come and go', async () => {
    old.write('a');
    const directory = await old.leave(1, { chosenUpTo: old.slots });
    const { changes } = await history(directory, '/ls/local');
    expect(changes[0]).toMatchObject({ what: 'children', call: 'setContents' });
    expect(changes.at(-1)).toMatchObject({ what: 'created', call: 'genesis', sessionId: null, principal: null });
  });

  it('is told as far back as the log reaches', async () => {
    const slots = [...'abcd'].map((contents) => old.write(contents));
    const firstSlot = slots[1]! + 1;
    const directory = await old.leave(1, { chosenUpTo: old.slots, snapshots: [slots[1]!], firstSlot });
    const found = await history(directory);
    expect(found).toMatchObject({ firstSlot, firstWallMs: old.wallMs[slots[2]!] });
    expect(found.changes.map(({ what, slot }) => [what, slot])).toEqual([
      ['contents', slots[3]],
      ['contents', slots[2]],
    ]);
  });

  it('leaves out the oldest where there are too many, and says so', async () => {
    const slots = [...'abcd'].map((contents) => old.write(contents));
    const directory = await old.leave(1, { chosenUpTo: old.slots });
    const { changes, more } = await history(directory, '/ls/test/file', 2);
    expect(changes.map(({ slot }) => slot)).toEqual([slots[3], slots[2]]);
    expect(more).toBe(true);
  });

  it('is refused for a name that is none, or of another cell', async () => {
    old.write('a');
    const directory = await old.leave(1, { chosenUpTo: old.slots });
    await expect(history(directory, 'file')).rejects.toThrow('does not begin with /ls/<cell>');
    await expect(history(directory, '/ls/other/file')).rejects.toThrow('belongs to cell "other"');
    expect((await history(directory, '/ls/test/nothing')).changes).toEqual([]);
  });
});

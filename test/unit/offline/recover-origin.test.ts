import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { revisionIfAny } from '../../../src/chubby/global-revision.js';
import { contentsKey } from '../../../src/chubby/records/keys.js';
import { childPath, ROOT } from '../../../src/chubby/records/node-path.js';
import type { DbState } from '../../../src/db/fault-tolerant-db.js';
import type { PointInTime } from '../../../src/offline/point-in-time.js';
import { recoverOrigin } from '../../../src/offline/recover-origin.js';
import { RestoreRefused } from '../../../src/offline/restore-refused.js';
import { encodeValue } from '../../../src/paxos/value.js';
import { OldCell } from './old-cell.js';

let old: OldCell;
/** Slots of the writes of a, b, c, ... */
let slots: Record<string, number>;

beforeEach(() => {
  old = new OldCell();
  slots = Object.fromEntries([...'abcdef'].map((contents) => [contents, old.write(contents)]));
});

afterEach(() => rmSync(old.directory, { recursive: true, force: true }));

const contentsOf = (state: DbState): string | undefined => {
  const stored = state.get(contentsKey(childPath(ROOT, 'file')));
  return stored && Buffer.from(stored).toString();
};

async function recovered(directories: readonly string[], until: PointInTime = {}) {
  const { origin, ...told } = await recoverOrigin(directories, until);
  return { contents: contentsOf(origin.state), slot: origin.state.appliedUpTo, ...told };
}

const chosen = (contents: string): number => slots[contents]!;

describe('a state of what is left', () => {
  it('is that of the directory that knows the highest slot to be chosen', async () => {
    const directories = [
      await old.leave(2, { chosenUpTo: chosen('c') }),
      await old.leave(4, { chosenUpTo: chosen('d'), snapshots: [chosen('b')], firstSlot: chosen('b') + 1 }),
    ];
    expect(await recovered(directories)).toMatchObject({
      contents: 'd',
      slot: chosen('d'),
      chosenUpTo: chosen('d'),
      wallMs: old.wallMs[chosen('d')],
      complete: false,
      takenUnsure: 0,
      left: 0,
    });
  });

  it('is of a snapshot where that reaches further than what any log knows to be chosen', async () => {
    const directory = await old.leave(2, { chosenUpTo: chosen('b'), snapshots: [chosen('d')] });
    expect(await recovered([directory])).toMatchObject({ contents: 'd', chosenUpTo: chosen('d') });
  });

  it('changes nothing in the directories', async () => {
    const directory = await old.leave(2, { chosenUpTo: chosen('c'), snapshots: [chosen('b')] });
    const all = (): [string, Buffer][] =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path, readFileSync(path)]);
    const before = all();
    await recovered([directory]);
    expect(all()).toEqual(before);
  });
});

describe('with a majority of the voters', () => {
  it('has everything that can have been acknowledged: in each slot the value of the highest ballot', async () => {
    const stale = {
      slot: chosen('e'),
      round: 1,
      value: encodeValue({ kind: 'noop', epoch: old.ballot(1), orderInEpoch: 0 }, Buffer.alloc(0)),
    };
    const directories = [
      await old.leave(1, { chosenUpTo: chosen('b'), accepted: old.accepted(chosen('c'), chosen('d'), 2) }),
      await old.leave(2, { chosenUpTo: chosen('c'), accepted: [...old.accepted(chosen('d'), chosen('d')), stale] }),
      await old.leave(3, { chosenUpTo: chosen('b'), accepted: old.accepted(chosen('c'), chosen('f'), 2) }),
    ];
    expect(await recovered(directories)).toMatchObject({
      contents: 'f',
      chosenUpTo: chosen('c'),
      complete: true,
      takenUnsure: 0,
      left: 0,
    });
  });

  it('passes over a slot of which none knows, as nothing was chosen there, and over what was to follow it', async () => {
    const directories = [
      await old.leave(1, { chosenUpTo: chosen('b'), accepted: old.accepted(chosen('d'), chosen('d')) }),
      await old.leave(2, { chosenUpTo: chosen('b') }),
      await old.leave(3, { chosenUpTo: chosen('b') }),
    ];
    expect(await recovered(directories)).toMatchObject({ contents: 'b', slot: chosen('d'), complete: true });
  });

  it('counts the voters of the configuration in force, and none twice', async () => {
    const [first, , , , last] = old.founders;
    old.configure([first!, last!]);
    const upTo = old.slots;
    const directories = [await old.leave(1, { chosenUpTo: upTo }), await old.leave(2, { chosenUpTo: upTo })];
    expect(await recovered(directories)).toMatchObject({ complete: false });
    directories.push(await old.leave(3, { chosenUpTo: upTo }));
    expect(await recovered(directories)).toMatchObject({ complete: false });
    directories.push(await old.leave(5, { chosenUpTo: upTo }));
    expect(await recovered(directories)).toMatchObject({ complete: true });
  });

  it('is sure no longer behind an accepted change to voters that are not there', async () => {
    const upTo = old.slots;
    const change = old.configure([old.founders[0]!, old.founders[3]!]);
    old.write('g');
    old.failOver(7);
    const accepted = old.accepted(change, old.slots, 7);
    const directories = [
      await old.leave(1, { chosenUpTo: upTo, accepted }),
      await old.leave(2, { chosenUpTo: upTo }),
      await old.leave(3, { chosenUpTo: upTo }),
    ];
    expect(await recovered(directories)).toMatchObject({ complete: false });
  });

  it('does not count one whose log is damaged', async () => {
    const chosenUpTo = chosen('d');
    const directories = [
      await old.leave(1, { chosenUpTo }),
      await old.leave(2, { chosenUpTo }),
      await old.leave(3, { chosenUpTo, snapshots: [chosen('f')] }),
    ];
    rmSync(join(directories[2]!, 'log.tail'));
    const found = await recovered(directories);
    expect(found).toMatchObject({ contents: 'f', complete: false, chosenUpTo: chosen('f') });
    expect(found.directories[2]!.problems[0]).toContain('log.tail');
  });
});

describe('without a majority of the voters', () => {
  it('takes what was accepted and directly follows, and says how much', async () => {
    const directories = [
      await old.leave(1, { chosenUpTo: chosen('b'), accepted: old.accepted(chosen('c'), chosen('c')) }),
      await old.leave(2, { chosenUpTo: chosen('c'), accepted: old.accepted(chosen('d'), chosen('e')) }),
    ];
    expect(await recovered(directories)).toMatchObject({
      contents: 'e',
      chosenUpTo: chosen('c'),
      complete: false,
      takenUnsure: 2,
      left: 0,
    });
  });

  it('takes nothing behind a gap: it was computed on what is not there', async () => {
    const accepted = [...old.accepted(chosen('c'), chosen('c')), ...old.accepted(chosen('e'), chosen('f'))];
    const directory = await old.leave(1, { chosenUpTo: chosen('b'), accepted });
    expect(await recovered([directory])).toMatchObject({ contents: 'c', takenUnsure: 1, left: 3 });
  });

  it('takes nothing behind what does not follow, even if it would have', async () => {
    const noop = encodeValue({ kind: 'noop', epoch: old.ballot(1), orderInEpoch: 0 }, Buffer.alloc(0));
    const accepted = [
      { slot: chosen('c'), round: 1, value: noop },
      { slot: chosen('d'), round: 1, value: old.valueOf(chosen('c')) },
    ];
    const directory = await old.leave(1, { chosenUpTo: chosen('b'), accepted });
    expect(await recovered([directory])).toMatchObject({ contents: 'b', takenUnsure: 0, left: 2 });
  });

  it('takes nothing of a later reign: what lies below its beginning may have been replaced', async () => {
    const upTo = old.slots;
    old.write('g');
    old.failOver(7);
    old.write('h');
    const directory = await old.leave(1, { chosenUpTo: upTo, accepted: old.accepted(upTo + 1, old.slots) });
    expect(await recovered([directory])).toMatchObject({ contents: 'g', takenUnsure: 1, left: old.slots - upTo - 1 });
  });
});

describe('what cannot be used is refused', () => {
  const refusal = (directories: readonly string[], until: PointInTime = {}): Promise<string> =>
    recoverOrigin(directories, until).then(
      () => 'done',
      (error: unknown) => {
        expect(error).toBeInstanceOf(RestoreRefused);
        return (error as Error).message;
      },
    );

  it('a directory of no replica, of another cell, or given twice', async () => {
    const chosenUpTo = chosen('c');
    const directory = await old.leave(1, { chosenUpTo });
    const other = await old.leave(2, { chosenUpTo, cellId: 'ff'.repeat(16) });
    expect(await refusal([old.directory])).toContain('is no data directory of a replica');
    expect(await refusal([directory, other])).toContain('is of cell ffff');
    expect(await refusal([directory, directory])).toContain('are of the same replica');
  });

  it('a directory that contradicts itself, unless there is another one', async () => {
    const wrong = await old.leave(1, { chosenUpTo: chosen('f') });
    await old.snapshot(wrong, chosen('c'), old.stateAfter(chosen('b')));
    expect(await refusal([wrong])).toContain('one of them is wrong');
    const sound = await old.leave(2, { chosenUpTo: chosen('d') });
    expect(await recovered([wrong, sound])).toMatchObject({ contents: 'd', complete: false });
  });

  it('an old log without a snapshot that leads up to it', async () => {
    const directory = await old.leave(1, {
      chosenUpTo: chosen('f'),
      snapshots: [chosen('c')],
      firstSlot: chosen('c') + 1,
    });
    const snapshot = join(directory, 'snapshots', readdirSync(join(directory, 'snapshots'))[0]!);
    truncateSync(snapshot, 100);
    expect(await refusal([directory])).toContain('there is nothing in it to restore from');
  });
});

describe('a point in time', () => {
  const kept = (): Promise<string> =>
    old.leave(1, {
      chosenUpTo: chosen('f'),
      snapshots: [chosen('b'), chosen('d')],
      firstSlot: chosen('b') + 1,
    });

  it('is the state after the last value that is not later', async () => {
    const directory = await kept();
    for (const contents of 'cdef') {
      const atMs = old.wallMs[chosen(contents)]!;
      expect(await recovered([directory], { atMs })).toMatchObject({ contents, wallMs: atMs, cut: contents !== 'f' });
      expect(await recovered([directory], { atMs: atMs + 59_999 })).toMatchObject({ contents });
    }
  });

  it('is the state of a revision', async () => {
    const directory = await kept();
    for (const contents of 'bcdef') {
      const revision = revisionIfAny(old.stateAfter(chosen(contents)))!;
      expect(await recovered([directory], { revision })).toMatchObject({ contents });
    }
  });

  it('that is not there is refused with the range that is', async () => {
    const directory = await kept();
    const revision = (contents: string): number => revisionIfAny(old.stateAfter(chosen(contents)))!;
    const range = new RegExp(
      `from revision ${revision('b')} \\(${iso('c')}\\) to revision ${revision('f')} \\(${iso('f')}\\)`,
    );
    const points = [
      { atMs: old.wallMs[chosen('c')]! - 1 },
      { revision: revision('a') },
      { revision: revision('f') + 1 },
    ];
    for (const until of points) await expect(recovered([directory], until)).rejects.toThrow(range);
  });

  const iso = (contents: string): string => new Date(old.wallMs[chosen(contents)]!).toISOString().replace('.', '\\.');
});

import { describe, expect, it } from 'vitest';
import { EventKind } from '../../../src/wire/types.js';
import { Listener } from './listener.js';
import { byName, reasonOf, TestCell } from './test-cell.js';
import type { Fields, TestSession } from './test-cell.js';

const ALL = Object.values(EventKind).filter((kind) => kind !== 'EVENT_KIND_UNSPECIFIED');
const ROOT = '/ls/test';
const F = '/ls/test/f';
const D = '/ls/test/d';

interface Shown {
  readonly handle: Buffer;
  readonly seenRevision: number;
}

/** A client that has nodes open, and misses what happens next: its KeepAlives do not reach the master. */
function cellWithAbsentee(options?: ConstructorParameters<typeof TestCell>[0]) {
  const cell = TestCell.reigning(options);
  const writer = cell.session(1);
  const absentee = cell.session(2);
  const follow = (name: string, fields: Fields<'open'> = {}): Shown => {
    const { handle, stat } = absentee.do('open', { name, read: true, write: true, events: ALL, ...fields });
    return { handle, seenRevision: stat!.revision };
  };
  return { cell, writer, absentee, follow };
}

/** Both live on under the next master. The writer has acknowledged the change; nobody else is silent. */
function failOver(cell: TestCell, writer: TestSession, absentee: TestSession): Listener {
  const next = cell.successor(2);
  writer.cell = next;
  absentee.cell = next;
  new Listener(writer);
  const listener = new Listener(absentee);
  next.advance(0);
  listener.take();
  return listener;
}

const write = (session: TestSession, name: string) =>
  session.do('setContents', { ...byName(name), contents: Buffer.from('x'), create: true });

const show = (session: TestSession, ...handles: Shown[]) => session.do('reattach', { handles, complete: true });

describe('a session that shows its handles to a new master', () => {
  it('hears of a file that was written before, once, and then of each new write', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.create(F);
    const shown = follow(F);
    write(writer, F);
    write(writer, F);
    const listener = failOver(cell, writer, absentee);
    expect(show(absentee, shown).lostHandles).toEqual({});
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
    writer.cell.advance(0);
    write(writer, F);
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });

  it('hears of what happened under the new master before it came', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.create(F);
    const shown = follow(F);
    const listener = failOver(cell, writer, absentee);
    write(writer, F);
    writer.cell.advance(0);
    expect(listener.take()).toEqual([]);
    show(absentee, shown);
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });

  it('hears of what is proposed while it comes, when that is applied', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.create(F);
    const shown = follow(F);
    const listener = failOver(cell, writer, absentee);
    writer.cell.automatic = false;
    writer.ask('setContents', { ...byName(F), contents: Buffer.from('x') });
    show(absentee, shown);
    expect(listener.take()).toEqual([]);
    writer.cell.log.run();
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });

  it('hears nothing of a file that did not change', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.create(F);
    const shown = follow(F);
    write(writer, D);
    const listener = failOver(cell, writer, absentee);
    show(absentee, shown);
    writer.cell.advance(10);
    expect(listener.take()).toEqual([]);
  });

  it('hears that the lock is held, and not of one that is free', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    const handles = [F, D].map((name) => writer.create(name));
    const shown = [follow(F), follow(D)];
    for (const handle of handles) writer.do('acquire', { handle });
    writer.do('release', { handle: handles[1]! });
    const listener = failOver(cell, writer, absentee);
    show(absentee, ...shown);
    expect(listener.take()).toEqual([`LOCK_ACQUIRED ${F}`]);
  });

  it('hears that somebody waits for the lock that it holds, who asked this master first', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    const handle = writer.create(F);
    const shown = follow(F, { events: [EventKind.EVENT_KIND_CONFLICTING_LOCK_REQUEST] });
    absentee.do('acquire', { handle: shown.handle });
    const listener = failOver(cell, writer, absentee);
    writer.ask('acquire', { handle });
    expect(listener.take()).toEqual([]);
    show(absentee, shown);
    expect(listener.take()).toEqual([`CONFLICTING_LOCK_REQUEST ${F}`]);
  });

  it('hears of the children of a directory that came and changed, and that some went', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.mkdir(D);
    for (const name of ['same', 'changed', 'gone']) write(writer, `${D}/${name}`);
    const shown = follow(D);
    write(writer, `${D}/changed`);
    writer.do('delete', byName(`${D}/gone`));
    write(writer, `${D}/new`);
    write(writer, `${D}/new`);
    const listener = failOver(cell, writer, absentee);
    show(absentee, shown);
    expect(listener.take()).toEqual([`CHILD_MODIFIED ${D}/changed`, `CHILD_REMOVED ${D}`, `CHILD_ADDED ${D}/new`]);
  });

  it('is not told that children went when children only came', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.mkdir(D);
    const shown = follow(D);
    write(writer, `${D}/new`);
    const listener = failOver(cell, writer, absentee);
    show(absentee, shown);
    expect(listener.take()).toEqual([`CHILD_ADDED ${D}/new`]);
  });

  it('hears of all nodes below when it follows them all', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.mkdir(D);
    write(writer, `${D}/gone`);
    const shown = follow(ROOT, { recursive: true });
    writer.do('delete', byName(`${D}/gone`));
    writer.mkdir(`${D}/e`);
    write(writer, `${D}/e/x`);
    const listener = failOver(cell, writer, absentee);
    // The Stat of the root is older than the nodes further below.
    show(absentee, { ...shown, seenRevision: shown.seenRevision + 1 });
    expect(listener.take()).toEqual([`CHILD_REMOVED ${D}`, `CHILD_ADDED ${D}/e`, `CHILD_ADDED ${D}/e/x`]);
  });

  it('is told to read again where there is too much to compare', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee({ limits: { looksPerReattach: 5 } });
    writer.mkdir(D);
    const shown = follow(D);
    for (let i = 0; i < 6; i++) write(writer, `${D}/${i}`);
    const listener = failOver(cell, writer, absentee);
    show(absentee, shown);
    expect(listener.take()).toEqual([expect.stringMatching(/^EVENTS_LOST @\d+$/)]);
  });

  it('is told of a node that is gone, by the answer and by an event', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.create(F);
    const shown = follow(F);
    writer.do('delete', byName(F));
    write(writer, F);
    const listener = failOver(cell, writer, absentee);
    expect(show(absentee, shown).lostHandles).toMatchObject({ 0: { reason: 'INSTANCE_GONE' } });
    expect(listener.take()).toEqual([`HANDLE_INVALID ${F}`]);
    writer.cell.advance(0);
    write(writer, F);
    writer.cell.advance(0);
    expect(listener.take()).toEqual([]);
  });

  it('is told of handles that are not its own, or no handles, and of no others', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    const others = writer.create(F);
    const shown = follow(F);
    failOver(cell, writer, absentee);
    const seenRevision = 0;
    const handles = [{ handle: others, seenRevision }, shown, { handle: Buffer.from('no handle'), seenRevision }];
    expect(show(absentee, ...handles).lostHandles).toMatchObject({
      0: { reason: 'WRONG_SESSION' },
      2: { reason: 'BAD_HANDLE' },
    });
  });

  it('is told of one that it closed under this master', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.create(F);
    const shown = follow(F);
    failOver(cell, writer, absentee);
    absentee.do('close', { handle: shown.handle });
    expect(show(absentee, shown).lostHandles).toMatchObject({ 0: { reason: 'HANDLE_CLOSED' } });
  });

  it('may not show more than a session can have', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee({ limits: { handlesPerSession: 2 } });
    writer.create(F);
    const shown = follow(F);
    failOver(cell, writer, absentee);
    expect(reasonOf(absentee.ask('reattach', { handles: [shown, shown, shown] }))).toBe('TOO_LARGE');
  });
});

describe('an Open whose answer was lost with its master', () => {
  it('is answered with a handle that misses nothing since', () => {
    const { cell, writer, absentee } = cellWithAbsentee();
    const fields = { name: F, read: true, create: 'CREATE_MODE_MAY', events: ALL } as const;
    absentee.ask('open', fields);
    write(writer, F);
    const listener = failOver(cell, writer, absentee);
    absentee.ask('open', fields, { number: absentee.number });
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
    writer.cell.advance(0);
    write(writer, F);
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });
});

describe('a handle that is used under a new master before it is shown', () => {
  it('is told of events from then on', () => {
    const { cell, writer, absentee, follow } = cellWithAbsentee();
    writer.create(F);
    const shown = follow(F);
    const listener = failOver(cell, writer, absentee);
    absentee.do('getStat', { target: 'handle', handle: shown.handle });
    write(writer, F);
    expect(listener.take()).toEqual([`CONTENTS_MODIFIED ${F}`]);
  });
});

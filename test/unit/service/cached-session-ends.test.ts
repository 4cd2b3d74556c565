import { describe, expect, it } from 'vitest';
import { Cacher } from './cacher.js';
import { byName, reasonOf, responseOf, TestCell } from './test-cell.js';

const NODE = '/ls/test/service/one';

function cellWithEphemeral() {
  const cell = TestCell.reigning();
  const keeper = cell.session(1, { leaseMs: 60_000 });
  keeper.mkdir('/ls/test/service');
  const lock = keeper.create('/ls/test/lock');
  const server = cell.session(2);
  server.create(NODE, { ephemeral: true });
  server.do('acquire', { handle: server.open('/ls/test/lock') });
  return { cell, keeper, lock, server, reader: Cacher.of(cell, 3, 60_000) };
}

describe('a session that leaves an ephemeral node behind that somebody caches', () => {
  it('is closed when he has dropped it', () => {
    const { server, reader } = cellWithEphemeral();
    reader.list('/ls/test/service');
    const closed = server.ask('closeSession', {});
    expect(closed.reply).toBeUndefined();
    expect(reader.invalidations).toHaveLength(1);
    reader.acknowledge();
    expect(closed.replies).toBe(1);
    expect(reader.list('/ls/test/service').entries).toEqual([]);
  });

  it('gives its locks up at once, and is served no more', () => {
    const { keeper, lock, server, reader } = cellWithEphemeral();
    reader.list('/ls/test/service');
    const waiting = keeper.ask('acquire', { handle: lock });
    server.ask('closeSession', {});
    expect(responseOf(waiting).granted).toBe(true);
    expect(reasonOf(server.ask('getStat', byName(NODE)))).toBe('SESSION_EXPIRED');
    expect(responseOf(server.keepAlive()).failure).toMatchObject({ reason: 'SESSION_EXPIRED' });
    expect(reader.list('/ls/test/service').entries).toHaveLength(1);
  });

  it('gives up more locks than one value holds, without waiting', () => {
    const { keeper, server, reader } = cellWithEphemeral();
    const names = Array.from({ length: 130 }, (_, i) => `/ls/test/lock-${i}`);
    for (const name of names) server.do('acquire', { handle: server.create(name) });
    reader.list('/ls/test/service');
    server.ask('closeSession', {});
    for (const name of names) expect(keeper.do('tryAcquire', { handle: keeper.open(name) }).granted).toBe(true);
    expect(reader.list('/ls/test/service').entries).toHaveLength(1);
  });

  it('joins a second request to be closed', () => {
    const { server, reader } = cellWithEphemeral();
    reader.list('/ls/test/service');
    const closed = [server.ask('closeSession', {}), server.ask('closeSession', {})];
    reader.acknowledge();
    expect(closed.map(({ replies }) => replies)).toEqual([1, 1]);
  });

  it('expires in the same way', () => {
    const { cell, reader } = cellWithEphemeral();
    reader.list('/ls/test/service');
    cell.advance(12_000);
    expect(reader.list('/ls/test/service').entries).toHaveLength(1);
    reader.acknowledge();
    expect(reader.list('/ls/test/service').entries).toEqual([]);
  });

  it('is ended by the next master where this one has begun', () => {
    const { cell, server, reader } = cellWithEphemeral();
    reader.list('/ls/test/service');
    const closed = server.ask('closeSession', {});
    cell.log.endReign();
    expect(reasonOf(closed)).toBe('UNKNOWN_OUTCOME');
    const next = cell.successor(2);
    server.cell = next;
    expect(reasonOf(server.ask('getStat', byName(NODE)))).toBe('SESSION_EXPIRED');
    reader.moveTo(next);
    expect(reader.list('/ls/test/service').entries).toHaveLength(1);
    reader.catchUp();
    // The other session of the earlier reign says nothing.
    next.advance(60_000);
    expect(responseOf(next.ask('readDir', byName('/ls/test/service'))).entries).toEqual([]);
  });
});

describe('a handle that is closed with an ephemeral node that somebody caches', () => {
  it('is closed when he has dropped it, and serves until then', () => {
    const cell = TestCell.reigning();
    const server = cell.session(1);
    const handle = server.create('/ls/test/one', { ephemeral: true });
    const reader = Cacher.of(cell, 2);
    reader.read('/ls/test/one');
    const closed = server.ask('close', { handle });
    expect(closed.reply).toBeUndefined();
    reader.acknowledge();
    expect(closed.replies).toBe(1);
    expect(reader.misses('/ls/test/one')).toBeDefined();
  });
});

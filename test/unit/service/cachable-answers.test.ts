import { describe, expect, it } from 'vitest';
import { Cacher } from './cacher.js';
import { byHandle, byName, failureOf, responseOf, TestCell } from './test-cell.js';

const A = '/ls/test/a';

function cellWithFile(options: ConstructorParameters<typeof TestCell>[0] = {}) {
  const cell = TestCell.reigning(options);
  const writer = cell.session(1);
  writer.do('setContents', { ...byName(A), contents: Buffer.from('first'), create: true });
  return { cell, writer, reader: Cacher.of(cell, 2) };
}

describe('an answer may be cached', () => {
  it('by a session that reads contents, metadata, a listing, or an absence', () => {
    const { reader } = cellWithFile();
    const numbers = [
      reader.read(A).cacheNumber,
      reader.session.do('getStat', byName(A)).cacheNumber,
      reader.list('/ls/test').cacheNumber,
      Number(reader.misses('/ls/test/nothing')),
      reader.session.do('getStat', byHandle(reader.session.open(A))).cacheNumber,
    ];
    expect(new Set(numbers).size).toBe(1);
    expect(numbers[0]).toBeGreaterThan(0);
  });

  it('by nobody who named no session, or said that it caches nothing', () => {
    const { cell, writer } = cellWithFile();
    expect(writer.do('getStat', byName(A)).cacheNumber).toBeUndefined();
    expect(responseOf(cell.ask('getStat', byName(A))).cacheNumber).toBeUndefined();
    expect(failureOf(writer.ask('getStat', byName('/ls/test/b'))).metadata['cache-number']).toBeUndefined();
    expect(failureOf(cell.ask('getStat', byName('/ls/test/b'))).metadata['cache-number']).toBeUndefined();
  });

  it('but no page of a listing that has several', () => {
    const { reader } = cellWithFile();
    const first = reader.session.do('readDir', { ...byName('/ls/test'), limit: 1 });
    expect(first.cacheNumber).toBeUndefined();
    const { cacheNumber } = reader.session.do('readDir', { ...byName('/ls/test'), pageToken: first.nextPageToken });
    expect(cacheNumber).toBeUndefined();
  });

  it('but no other refusal, and not that the node of a handle is gone', () => {
    const { writer, reader } = cellWithFile();
    const handle = reader.session.open(A);
    writer.do('delete', byName(A));
    expect(failureOf(reader.session.ask('getStat', byHandle(handle))).metadata).not.toHaveProperty('cache-number');
    const refused = failureOf(reader.session.ask('getContentsAndStat', byName('/ls/test')));
    expect(refused).toMatchObject({ reason: 'IS_A_DIRECTORY' });
    expect(refused.metadata).not.toHaveProperty('cache-number');
  });

  it('but not what is read through a handle that rests on a lock', () => {
    const { reader } = cellWithFile();
    const handle = reader.session.open(A);
    reader.session.do('acquire', { handle });
    const { sequencer } = reader.session.do('getSequencer', { handle });
    const asked = reader.session.ask('setSequencer', { handle, sequencer });
    if (asked.reply === undefined || 'failure' in asked.reply) return;
    expect(reader.session.do('getStat', byHandle(asked.reply.response.handle)).cacheNumber).toBeUndefined();
  });

  it('by a session as long as it has room, and then what it reads is not', () => {
    const { reader } = cellWithFile({ limits: { cachedAnswersPerSession: 2 } });
    expect(reader.read(A).cacheNumber).toBeDefined();
    expect(reader.misses('/ls/test/x')).toBeDefined();
    expect(reader.misses('/ls/test/y')).toBeUndefined();
    expect(reader.read(A).cacheNumber).toBeDefined();
  });

  it('as long as the master has room for all', () => {
    const { cell, reader } = cellWithFile({ limits: { cachedAnswers: 1 } });
    const other = Cacher.of(cell, 3);
    expect(reader.read(A).cacheNumber).toBeDefined();
    expect(other.read(A).cacheNumber).toBeUndefined();
    reader.session.do('closeSession', {});
    expect(other.read(A).cacheNumber).toBeDefined();
  });

  it('but not while a change of it is proposed and not applied', () => {
    const { cell, writer, reader } = cellWithFile();
    cell.automatic = false;
    writer.ask('setContents', { ...byName(A), contents: Buffer.from('second') });
    writer.ask('open', { name: '/ls/test/b', create: 'CREATE_MODE_MUST', write: true });
    expect(reader.read(A).contents.toString()).toBe('first');
    expect(reader.read(A).cacheNumber).toBeUndefined();
    expect(reader.list('/ls/test').cacheNumber).toBeUndefined();
    expect(reader.misses('/ls/test/b')).toBeUndefined();
    expect(reader.misses('/ls/test/c')).toBeDefined();
    cell.log.run();
    expect(reader.read(A).contents.toString()).toBe('second');
    expect(reader.read(A).cacheNumber).toBeDefined();
  });

  it('but no listing while a write of a child is proposed', () => {
    const { cell, writer, reader } = cellWithFile();
    cell.automatic = false;
    writer.ask('setContents', { ...byName(A), contents: Buffer.from('second') });
    expect(reader.list('/ls/test').cacheNumber).toBeUndefined();
    cell.log.run();
    expect(reader.list('/ls/test').cacheNumber).toBeDefined();
  });

  it('but no listing while a lock in it is proposed to go from free to held', () => {
    const { cell, writer, reader } = cellWithFile();
    const handle = writer.open(A);
    cell.automatic = false;
    writer.ask('acquire', { handle });
    expect(reader.list('/ls/test').cacheNumber).toBeUndefined();
    expect(reader.read(A).cacheNumber).toBeUndefined();
    cell.log.run();
    expect(reader.list('/ls/test').cacheNumber).toBeDefined();
  });
});

import { describe, expect, it } from 'vitest';
import { Listener } from './listener.js';
import { byName, reasonOf, responseOf, TestCell } from './test-cell.js';

const F = '/ls/test/f';

describe('a session without open handles', () => {
  it('that makes no calls is ended after a minute, and told why', () => {
    const cell = TestCell.reigning();
    const listener = new Listener(cell.session());
    cell.advance(59_000);
    expect(listener.ended).toBeUndefined();
    cell.advance(20_000);
    expect(listener.ended).toBe('SESSION_IDLE');
  });

  it('lives on as long as it makes calls', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const listener = new Listener(session);
    for (let i = 0; i < 10; i++) {
      cell.advance(30_000);
      session.do('getStat', byName('/ls/test'));
    }
    expect(listener.ended).toBeUndefined();
  });

  it('lives on while it has a handle open, and ends when it has closed it', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    const listener = new Listener(session);
    const handle = session.create(F);
    cell.advance(300_000);
    expect(listener.ended).toBeUndefined();
    session.do('close', { handle });
    cell.advance(100_000);
    expect(listener.ended).toBe('SESSION_IDLE');
  });

  it('drops what it caches before it is ended', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1, { cachesNothing: false });
    const listener = new Listener(session);
    session.do('getStat', byName('/ls/test'));
    listener.acknowledges = false;
    cell.advance(73_000);
    expect(listener.take().filter((event) => event === 'invalidation').length).toBeGreaterThan(0);
    expect(listener.ended).toBeUndefined();
    listener.acknowledges = true;
    cell.advance(8_000);
    expect(listener.ended).toBe('SESSION_IDLE');
  });

  it('is ended all the same when an administrator wanted that, and it calls after all', () => {
    const cell = TestCell.reigning();
    const session = cell.session(1, { cachesNothing: false });
    const listener = new Listener(session);
    session.do('getStat', byName('/ls/test'));
    cell.advance(64_000);
    listener.acknowledges = false;
    const ended = cell.admin('endSession', { id: session.credential.id });
    // It does not say that it dropped what it caches, and has been idle for a minute by now.
    cell.advance(6_000);
    session.do('getStat', byName('/ls/test'));
    listener.acknowledges = true;
    cell.advance(500);
    expect(responseOf(ended)).toEqual({ ended: true });
    expect(listener.ended).toBe('SESSION_EXPIRED');
  });

  it('has its late calls refused as idle until its end is chosen', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    new Listener(session);
    cell.advance(60_000);
    cell.automatic = false;
    cell.advance(13_000);
    const asked = session.ask('setContents', { ...byName(F), create: true });
    expect(asked.reply).toBeUndefined();
    cell.log.run();
    expect(reasonOf(asked)).toBe('SESSION_IDLE');
  });

  it('that lived under an earlier master is not ended before it has shown all its handles', () => {
    const cell = TestCell.reigning();
    const session = cell.session();
    session.cell = cell.successor(2);
    const listener = new Listener(session);
    session.cell.advance(120_000);
    expect(listener.ended).toBeUndefined();
    expect(responseOf(session.ask('reattach', { complete: true })).lostHandles).toEqual({});
    session.cell.advance(120_000);
    expect(listener.ended).toBe('SESSION_IDLE');
  });
});

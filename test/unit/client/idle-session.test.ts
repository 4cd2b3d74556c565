import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/wire/errors.js';
import { failed, FakeCell, success } from './fake-cell.js';

const IDLE = refusal('SESSION_IDLE', 'nothing was open and nothing was called for a minute');

const sessionsMade = (cell: FakeCell): number => cell.unary.filter(({ name }) => name === 'createSession').length;

describe('a session that the cell ended because nothing used it', () => {
  it('is replaced unseen with the next call', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    const events: string[] = [];
    for (const name of ['jeopardy', 'safe', 'expired'] as const) client.on(name, () => events.push(name));
    await client.write('/ls/local/a', 'x');
    cell.answerKeepAlive({ failure: IDLE });
    expect(client.sessionState).toBe('none');
    expect(cell.clock.timers).toBe(0);
    await client.write('/ls/local/a', 'y');
    await client.open('/ls/local/a');
    expect(client.sessionState).toBe('safe');
    expect(sessionsMade(cell)).toBe(2);
    expect(events).toEqual([]);
    await client.close();
  });

  it('is replaced under a call that came too late for it', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    let refusals = 0;
    cell.answer = (call) => (refusals++ === 0 ? failed(call, IDLE) : success(call));
    await client.write('/ls/local/a', 'y');
    refusals = 0;
    await client.open('/ls/local/a');
    expect(sessionsMade(cell)).toBe(3);
    await client.close();
  });

  it('leaves a call that had no answer before the connection broke unknown', async () => {
    const cell = new FakeCell();
    const client = cell.client();
    await client.write('/ls/local/a', 'x');
    cell.answer = () => undefined;
    const write = client.write('/ls/local/a', 'y');
    const outcome = expect(write).rejects.toMatchObject({ reason: 'SESSION_IDLE', outcomeUnknown: true });
    await cell.clock.settle();
    cell.cut('a:1');
    await cell.clock.advance(300);
    cell.answerKeepAlive({ failure: IDLE });
    await outcome;
    expect(sessionsMade(cell)).toBe(1);
  });
});

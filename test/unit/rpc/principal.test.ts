import { describe, expect, it } from 'vitest';
import { Metadata } from '@grpc/grpc-js';
import { callerOf } from '../../../src/rpc/callers.js';
import { clientPort, session } from './client-port.js';
import { eventually } from './eventually.js';

const at = clientPort();

describe('a call', () => {
  it('is made as whom its channel says, through whatever it comes', async () => {
    at.cell.answer = () => ({ response: {} });
    const channel = at.channel({ principal: 'ann@example' });
    await channel.call('closeSession', { session }, 1_000);
    const pipe = channel.openPipe(session, { replies: () => undefined, closed: () => undefined });
    pipe.send([{ number: 1, timeLimitMs: 0, call: 'close', close: { context: null, handle: Buffer.alloc(1) } }], 0);
    channel.openKeepAlive({ answered: () => undefined, closed: () => undefined }).send({
      session,
      number: 1,
      acknowledgedReply: 0,
    });
    await eventually(() => at.cell.calls.length === 2 && at.cell.keepAlives.length === 1, 'all of them arrive');
    const callers = [...at.cell.calls, ...at.cell.keepAlives].map(({ caller }) => caller.principal);
    expect(callers).toEqual(['ann@example', 'ann@example', 'ann@example']);
  });

  it('that says nothing is anybody', async () => {
    at.cell.answer = () => ({ response: {} });
    await at.channel().call('closeSession', { session }, 1_000);
    expect(at.cell.calls[0]!.caller.principal).toBe('anybody');
  });

  it.each([
    ['a blank', 'ann b'],
    ['nothing', ''],
    ['too much', 'x'.repeat(256)],
  ])('as %s is refused, and a stream as well', async (_what, principal) => {
    const channel = at.channel({ principal });
    const refused = { reason: 'MALFORMED_REQUEST' };
    expect(await channel.call('closeSession', { session }, 1_000)).toMatchObject({ failure: refused });
    const closed: unknown[] = [];
    const told = (failure: unknown) => closed.push(failure);
    channel.openPipe(session, { replies: () => undefined, closed: told });
    channel.openKeepAlive({ answered: () => undefined, closed: told });
    await eventually(() => closed.length === 2, 'the streams end');
    expect(closed).toEqual([expect.objectContaining(refused), expect.objectContaining(refused)]);
    expect(at.cell.calls).toHaveLength(0);
  });

  it('as two is refused', () => {
    const metadata = new Metadata();
    metadata.add('chubby-principal', 'ann');
    metadata.add('chubby-principal', 'bob');
    expect(callerOf(metadata, { peer: 'x' } as never)).toMatchObject({ reason: 'MALFORMED_REQUEST' });
  });
});

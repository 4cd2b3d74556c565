import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/wire/errors.js';
import { LIMITS } from '../../../src/wire/limits.js';
import type { Failure, PipeReply } from '../../../src/wire/types.js';
import {
  clientPort,
  MIB,
  numbers,
  pipeCall,
  pipeRequests,
  pipeResponses,
  session,
  setContents,
} from './client-port.js';
import { eventually } from './eventually.js';
import { unencodable, written } from './fake-cell.js';

const at = clientPort();

describe('a Pipe', () => {
  /** A Pipe of our own client, and what it told. */
  function pipe() {
    const batches: PipeReply[][] = [];
    const closed: Failure[] = [];
    const connection = at.channel().openPipe(session, {
      replies: (replies) => batches.push([...replies]),
      closed: (failure) => closed.push(failure),
    });
    return { connection, batches, closed, replies: () => batches.flat() };
  }

  it('hands each call to the service with the session and acknowledgement of the stream', async () => {
    const { connection } = pipe();
    connection.send([pipeCall(4), { ...pipeCall(5), timeLimitMs: 250 }], 3);
    await eventually(() => at.cell.calls.length === 2, 'both calls arrive');
    expect(at.cell.calls.map(({ call }) => call)).toMatchObject([
      { name: 'setContents', credential: session, number: 4, acknowledged: 3, timeLimitMs: 0 },
      { name: 'setContents', credential: session, number: 5, acknowledged: 3, timeLimitMs: 250 },
    ]);
    expect(at.cell.calls[0]!.call.request).toMatchObject(setContents('/ls/local/f4'));
  });

  it('brings answers in the order in which they are given, by number', async () => {
    const { connection, replies } = pipe();
    connection.send([pipeCall(1), pipeCall(2), pipeCall(3)], 0);
    await eventually(() => at.cell.calls.length === 3, 'the calls arrive');
    at.cell.calls[2]!.respond(written(33));
    await eventually(() => replies().length === 1, 'the first answer arrives');
    at.cell.calls[0]!.respond({ failure: refusal('STALE_GENERATION', 'it is at 4') });
    at.cell.calls[1]!.respond(written(22));
    await eventually(() => replies().length === 3, 'the others arrive');
    expect(replies()).toMatchObject([
      { number: 3, reply: 'setContents', setContents: written(33).response },
      { number: 1, reply: 'failure', failure: refusal('STALE_GENERATION', 'it is at 4') },
      { number: 2, reply: 'setContents', setContents: written(22).response },
    ]);
  });

  it('brings a refusal whose text is no UTF-8 as one that is', async () => {
    const { connection, replies } = pipe();
    connection.send([pipeCall(1)], 0);
    await eventually(() => at.cell.calls.length === 1, 'the call arrives');
    at.cell.calls[0]!.respond({ failure: refusal('NOT_FOUND', 'no \uD83D') });
    await eventually(() => replies().length === 1, 'the answer arrives');
    expect(replies()).toMatchObject([{ number: 1, failure: { reason: 'NOT_FOUND', message: 'no ?' } }]);
  });

  it('tells of an answer that cannot be sent, and brings the others', async () => {
    const { connection, replies } = pipe();
    connection.send([pipeCall(1), pipeCall(2)], 0);
    await eventually(() => at.cell.calls.length === 2, 'the calls arrive');
    at.cell.calls[0]!.respond({ response: unencodable });
    at.cell.calls[1]!.respond(written(1));
    await eventually(() => replies().length === 2, 'the answers arrive');
    expect(replies()).toMatchObject([{ failure: { reason: 'UNKNOWN_OUTCOME' } }, { number: 2, reply: 'setContents' }]);
    expect(at.server.counts.unsent).toBe(1);
    expect(at.broken).toEqual([]);
  });

  it('of a client with nothing to ask is left in peace', async () => {
    await at.restart({ silenceMs: 100 });
    const { connection, closed } = pipe();
    await new Promise((resolve) => setTimeout(resolve, 400));
    connection.send([pipeCall(1)], 0);
    await eventually(() => at.cell.calls.length === 1, 'the call arrives');
    expect(closed).toEqual([]);
    expect(at.cell.calls[0]!.call.credential).toEqual(session);
  });

  it('puts the answers of one turn of the loop into one message', async () => {
    const { connection, batches } = pipe();
    connection.send(
      numbers(1, 500).map((number) => pipeCall(number)),
      0,
    );
    await eventually(() => at.cell.calls.length === 500, 'the calls arrive');
    for (const { respond } of at.cell.calls) respond(written(1));
    await eventually(() => batches.flat().length === 500, 'the answers arrive');
    expect(batches).toHaveLength(1);
  });

  it('lets others have their turn between calls that cost much', async () => {
    const { connection, replies } = pipe();
    let turns = 0;
    const turn = setInterval(() => turns++);
    at.cell.answer = () => {
      const doneMs = performance.now() + 5;
      while (performance.now() < doneMs);
      return written(1);
    };
    connection.send(
      numbers(1, 100).map((number) => pipeCall(number)),
      0,
    );
    await eventually(() => at.cell.calls.length > 0, 'the first calls arrive');
    const before = turns;
    await eventually(() => replies().length === 100, 'all are answered');
    clearInterval(turn);
    expect(turns - before).toBeGreaterThan(20);
    expect(replies().map(({ number }) => number)).toEqual(numbers(1, 100));
  });

  it('spreads answers over messages that are not too large', async () => {
    const { connection, batches } = pipe();
    const read = { context: null, name: '/ls/local/a', target: 'name' as const };
    at.cell.answer = () => ({ response: { contents: Buffer.alloc(LIMITS.contentsBytes, 7), stat: null } });
    connection.send(
      numbers(1, 64).map((number) => ({
        number,
        timeLimitMs: 0,
        getContentsAndStat: read,
        call: 'getContentsAndStat',
      })),
      0,
    );
    await eventually(() => batches.flat().length === 64, 'the answers arrive');
    expect(batches.length).toBeGreaterThanOrEqual(22);
    expect(batches.flat().every((reply) => reply.getContentsAndStat?.contents.length === LIMITS.contentsBytes)).toBe(
      true,
    );
  });

  it('sends calls of one turn of the loop as one message, and no message too large', async () => {
    const { call, read } = at.stream('Pipe');
    read();
    call.write(pipeRequests.encode({ session }));
    const { connection } = pipe();
    for (const number of numbers(1, 30))
      connection.send([pipeCall(number, setContents('/f', Buffer.alloc(100_000)))], 0);
    await eventually(() => at.cell.calls.length === 30, 'the calls arrive');
    expect(connection.queuedBytes).toBe(0);
  });

  it('answers a call that is too large for a message without sending it', async () => {
    const { connection, replies } = pipe();
    connection.send([pipeCall(1, setContents('/f', Buffer.alloc(2 * MIB))), pipeCall(2)], 0);
    await eventually(() => replies().length === 1 && at.cell.calls.length === 1, 'one answer, one call');
    expect(replies()).toMatchObject([{ number: 1, failure: { reason: 'TOO_LARGE' } }]);
    expect(at.cell.calls[0]!.call.number).toBe(2);
  });

  it('answers what it cannot understand call by call, and goes on', async () => {
    at.cell.answer = () => written(1);
    const { call, received, read } = at.stream('Pipe');
    read();
    call.write(pipeRequests.encode({ session, calls: [{ number: 1 }, { setContents: { name: '/a' } }, pipeCall(3)] }));
    await eventually(() => received.length > 0, 'the answers arrive');
    expect(pipeResponses.decode(received[0]!).replies).toMatchObject([
      { number: 1, failure: { reason: 'MISSING_FIELD', code: status.INVALID_ARGUMENT } },
      { number: 0, failure: { reason: 'MISSING_FIELD' } },
      { number: 3, reply: 'setContents' },
    ]);
  });

  it.each<[string, readonly Buffer[], string]>([
    ['begins without a session', [pipeRequests.encode({ calls: [pipeCall(1)] })], 'MISSING_FIELD'],
    [
      'names its session twice',
      [pipeRequests.encode({ session }), pipeRequests.encode({ session })],
      'MALFORMED_REQUEST',
    ],
    ['brings a message too large', [pipeRequests.encode({ session }), Buffer.alloc(2 * MIB)], 'TOO_LARGE'],
    ['brings garbage', [pipeRequests.encode({ session }), Buffer.from('no message')], 'MALFORMED_REQUEST'],
  ])('that %s is ended with a reason', async (_what, messages, reason) => {
    const { call, ended, read } = at.stream('Pipe');
    read();
    for (const message of messages) call.write(message);
    const error = await ended;
    expect(error!.metadata.get('grpc-status-details-bin').toString()).toContain(reason);
    expect(at.cell.calls).toEqual([]);
    await at.expectAlive();
  });

  it('refuses more requests in flight than the window', async () => {
    const { connection, replies } = pipe();
    connection.send(
      numbers(1, LIMITS.requestWindow + 2).map((number) => pipeCall(number, setContents('/a', Buffer.alloc(0)))),
      0,
    );
    await eventually(() => replies().length === 2, 'two are refused');
    expect(at.cell.calls).toHaveLength(LIMITS.requestWindow);
    expect(replies()).toMatchObject([
      { failure: { reason: 'WINDOW_EXCEEDED' } },
      { failure: { reason: 'WINDOW_EXCEEDED' } },
    ]);
  });

  it('half closed is ended once everything is answered', async () => {
    const { call, received, ended, read } = at.stream('Pipe');
    read();
    call.end(pipeRequests.encode({ session, calls: [pipeCall(1)] }));
    await eventually(() => at.cell.calls.length === 1, 'the call arrives');
    at.cell.calls[0]!.respond(written(1));
    expect(await ended).toBeUndefined();
    expect(pipeResponses.decode(received[0]!).replies).toHaveLength(1);
  });

  it('that is gone leaves its calls to the service, and their answers to nobody', async () => {
    const { connection } = pipe();
    connection.send([pipeCall(1)], 0);
    await eventually(() => at.cell.calls.length === 1, 'the call arrives');
    connection.close();
    await eventually(() => at.server.counts.queuedBytes === 0, 'nothing waits');
    at.cell.calls[0]!.respond(written(1));
    await at.expectAlive();
  });

  it('tells its client when the replica goes away', async () => {
    const { connection, closed } = pipe();
    connection.send([pipeCall(1)], 0);
    await eventually(() => at.cell.calls.length === 1, 'the call arrives');
    await at.server.close();
    await eventually(() => closed.length === 1, 'the client is told');
    expect(closed).toMatchObject([{ reason: 'UNREACHABLE', code: status.UNAVAILABLE }]);
    await at.start();
  });

  it('whose calls break an invariant reports it', async () => {
    at.cell.answer = () => {
      throw new Error('secret of the house');
    };
    const { connection } = pipe();
    connection.send([pipeCall(1)], 0);
    await eventually(() => at.broken.length === 1, 'it is reported');
  });
});

import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/wire/errors.js';
import type { Failure, KeepAliveResponse } from '../../../src/wire/types.js';
import { clientPort, keepAliveAnswer, session } from './client-port.js';
import { eventually } from './eventually.js';

const at = clientPort();

describe('a KeepAlive stream', () => {
  function keepAlive() {
    const answered: KeepAliveResponse[] = [];
    const closed: Failure[] = [];
    const connection = at.channel().openKeepAlive({
      answered: (response) => answered.push(response),
      closed: (failure) => closed.push(failure),
    });
    return { connection, answered, closed };
  }

  it('holds requests and brings their answers', async () => {
    const { connection, answered } = keepAlive();
    connection.send({ session, number: 1, acknowledgedReply: 0 });
    connection.send({ session, number: 2, acknowledgedReply: 1 });
    await eventually(() => at.cell.keepAlives.length === 2, 'the requests arrive');
    expect(at.cell.keepAlives.map(({ request }) => request)).toEqual([
      { session, number: 1, acknowledgedReply: 0 },
      { session, number: 2, acknowledgedReply: 1 },
    ]);
    at.cell.keepAlives[1]!.respond({ response: keepAliveAnswer(2) });
    at.cell.keepAlives[0]!.respond({ response: keepAliveAnswer(1) });
    await eventually(() => answered.length === 2, 'the answers arrive');
    expect(answered.map(({ answers }) => answers)).toEqual([2, 1]);
  });

  it('withdraws what is held when it is gone', async () => {
    const { connection } = keepAlive();
    connection.send({ session, number: 1, acknowledgedReply: 0 });
    connection.send({ session, number: 2, acknowledgedReply: 0 });
    await eventually(() => at.cell.keepAlives.length === 2, 'the requests arrive');
    at.cell.keepAlives[0]!.respond({ response: keepAliveAnswer(1) });
    connection.close();
    await eventually(() => at.cell.keepAlives[1]!.withdrawn, 'the one held is withdrawn');
    expect(at.cell.keepAlives[0]!.withdrawn).toBe(false);
  });

  it('ends with the refusal of a replica that keeps nobody alive', async () => {
    const { connection, closed } = keepAlive();
    connection.send({ session, number: 1, acknowledgedReply: 0 });
    await eventually(() => at.cell.keepAlives.length === 1, 'the request arrives');
    const failure = refusal('NOT_MASTER', 'not here', { 'chubby-master': 'a:1' });
    at.cell.keepAlives[0]!.respond({ failure });
    await eventually(() => closed.length === 1, 'the stream ends');
    expect(closed).toEqual([failure]);
  });

  it('bounds what it holds', async () => {
    await at.restart({ keepAlivesPerStream: 3 });
    const { connection, closed } = keepAlive();
    for (const number of [1, 2, 3, 4]) connection.send({ session, number, acknowledgedReply: 0 });
    await eventually(() => closed.length === 1, 'the stream ends');
    expect(closed).toMatchObject([{ code: status.RESOURCE_EXHAUSTED }]);
    expect(at.cell.keepAlives.every(({ withdrawn }) => withdrawn)).toBe(true);
  });

  it('that brings garbage is ended with a reason', async () => {
    const { call, ended, read } = at.stream('KeepAlive');
    read();
    call.write(Buffer.from('no message'));
    expect(await ended).toMatchObject({ code: status.INVALID_ARGUMENT });
    await at.expectAlive();
  });
});

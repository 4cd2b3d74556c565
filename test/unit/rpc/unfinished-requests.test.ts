import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { messagePrefix } from '../../../src/rpc/grpc-framing.js';
import { clientPort, MIB, numbers, pipeCall, pipeRequests, session, setContentsRequests } from './client-port.js';
import { eventually } from './eventually.js';
import { written } from './fake-cell.js';

const at = clientPort();
const PIPE = '/chubby.v1.Chubby/Pipe';
const SET_CONTENTS = '/chubby.v1.Chubby/SetContents';

const framed = (message: Buffer): Buffer => Buffer.concat([messagePrefix(message.length), message]);
const hello = framed(pipeRequests.encode({ session }));
/** The beginning of a message that is a MiB long. */
const begun = (sizeBytes: number): Buffer => Buffer.concat([messagePrefix(MIB), Buffer.alloc(sizeBytes)]);

/** A Pipe that was used properly, and goes on properly when it is asked to. */
async function innocentPipe() {
  at.cell.answer = () => written(1);
  const { call, received, read } = at.stream('Pipe');
  read();
  call.write(pipeRequests.encode({ session, calls: [pipeCall(1)] }));
  await eventually(() => received.length === 1, 'the first call is answered');
  return async () => {
    call.write(pipeRequests.encode({ calls: [pipeCall(2)] }));
    await eventually(() => received.length === 2, 'the second call is answered');
  };
}

describe('a request that is not whole', () => {
  it('is waited for no longer than its bound, and no other call pays for it', async () => {
    await at.restart({ messageMs: 300 });
    const { call } = at.byHand();
    const [late, other] = [call(PIPE), call(PIPE)];
    for (const pipe of [late, other]) pipe.write(hello);
    late.write(begun(100_000));
    await eventually(() => at.server.counts.heldBytes > 100_000, 'its beginning is held');
    expect(await late.ended).toMatchObject({
      code: status.DEADLINE_EXCEEDED,
      details: expect.stringContaining('REQUEST_INCOMPLETE'),
    });
    await eventually(() => at.server.counts.heldBytes === 0, 'nothing is held');
    other.write(framed(pipeRequests.encode({ calls: [pipeCall(1)] })));
    await eventually(() => at.cell.calls.length === 1, 'the other goes on');
    expect(at.server.counts.cut).toBe(0);
    await at.expectAlive();
  });

  it('is none because the next message is slow, too, as long as each is whole in time', async () => {
    await at.restart({ messageMs: 400 });
    const pipe = at.byHand().call(PIPE);
    pipe.write(hello);
    const message = framed(pipeRequests.encode({ calls: [pipeCall(1)] }));
    const middle = 20;
    pipe.write(message.subarray(0, middle));
    for (let round = 0; round < 5; round++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      pipe.write(Buffer.concat([message.subarray(middle), message.subarray(0, middle)]));
    }
    await eventually(() => at.cell.calls.length === 5, 'all but the last arrive');
    expect(pipe.isOver()).toBe(false);
    expect(await pipe.ended).toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });

  it('is a unary one whose caller does not end its side', async () => {
    await at.restart({ messageMs: 300 });
    const call = at.byHand().call(SET_CONTENTS);
    call.write(framed(setContentsRequests.encode({ name: '/a', contents: Buffer.alloc(100_000) })));
    await eventually(() => at.server.counts.heldBytes > 100_000, 'it is held');
    expect(await call.ended).toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await eventually(() => at.server.counts.heldBytes === 0, 'nothing is held');
    expect(at.cell.calls).toEqual([]);
  });

  it('is held with others of its connection up to a bound; then that goes of which most is held', async () => {
    await at.restart({ heldBytesPerConnection: MIB });
    const goOn = await innocentPipe();
    const { call } = at.byHand();
    const small = call(PIPE);
    small.write(Buffer.concat([hello, begun(1_000)]));
    const large = numbers(0, 2).map(() => call(PIPE));
    for (const pipe of large) pipe.write(Buffer.concat([hello, begun(600_000)]));
    await eventually(() => large.some(({ isOver }) => isOver()), 'one is ended');
    await eventually(() => at.server.counts.heldBytes > 600_000, 'the other is held');
    expect(at.server.counts.heldBytes).toBeLessThanOrEqual(MIB);
    expect(large.some(({ isOver }) => !isOver())).toBe(true);
    expect(small.isOver()).toBe(false);
    await goOn();
  });

  it('is told why it is refused', async () => {
    await at.restart({ heldBytesPerConnection: MIB });
    const call = at.byHand().call;
    const calls = numbers(0, 2).map(() => call(SET_CONTENTS));
    for (const unary of calls) unary.write(begun(600_000));
    expect(await Promise.race(calls.map(({ ended }) => ended))).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining('LIMIT_PENDING'),
    });
  });

  it('is held with those of all connections up to a bound; then that goes of which most is held', async () => {
    await at.restart({ heldBytes: 2 * MIB });
    const goOn = await innocentPipe();
    const pipes = numbers(0, 6).map(() => at.byHand().call(PIPE));
    for (const pipe of pipes) pipe.write(Buffer.concat([hello, begun(600_000)]));
    await eventually(() => pipes.filter(({ isOver }) => isOver()).length >= 3, 'three are ended');
    expect(at.server.counts.heldBytes).toBeLessThanOrEqual(2 * MIB);
    await goOn();
    await at.expectAlive();
  });

  it('costs more the smaller the pieces are in which it comes', async () => {
    const pipe = at.byHand().call(PIPE);
    pipe.write(Buffer.concat([hello, begun(0)]));
    for (let i = 0; i < 50; i++) {
      pipe.write(Buffer.alloc(1));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await eventually(() => at.server.counts.heldBytes > 5_000, 'the pieces are counted');
  });

  it('is held no longer when its connection is gone', async () => {
    const { call, closed } = at.byHand();
    const pipe = call(PIPE);
    pipe.write(Buffer.concat([hello, begun(100_000)]));
    await eventually(() => at.server.counts.heldBytes > 100_000, 'it is held');
    await at.server.close();
    await closed;
    await eventually(() => at.server.counts.heldBytes === 0, 'nothing is held');
    await at.start();
  });
});

describe('requests that nobody looks at yet', () => {
  it('are held up to the bound of their connection', async () => {
    await at.restart({ heldBytesPerConnection: 2 * MIB });
    const large = { response: { contents: Buffer.alloc(200_000, 7), stat: null } };
    at.cell.answer = () => large;
    const read = { context: null, name: '/a', target: 'name' as const };
    const reads = numbers(1, 100).map((number) => ({
      number,
      timeLimitMs: 0,
      getContentsAndStat: read,
      call: 'getContentsAndStat' as const,
    }));
    // Its reader reads nothing, so that the Pipe looks at no more.
    const pipe = at.byHand().call(PIPE);
    pipe.write(framed(pipeRequests.encode({ session, calls: reads })));
    const more = framed(pipeRequests.encode({ calls: [pipeCall(200, { ...set, contents: Buffer.alloc(500_000) })] }));
    for (let i = 0; i < 10; i++) pipe.write(more);
    expect(await pipe.ended).toBe('reset');
    expect(at.server.counts.heldBytes).toBe(0);
    await at.expectAlive();
  });

  const set = { context: null, name: '/a', create: true, target: 'name' as const };
});

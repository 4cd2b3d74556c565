import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { messagePrefix } from '../../../src/rpc/grpc-framing.js';
import { codecOf } from '../../../src/rpc/proto.js';
import type { PipeCall } from '../../../src/wire/types.js';
import { clientPort, MIB, keepAliveAnswer, numbers, pipeRequests, pipeResponses, session } from './client-port.js';
import { eventually } from './eventually.js';

const at = clientPort();

describe('a reader that does not read', () => {
  const read = { context: null, name: '/ls/local/a', target: 'name' as const };
  const large = { response: { contents: Buffer.alloc(200_000, 7), stat: null } };
  const reads = (from: number, count: number): PipeCall[] =>
    numbers(from, count).map((number) => ({
      number,
      timeLimitMs: 0,
      getContentsAndStat: read,
      call: 'getContentsAndStat',
    }));

  it('does not get further calls of its Pipe looked at', async () => {
    at.cell.answer = () => large;
    const more = [1_001, 2_001, 3_001].map((from) => pipeRequests.encode({ calls: reads(from, 1_000) }));
    at.sleeper('Pipe', [pipeRequests.encode({ session, calls: reads(1, 1_000) }), ...more]);
    await eventually(() => at.cell.calls.length > 5, 'some calls are made');
    await settled();
    // One message under way, and what fits below the high-water mark.
    expect(at.cell.calls.length).toBeLessThan(20);
    expect(at.server.counts.queuedBytes).toBeLessThan(2.5 * MIB);
  });

  it('gets everything as it reads', async () => {
    at.cell.answer = () => large;
    const { call, received, read: startReading } = at.stream('Pipe');
    call.write(pipeRequests.encode({ session, calls: reads(1, 200) }));
    call.write(pipeRequests.encode({ calls: reads(201, 50) }));
    await eventually(() => at.cell.calls.length > 5, 'some calls are made');
    await settled();
    startReading();
    const answered = () =>
      received.flatMap((bytes) => pipeResponses.decode(bytes).replies.map((reply) => reply.number));
    await eventually(() => answered().length === 250, 'all are answered');
    expect(answered()).toEqual(numbers(1, 250));
  });

  it('has only so much kept for it, and is cut off', async () => {
    await at.restart({ queuedBytesPerStream: 4 * MIB, drainMs: 300 });
    at.sleeper('Pipe', [pipeRequests.encode({ session, calls: reads(1, 1_000) })]);
    await eventually(() => at.cell.calls.length === 1_000, 'the calls arrive');
    const [first, ...others] = at.cell.calls;
    first!.respond(large);
    await settled();
    let mostBytes = 0;
    for (const { respond } of others) {
      respond(large);
      mostBytes = Math.max(mostBytes, at.server.counts.queuedBytes);
    }
    expect(mostBytes).toBeGreaterThan(3 * MIB);
    expect(mostBytes).toBeLessThanOrEqual(4 * MIB);
    // The message under way is all that is kept, until the reader has had its time.
    expect(at.server.counts.queuedBytes).toBeLessThan(0.5 * MIB);
    await eventually(() => at.server.counts.cut === 1, 'the connection is cut');
    await eventually(() => at.server.counts.queuedBytes === 0, 'nothing is kept');
    await at.expectAlive();
  });

  it('is cut off however little waits for it', async () => {
    await at.restart({ drainMs: 300 });
    at.cell.answer = () => large;
    at.sleeper('Pipe', [pipeRequests.encode({ session, calls: reads(1, 3) })]);
    await eventually(() => at.server.counts.cut === 1, 'the connection is cut');
    await eventually(() => at.server.counts.open === 0, 'it is gone');
    await at.expectAlive();
  });

  it('is told SLOW_CONSUMER by a status that it can still read', async () => {
    await at.restart({ queuedBytesPerStream: 4 * MIB });
    const { call, ended, read: startReading } = at.stream('Pipe');
    call.write(pipeRequests.encode({ session, calls: reads(1, 100) }));
    await eventually(() => at.cell.calls.length === 100, 'the calls arrive');
    for (const { respond } of at.cell.calls) respond(large);
    startReading();
    const error = await ended;
    expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect(error!.metadata.get('grpc-status-details-bin').toString()).toContain('SLOW_CONSUMER');
    expect(at.server.counts.queuedBytes).toBe(0);
  });

  it('counts with the message that is under way', async () => {
    at.cell.answer = () => large;
    at.sleeper('Pipe', [pipeRequests.encode({ session, calls: reads(1, 5) })]);
    await eventually(() => at.cell.calls.length === 5, 'the calls are made');
    await settled();
    expect(at.server.counts.queuedBytes).toBeGreaterThan(1_000_000);
  });

  it('is the one who is cut when all together wait for too much', async () => {
    await at.restart({ queuedBytes: 3 * MIB, drainMs: 60_000 });
    const innocent = at.stream('Pipe');
    innocent.read();
    innocent.call.write(pipeRequests.encode({ session, calls: reads(1, 1) }));
    await eventually(() => at.cell.calls.length === 1, 'the call arrives');
    at.cell.answer = () => large;
    const { call } = at.byHand();
    const sleeper = (count: number) => {
      const pipe = call('/chubby.v1.Chubby/Pipe');
      const request = pipeRequests.encode({ session, calls: reads(1, count) });
      pipe.write(Buffer.concat([messagePrefix(request.length), request]));
      return pipe;
    };
    const small = sleeper(1);
    await eventually(() => at.server.counts.queuedBytes > 0, 'something waits for it');
    const sleepers = numbers(0, 5).map(() => sleeper(5));
    await eventually(() => sleepers.filter(({ isOver }) => isOver()).length >= 2, 'sleepers are cut');
    expect(at.server.counts.queuedBytes).toBeLessThanOrEqual(3 * MIB);
    at.cell.calls[0]!.respond(large);
    await eventually(() => innocent.received.length === 1, 'whoever reads is answered');
    expect(sleepers.some(({ isOver }) => !isOver())).toBe(true);
    expect(small.isOver()).toBe(false);
    expect(at.server.counts.cut).toBe(0);
    await at.expectAlive();
  });

  it('of KeepAlives is cut off, too', async () => {
    await at.restart({ drainMs: 300 });
    const keepAlives = codecOf<object, object>('chubby.v1.KeepAliveRequest');
    at.sleeper(
      'KeepAlive',
      numbers(1, 4_000).map((number) => keepAlives.encode({ session, number })),
    );
    await eventually(() => at.cell.keepAlives.length === 4_000, 'the KeepAlives arrive');
    for (const { respond, request } of at.cell.keepAlives) respond({ response: keepAliveAnswer(request.number) });
    await eventually(() => at.server.counts.cut === 1, 'the connection is cut');
    await at.expectAlive();
  });

  /** Long enough for anything that was going to be read to be read. */
  const settled = () => new Promise((resolve) => setTimeout(resolve, 100));
});

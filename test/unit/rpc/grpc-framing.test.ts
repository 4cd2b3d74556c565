import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FramingError,
  MessageMeter,
  messagePrefix,
  MessageSplitter,
  MessageTooLarge,
} from '../../../src/rpc/grpc-framing.js';

const framed = (message: Uint8Array): Buffer => Buffer.concat([messagePrefix(message.length), message]);

describe('the messages of a gRPC stream', () => {
  it('are found again however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 50 }),
        (messages, cuts) => {
          const bytes = Buffer.concat(messages.map(framed));
          const splitter = new MessageSplitter(100);
          const found: Buffer[] = [];
          for (let from = 0, i = 0; from < bytes.length; i++) {
            const to = from + cuts[i % cuts.length]!;
            found.push(...splitter.push(bytes.subarray(from, to)));
            from = to;
          }
          expect(found.map((message) => message.toString('hex'))).toEqual(
            messages.map((message) => Buffer.from(message).toString('hex')),
          );
        },
      ),
    );
  });

  it('have memory of their own', () => {
    const chunk = framed(Buffer.from('message'));
    const [message] = new MessageSplitter(100).push(chunk);
    chunk.fill(0);
    expect(message!.toString()).toBe('message');
    expect(message!.buffer.byteLength).toBe(7);
  });

  it('are refused when they are too large, before they have come', () => {
    const splitter = new MessageSplitter(100);
    expect(splitter.push(framed(Buffer.alloc(100)))).toHaveLength(1);
    expect(() => splitter.push(messagePrefix(101))).toThrow(FramingError);
  });

  it('are refused when they are compressed', () => {
    expect(() => new MessageSplitter(100).push(Buffer.from([1, 0, 0, 0, 1, 0]))).toThrow(FramingError);
  });
});

describe('the meter of a gRPC stream', () => {
  it('knows when messages end and whether one has begun, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 50 }),
        (messages, cuts) => {
          const bytes = Buffer.concat(messages.map(framed));
          const [meter, splitter] = [new MessageMeter(100), new MessageSplitter(100)];
          let leftBytes = 0;
          for (let from = 0, i = 0; from < bytes.length; i++) {
            const chunk = bytes.subarray(from, (from += cuts[i % cuts.length]!));
            const ended = splitter.push(chunk);
            expect(meter.push(chunk)).toBe(ended.length > 0);
            leftBytes +=
              chunk.length - ended.reduce((sum, message) => sum + messagePrefix(0).length + message.length, 0);
            expect(meter.isWithin).toBe(leftBytes > 0);
          }
        },
      ),
    );
  });

  it('refuses what is too large or compressed by the prefix alone', () => {
    expect(() => new MessageMeter(100).push(messagePrefix(101))).toThrow(MessageTooLarge);
    expect(() => new MessageMeter(100).push(Buffer.from([1]))).toThrow(FramingError);
    expect(new MessageMeter(100).push(messagePrefix(100))).toBe(false);
  });
});

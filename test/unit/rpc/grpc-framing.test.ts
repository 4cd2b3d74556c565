import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FramingError, messagePrefix, MessageSplitter } from '../../../src/rpc/grpc-framing.js';

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

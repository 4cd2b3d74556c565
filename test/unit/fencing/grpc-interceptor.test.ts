import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  status,
} from '@grpc/grpc-js';
import type { ServiceDefinition, ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { fenceCalls } from '../../../src/fencing/index.js';
import type { Fence } from '../../../src/fencing/index.js';
import { fenceWith, held, otherKey, signed } from './signed.js';

const same = (bytes: Buffer): Buffer => bytes;

const SERVICE: ServiceDefinition = {
  Write: {
    path: '/orders.Orders/Write',
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  },
};

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A resource behind a fence; asks it with a sequencer, and tells what came back. */
async function resource(fence: Fence) {
  const server = new Server({ interceptors: [fenceCalls(fence, ServerInterceptingCall)] });
  const written: string[] = [];
  server.addService(SERVICE, {
    Write: (call: { request: Buffer }, callback: (error: null, answer: Buffer) => void) => {
      written.push(call.request.toString());
      callback(null, Buffer.from('done'));
    },
  });
  const port = await new Promise<number>((bound, failed) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, at) =>
      error === null ? bound(at) : failed(error),
    ),
  );
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  closing.push(() => (client.close(), server.forceShutdown()));
  const ask = (...sequencers: Buffer[]) =>
    new Promise<string>((answered) => {
      const metadata = new Metadata();
      for (const sequencer of sequencers) metadata.add('chubby-sequencer-bin', sequencer);
      const done = (error: ServiceError | null, answer?: Buffer) =>
        answered(error === null ? String(answer) : `${status[error.code]} ${error.details.split(':')[0]}`);
      client.makeUnaryRequest('/orders.Orders/Write', same, same, Buffer.from('order'), metadata, done);
    });
  return { ask, written };
}

describe('the interceptor', () => {
  it('lets calls through that the fence lets through', async () => {
    const { ask, written } = await resource(fenceWith());
    expect(await ask(signed())).toBe('done');
    expect(written).toEqual(['order']);
  });

  it('ends the others before their handler sees them', async () => {
    const { ask, written } = await resource(fenceWith());
    await ask(signed(held(5, 2)));
    expect(await ask(signed(held(5, 1)))).toBe('FAILED_PRECONDITION OUTDATED');
    expect(await ask(signed(held(5, 3), {}, otherKey))).toBe('FAILED_PRECONDITION BAD_SIGNATURE');
    expect(await ask()).toBe('FAILED_PRECONDITION MISSING');
    expect(await ask(signed(), signed())).toBe('FAILED_PRECONDITION MALFORMED');
    expect(written.length).toBe(1);
  });

  it('says of a store that fails no more than that', async () => {
    const { ask } = await resource(fenceWith({ remember: { raise: () => Promise.reject(new Error('disk')) } }));
    expect(await ask(signed())).toBe('INTERNAL the fence could not be asked');
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fencedLockOf, fenceRequests } from '../../../src/fencing/index.js';
import type { Fence } from '../../../src/fencing/index.js';
import { fenceWith, held, otherKey, signed } from './signed.js';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A resource behind a fence; asks it with a header, and tells what came back. */
async function resource(fence: Fence) {
  const middleware = fenceRequests(fence);
  const server = createServer((request, response) =>
    middleware(request, response, (error) => {
      response.statusCode = error === undefined ? 200 : 500;
      response.end(JSON.stringify(error === undefined ? fencedLockOf(request) : 'broken'));
    }),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return async (header?: string): Promise<[number, unknown]> => {
    const headers: Record<string, string> = header === undefined ? {} : { 'chubby-sequencer': header };
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'PUT', headers });
    return [response.status, await response.json()];
  };
}

describe('the middleware', () => {
  it('lets requests through that the fence lets through, and tells their handler what was held', async () => {
    const ask = await resource(fenceWith());
    expect(await ask(signed(held(5, 2)).toString('base64'))).toEqual([
      200,
      { lock: '/ls/test/orders/lock', instanceNumber: 5, lockGeneration: 2, mode: 'exclusive' },
    ]);
  });

  it('answers the others, with a status and a reason', async () => {
    const ask = await resource(fenceWith());
    await ask(signed(held(5, 2)).toString('base64'));
    expect(await ask(signed(held(5, 1)).toString('base64'))).toEqual([
      412,
      { reason: 'OUTDATED', message: expect.stringContaining('generation 2') },
    ]);
    expect(await ask(signed(held(5, 3), {}, otherKey).toString('base64'))).toMatchObject([
      403,
      { reason: 'BAD_SIGNATURE' },
    ]);
    expect(await ask('????')).toMatchObject([400, { reason: 'MALFORMED' }]);
    expect(await ask()).toMatchObject([428, { reason: 'MISSING' }]);
  });

  it('hands on what its store throws', async () => {
    const ask = await resource(fenceWith({ remember: { raise: () => Promise.reject(new Error('disk')) } }));
    expect(await ask(signed().toString('base64'))).toEqual([500, 'broken']);
  });

  it('refuses a header that stands there twice', async () => {
    const request = { headers: { 'chubby-sequencer': [signed().toString('base64'), ''] } };
    const body = await new Promise((end) => {
      const response = { statusCode: 200, setHeader: () => undefined, end };
      fenceRequests(fenceWith())(request, response, () => end('let through'));
    });
    expect(JSON.parse(body as string)).toMatchObject({ reason: 'MALFORMED' });
  });
});

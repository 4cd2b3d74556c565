import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { findTaken, freePorts } from '../../../src/server/free-ports.js';

test('the ports are neighbours that can be listened on, below those of outgoing connections', async () => {
  const ports = await freePorts(15);
  expect(ports).toEqual(ports.map((_, index) => ports[0]! + index));
  expect(ports[0]).toBeGreaterThan(1023);
  expect(ports.at(-1)).toBeLessThan(32_768);
  expect(await findTaken(ports.map((port) => ({ host: '127.0.0.1', port })))).toBeUndefined();
});

test('the first address that is taken is found', async () => {
  const ports = await freePorts(3);
  const addresses = ports.map((port) => ({ host: '127.0.0.1', port }));
  const server = createServer().listen(ports[1], '127.0.0.1');
  await once(server, 'listening');
  try {
    expect(await findTaken(addresses)).toMatchObject({ address: addresses[1], cause: { code: 'EADDRINUSE' } });
  } finally {
    await once(server.close(), 'close');
  }
});

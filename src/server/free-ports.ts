import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** Below the ports that systems give to outgoing connections: a replica that starts again must find its own free. */
const FIRST_PORT = 10_240;
const END_PORT = 32_768;
/** Cells that start at the same time on one machine seldom draw the same block. */
const BLOCK = 32;
const ATTEMPTS = 100;

/**
 * Neighbouring TCP ports on loopback that were free a moment ago.
 *
 * @param count at most 32
 * @throws Error when none are found
 */
export async function freePorts(count: number): Promise<number[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const block = Math.floor((Math.random() * (END_PORT - FIRST_PORT)) / BLOCK);
    const ports = Array.from({ length: count }, (_, index) => FIRST_PORT + block * BLOCK + index);
    if ((await findTaken(ports.map((port) => ({ host: LOOPBACK, port })))) === undefined) return ports;
  }
  throw new Error(`no ${count} free ports in a row from ${FIRST_PORT} to ${END_PORT - 1}`);
}

/** The first of the addresses that cannot be listened on now, with what the system says; none when all can. */
export async function findTaken<Address extends { readonly host: string; readonly port: number }>(
  addresses: readonly Address[],
): Promise<{ readonly address: Address; readonly cause: NodeJS.ErrnoException } | undefined> {
  const servers: Server[] = [];
  try {
    for (const address of addresses) {
      const server = createServer();
      try {
        server.listen({ host: address.host, port: address.port });
        await once(server, 'listening');
      } catch (error) {
        return { address, cause: error as NodeJS.ErrnoException };
      }
      servers.push(server);
    }
    return undefined;
  } finally {
    await Promise.all(servers.map((server) => once(server.close(), 'close')));
  }
}

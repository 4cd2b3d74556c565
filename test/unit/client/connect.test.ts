import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connect } from '../../../src/client/index.js';
import type { ClientOptions } from '../../../src/client/index.js';

/** Where nobody answers. */
async function closedPort(): Promise<string> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

function setEnvironment(name: string, value: string): void {
  vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** The addresses that a client asks. */
async function askedBy(options: ClientOptions): Promise<string[]> {
  await using client = connect(options);
  return (await client.status({ timeoutMs: 50 })).replicas.map(({ address }) => address);
}

it('means the cell of the environment unless it is told another', async () => {
  const [named, told] = [await closedPort(), await closedPort()];
  setEnvironment('CHUBBY_CELL', named);
  expect(await askedBy({})).toEqual([named]);
  expect(await askedBy({ cell: undefined })).toEqual([named]);
  expect(await askedBy({ cell: told })).toEqual([told]);
});

it('takes an environment that says nothing for none, and no such cell of its caller', () => {
  setEnvironment('CHUBBY_CELL', '');
  expect(() => connect()).not.toThrow();
  expect(() => connect({ cell: '' })).toThrow('"" is not an address of the form host:port');
});

it('comes as the principal of the environment unless it is told another', () => {
  setEnvironment('CHUBBY_PRINCIPAL', 'ann b');
  expect(() => connect()).toThrow('principal');
  expect(() => connect({ principal: 'ann' })).not.toThrow();
});

import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/client/client.js';
import { connect } from '../../../src/client/grpc/connect.js';
import { FakeCell } from './fake-cell.js';

const FILE = '/ls/local/file';

describe('a client', () => {
  it.each([
    [{ maxClockDrift: -5 }],
    [{ maxClockDrift: NaN }],
    [{ maxClockDrift: 0.6 }],
    [{ leaseMs: -1 }],
    [{ leaseMs: 0 }],
    [{ leaseMs: 3_999 }],
    [{ leaseMs: 60_001 }],
    [{ leaseMs: 3_600_000 }],
    [{ graceMs: NaN }],
    [{ timeoutMs: 0 }],
  ])('refuses %j', (options) => {
    const name = Object.keys(options)[0]!;
    expect(() => new FakeCell().client(options)).toThrow(
      expect.objectContaining({ reason: 'BAD_ARGUMENT', message: expect.stringContaining(name) as string }),
    );
  });

  it('says which leases there are, and takes them', () => {
    const cell = new FakeCell();
    const message = 'leaseMs is a number from 4000 to 60000, not 1000';
    const remedy = expect.stringContaining('leave it out') as string;
    expect(() => cell.client({ leaseMs: 1_000 })).toThrow(expect.objectContaining({ message, remedy }));
    for (const leaseMs of [4_000, 60_000, undefined]) expect(() => cell.client({ leaseMs })).not.toThrow();
  });

  it.each(['', 'ann b', 'änn', 'x'.repeat(256)])('refuses to be the principal %j', (principal) => {
    expect(() => connect({ principal })).toThrow(
      expect.objectContaining({ reason: 'BAD_ARGUMENT', message: expect.stringContaining('principal') as string }),
    );
  });

  it('refuses waits that the wire cannot carry', async () => {
    const client = new FakeCell().client();
    await expect(client.open('/ls/local/f', { lockDelayMs: 2 ** 32 + 5 })).rejects.toMatchObject({
      reason: 'BAD_ARGUMENT',
    });
    const handle = await client.open('/ls/local/f', { write: true });
    await expect(handle.acquire({ waitMs: 2 ** 32 + 1 })).rejects.toMatchObject({ reason: 'BAD_ARGUMENT' });
  });

  it.each(['read', 'write'] as const)(
    'gives up a %s under way when it is closed, and searches no more',
    async (call) => {
      const cell = new FakeCell();
      for (const address of ['a:1', 'b:1', 'c:1']) cell.kill(address);
      const client = cell.client();
      const done = call === 'read' ? client.read('/ls/local/f') : client.write('/ls/local/f', 'x');
      const outcome = expect(done).rejects.toMatchObject({ reason: 'CLIENT_CLOSED' });
      await cell.clock.settle();
      await client.close();
      await outcome;
      const asked = cell.unary.length;
      await cell.clock.advance(10_000);
      expect(cell.unary).toHaveLength(asked);
    },
  );
});

describe('access lists that are not all named', () => {
  const some = { read: '', write: 'few' } as never;

  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['setAcl', (client) => client.setAcl(FILE, some)],
    ['setAcl of a handle', async (client) => (await client.open(FILE, { changeAcl: true })).setAcl(some)],
    ['open', (client) => client.open(FILE, { create: 'may', acl: some })],
    ['multiOp', (client) => client.multiOp({ then: [{ create: FILE, acl: some }] })],
  ])('are refused by %s, with the one that is missing and what to do', async (_what, call) => {
    const cell = new FakeCell();
    await expect(call(cell.client())).rejects.toMatchObject({
      reason: 'BAD_ARGUMENT',
      message: 'an acl names three lists, read, write, changeAcl; changeAcl is not given as a text',
      remedy: expect.stringContaining('...stat.acl') as string,
    });
    expect(cell.calls.filter(({ setAcl, multiOp }) => setAcl ?? multiOp)).toEqual([]);
  });
});

describe('an option that there is none', () => {
  const misspelt = (options: object): never => options as never;

  it.each<[string, (client: Client) => Promise<unknown>, string]>([
    ['a write', (client) => client.write(FILE, 'x', misspelt({ ifGeneration: 0 })), 'ifContentGeneration'],
    ['an open', (client) => client.open(FILE, misspelt({ writes: true })), 'write'],
    ['withLock', (client) => client.withLock(FILE, () => 1, misspelt({ waitms: 1 })), 'waitMs'],
    ['setAcl', (client) => client.setAcl(FILE, { read: '', write: '', changeAcl: '' }, misspelt({ ifAcl: 1 })), ''],
  ])('is refused before anything is sent, and the one that is meant is named: %s', async (_what, call, meant) => {
    const cell = new FakeCell();
    const message = expect.stringContaining(meant) as string;
    await expect(call(cell.client())).rejects.toMatchObject({ reason: 'BAD_ARGUMENT', message });
    expect(cell.calls).toEqual([]);
  });

  it('is refused by connect, and so is an event that there is none', () => {
    const cell = new FakeCell();
    expect(() => cell.client(misspelt({ leaseMS: 1 }))).toThrow('did you mean leaseMs?');
    expect(() => cell.client().on(misspelt(['jeopardise']), () => undefined)).toThrow('jeopardy');
  });
});

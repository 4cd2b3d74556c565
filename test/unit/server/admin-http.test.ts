import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import { AddressRefused } from '../../../src/server/address-refused.js';
import { AdminHttp } from '../../../src/server/admin-http.js';
import type { Verdict } from '../../../src/server/health.js';
import { liveness, readiness } from '../../../src/server/health.js';
import { freePorts } from '../../../src/server/free-ports.js';

describe('admin HTTP', () => {
  let port: number;
  let admin: AdminHttp;
  let verdict: Verdict;

  beforeEach(async () => {
    [port] = (await freePorts(1)) as [number];
    verdict = { ok: true, reason: 'all is well' };
    admin = await AdminHttp.start(`127.0.0.1:${port}`, {
      health: () => verdict,
      ready: () => verdict,
      metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'chubby_x 1\n' }),
    });
  });
  afterEach(() => admin.close());

  const get = (path: string, method = 'GET'): Promise<{ status: number | undefined; text: string; type: unknown }> =>
    new Promise((resolve, reject) => {
      request({ port, path, method, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode, text, type: response.headers['content-type'] }),
        );
      })
        .on('error', reject)
        .end();
    });

  test('says how the replica is, by status and in words', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok: all is well\n' });
    verdict = { ok: false, reason: 'no master is known' };
    expect(await get('/readyz?verbose')).toMatchObject({ status: 503, text: 'not ok: no master is known\n' });
  });

  test('gives the metrics in the type that they come in', async () => {
    expect(await get('/metrics')).toEqual({ status: 200, text: 'chubby_x 1\n', type: 'text/plain; version=0.0.4' });
  });

  test('knows nothing else and takes nothing', async () => {
    expect((await get('/')).status).toBe(404);
    expect((await get('/metrics/../etc/passwd')).status).toBe(404);
    expect((await get('/healthz', 'POST')).status).toBe(405);
    expect(await get('/healthz', 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  test('survives bytes that are no HTTP', async () => {
    const socket = connect(port, '127.0.0.1').resume();
    socket.end(Buffer.alloc(100_000, 0xff));
    await new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined));
    expect((await get('/healthz')).status).toBe(200);
  });

  test('refuses an address that is taken, by one line with the remedy', async () => {
    const second = AdminHttp.start(`127.0.0.1:${port}`, {} as never);
    await expect(second).rejects.toThrow(AddressRefused);
    await expect(second).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port} for admin HTTP: it is in use: stop the process that listens there, or configure another port`,
    );
  });
});

describe('health', () => {
  test('is lost when the disk is silent, whether it is asked to read or to write', () => {
    expect(liveness({ answeredAtMs: 1000, appendingSinceMs: undefined }, 6000).ok).toBe(true);
    expect(liveness({ answeredAtMs: 1000, appendingSinceMs: undefined }, 6001)).toEqual({
      ok: false,
      reason: 'the disk has not answered for 5 s',
    });
    expect(liveness({ answeredAtMs: 9000, appendingSinceMs: 1000 }, 9001).ok).toBe(false);
    expect(liveness({ answeredAtMs: 9000, appendingSinceMs: 8000 }, 9001).ok).toBe(true);
  });
});

describe('readiness', () => {
  const node = (chosenUpTo: number, highestKnown: number) =>
    ({ chosenUpTo: chosenUpTo as Slot, highestKnown: highestKnown as Slot }) as Parameters<typeof readiness>[1];
  const replica3 = 3 as ReplicaId;

  test('needs a master, and no more lag than what may be in flight', () => {
    expect(readiness({ name: 'follower', master: replica3 }, node(100, 164), 64).ok).toBe(true);
    expect(readiness({ name: 'follower', master: replica3 }, node(100, 165), 64)).toEqual({
      ok: false,
      reason: 'catching up: 65 slots behind replica 3',
    });
    expect(readiness({ name: 'master' }, node(1, 1), 64).ok).toBe(true);
    expect(readiness({ name: 'seeking' }, node(1, 1), 64)).toEqual({ ok: false, reason: 'no master is known' });
    expect(readiness({ name: 'starting' }, undefined, 64).ok).toBe(false);
    expect(readiness({ name: 'forming', waitingFor: [replica3] }, undefined, 64)).toEqual({
      ok: false,
      reason: 'the cell is not born: waiting for replica 3',
    });
  });
});

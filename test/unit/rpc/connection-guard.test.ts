import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectionGuard } from '../../../src/rpc/connection-guard.js';
import { eventually } from './eventually.js';

const CROWD = 200;
/** A turn of the event loop in which more than this begins is one that keeps a master from its lease. */
const BEARABLE = 8;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const act of cleanUp.splice(0)) await act();
});

/** A guard whose connections are counted by the turn of the event loop in which they are let in. */
async function startGuard(): Promise<{
  readonly port: number;
  readonly admitted: Socket[];
  readonly perTurn: number[];
}> {
  const admitted: Socket[] = [];
  const perTurn: number[] = [];
  let turnEnds = true;
  const guard = new ConnectionGuard(
    { connections: 10_000, connectionsPerAddress: 10_000, silenceMs: 60_000 },
    (socket) => {
      admitted.push(socket);
      if (turnEnds) perTurn.push(0);
      perTurn[perTurn.length - 1]!++;
      turnEnds = false;
      process.nextTick(() => setImmediate(() => (turnEnds = true)));
    },
  );
  cleanUp.push(() => guard.close());
  return { port: await guard.listen('127.0.0.1', 0), admitted, perTurn };
}

function comeTo(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  cleanUp.push(() => socket.destroy());
  return socket;
}

describe('the connection guard', () => {
  it('lets in a crowd that comes at once, a few in each turn of the event loop', async () => {
    const { port, admitted, perTurn } = await startGuard();
    for (let i = 0; i < CROWD; i++) comeTo(port);
    await eventually(() => admitted.length === CROWD, 'all are let in');
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(BEARABLE);
  });

  it('loses nothing of what a connection said before it was let in', async () => {
    const { port, admitted } = await startGuard();
    for (let i = 0; i < CROWD; i++) comeTo(port).write(`${i} is here`);
    await eventually(() => admitted.length === CROWD, 'all are let in');
    const said = admitted.map(
      (socket) => new Promise((resolve) => socket.once('data', (data) => resolve(String(data)))),
    );
    const all = await Promise.all(said);
    expect(all.sort()).toEqual(Array.from({ length: CROWD }, (_, i) => `${i} is here`).sort());
  });
});

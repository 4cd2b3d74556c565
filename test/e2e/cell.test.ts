// A cell of real processes on real disks, ended in all the ways in which processes end.
import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client/index.js';
import type { LocalCell, LocalReplica } from '../../src/server/local-cell.js';
import { askAdmin, clientOf, ELECTION_MS, eventually, logOf, startCell } from './running-cell.js';

const text = async (client: Client, name: string): Promise<string> =>
  Buffer.from((await client.read(name)).contents).toString();

const others = (cell: LocalCell, replica: LocalReplica): LocalReplica[] =>
  cell.replicas.filter((other) => other !== replica);

describe('a cell of five', () => {
  test('comes up, says who is master, and serves', async () => {
    const cell = await startCell();
    const master = await cell.waitForMaster(ELECTION_MS);
    const client = clientOf(cell);
    await client.write('/ls/local/greeting', 'hello');
    expect(await text(client, '/ls/local/greeting')).toBe('hello');

    await eventually('all are ready', async () => {
      const answers = await Promise.all(cell.replicas.map((replica) => askAdmin(replica, '/readyz')));
      return answers.every(({ status }) => status === 200);
    });
    expect(await askAdmin(master, '/readyz')).toEqual({ status: 200, text: 'ok: master\n' });
    expect((await askAdmin(master, '/healthz')).status).toBe(200);
    const { text: metrics } = await askAdmin(master, '/metrics');
    expect(metrics).toContain(`chubby_replica_state{state="master",cell="local",replica="${master.id}"} 1`);
    expect(metrics).toMatch(/^chubby_log_append_seconds_count\{.*\} [1-9]/m);
    expect(metrics).toMatch(/^chubby_applied_slot\{.*\} [1-9]/m);
    expect(metrics).toMatch(/^chubby_nodejs_eventloop_lag_seconds/m);

    const status = await client.status();
    expect(status.master).toEqual({ id: master.id, address: master.config.listen.client });
    expect(status.replicas.map(({ id, pid, voter }) => ({ id, pid, voter }))).toEqual(
      cell.replicas.map(({ id, process }) => ({ id, pid: process.pid, voter: true })),
    );
  });

  test('has another master soon after its master is killed, and has lost nothing', async () => {
    const cell = await startCell();
    const first = await cell.waitForMaster(ELECTION_MS);
    const client = clientOf(cell);
    for (let n = 0; n < 20; n++) await client.write(`/ls/local/file-${n}`, `before ${n}`);
    await first.process.kill();
    const second = await cell.waitForMaster(ELECTION_MS);
    expect(second.id).not.toBe(first.id);
    await client.write('/ls/local/after', 'after');
    for (let n = 0; n < 20; n++) expect(await text(client, `/ls/local/file-${n}`)).toBe(`before ${n}`);

    first.process.start();
    await eventually('the killed replica follows', () => first.process.state?.name === 'follower');
    await eventually('it has caught up', async () => {
      const { replicas } = await client.status();
      return replicas.every(({ applied }) => applied === replicas[0]!.applied);
    });
  });

  test('hands over when its master is asked to end, without waiting for a lease to run out', async () => {
    const cell = await startCell();
    const first = await cell.waitForMaster(ELECTION_MS);
    const client = clientOf(cell);
    await client.write('/ls/local/a', '1');
    first.process.signal('SIGTERM');
    expect(await first.process.ended()).toEqual({ exitCode: 0, signal: null });
    await eventually('another reigns', () => cell.master !== undefined && cell.master.id !== first.id);
    expect(await text(client, '/ls/local/a')).toBe('1');
  });

  test('finds its data again after all five were killed', async () => {
    const cell = await startCell();
    const client = clientOf(cell);
    for (let n = 0; n < 20; n++) await client.write(`/ls/local/file-${n}`, `kept ${n}`);
    await cell.kill();
    cell.start();
    for (let n = 0; n < 20; n++) expect(await text(client, `/ls/local/file-${n}`)).toBe(`kept ${n}`);
  });

  test('goes on with two dead; with three it acknowledges nothing and reads nothing, until one comes back', async () => {
    const cell = await startCell();
    const master = await cell.waitForMaster(ELECTION_MS);
    const client = clientOf(cell);
    await client.write('/ls/local/a', '5 live');
    const [one, two, three] = others(cell, master) as [LocalReplica, LocalReplica, LocalReplica];
    await Promise.all([one.process.kill(), two.process.kill()]);
    await client.write('/ls/local/a', '3 live');
    expect(await text(client, '/ls/local/a')).toBe('3 live');

    await three.process.kill();
    await eventually('the master no longer says so', () => cell.master === undefined);
    await expect(client.write('/ls/local/a', '2 live', { timeoutMs: 2_000 })).rejects.toThrow();
    await expect(client.read('/ls/local/a', { timeoutMs: 1_000 })).rejects.toThrow();
    expect((await askAdmin(master, '/readyz')).status).toBe(503);
    expect((await askAdmin(master, '/healthz')).status).toBe(200);

    three.process.start();
    await cell.waitForMaster(ELECTION_MS);
    expect(['3 live', '2 live']).toContain(await text(client, '/ls/local/a'));
    await client.write('/ls/local/a', '3 again');
    expect(await text(client, '/ls/local/a')).toBe('3 again');
  });

  test('is not unseated by a replica that slept through its lease', async () => {
    const cell = await startCell();
    const first = await cell.waitForMaster(ELECTION_MS);
    const client = clientOf(cell);
    await client.write('/ls/local/a', 'before');
    first.process.signal('SIGSTOP');
    await eventually('another is master', () =>
      cell.replicas.some((r) => r !== first && r.process.state?.name === 'master'),
    );
    await client.write('/ls/local/a', 'meanwhile');
    first.process.signal('SIGCONT');
    await eventually('the sleeper follows', () => first.process.state?.name === 'follower');
    const direct = clientOf(cell, { cell: first.config.listen.client });
    expect(await text(direct, '/ls/local/a')).toBe('meanwhile');
  });
});

describe('a replica that lost its disk', () => {
  /** Writes until it is stopped; tells what was acknowledged. */
  function writing(client: Client): { stop: () => Promise<number> } {
    let stopped = false;
    const done = (async () => {
      let n = 0;
      while (!stopped) await client.write(`/ls/local/file-${n % 50}`, `${n++}`);
      return n;
    })();
    return { stop: async () => ((stopped = true), done) };
  }

  /** Of those the master counts, by replica id. */
  const incarnations = async (client: Client): Promise<Map<number | null, string | null>> => {
    const { replicas } = await client.status();
    return new Map(replicas.filter(({ voter }) => voter === true).map(({ id, incarnation }) => [id, incarnation]));
  };

  async function comeBack(count: number): Promise<void> {
    const cell = await startCell({ restart: true });
    const master = await cell.waitForMaster(ELECTION_MS);
    const client = clientOf(cell);
    const load = writing(client);
    const lost = others(cell, master).slice(0, count);
    await eventually('all vote', async () => (await incarnations(client)).size === 5);
    const before = await incarnations(client);
    const beganMs = performance.now();
    for (const { config } of lost) rmSync(config.dataDir, { recursive: true, force: true });
    await eventually(
      'all vote again, the lost ones as others',
      async () => {
        const now = await incarnations(client);
        return now.size === 5 && lost.every(({ id }) => now.get(id) !== before.get(id));
      },
      120_000,
    );
    console.log(
      `${count} of five lost their disks; back as voters after ${Math.round(performance.now() - beganMs)} ms`,
    );
    const acknowledged = await load.stop();
    expect(acknowledged).toBeGreaterThan(0);

    // They are needed now, and count.
    const kept = others(cell, master).filter((replica) => !lost.includes(replica));
    await Promise.all(kept.slice(0, 2).map(({ process }) => process.stop()));
    for (let n = Math.max(0, acknowledged - 50); n < acknowledged; n++) {
      expect(await text(client, `/ls/local/file-${n % 50}`)).toBe(`${n}`);
    }
    await client.write('/ls/local/after', 'after');
  }

  test('while it runs and the cell is written to, comes back by itself and votes as another', () => comeBack(1));

  test('is one of two: both come back', () => comeBack(2));

  test('does not vote before it is let in again, even where it is needed', async () => {
    const cell = await startCell();
    const master = await cell.waitForMaster(ELECTION_MS);
    const client = clientOf(cell);
    await client.write('/ls/local/a', '1');
    const [wiped, third, ...rest] = others(cell, master) as [LocalReplica, LocalReplica, ...LocalReplica[]];
    await wiped.process.stop();
    rmSync(wiped.config.dataDir, { recursive: true });
    // Three of five can elect; with the wiped one instead of the third they must not.
    await Promise.all([master.process.kill(), third.process.kill()]);
    wiped.process.start();
    await expect(client.read('/ls/local/a', { timeoutMs: 5_000 })).rejects.toThrow();
    expect(rest).toHaveLength(2);
    third.process.start();
    expect(await text(client, '/ls/local/a')).toBe('1');
  });

  test('or whose log is damaged sets it aside and comes back', async () => {
    const cell = await startCell({ size: 3, restart: true });
    const master = await cell.waitForMaster(ELECTION_MS);
    const client = clientOf(cell);
    await client.write('/ls/local/a', '1');
    const [victim] = others(cell, master) as [LocalReplica];
    await eventually('all vote', async () => (await incarnations(client)).size === 3);
    const before = (await incarnations(client)).get(victim.id);
    await victim.process.stop();
    const { dataDir } = victim.config;
    for (const name of readdirSync(`${dataDir}/log`)) {
      if (/[.](log|ldb)$/.test(name)) truncateSync(`${dataDir}/log/${name}`);
    }
    victim.process.start();
    await eventually(
      'it votes as another',
      async () => {
        const now = (await incarnations(client)).get(victim.id);
        return now !== undefined && now !== before;
      },
      60_000,
    );
    expect(readdirSync(`${dataDir}/..`)).toContain(`replica-${victim.id}.damaged-${before}`);
    expect(await text(client, '/ls/local/a')).toBe('1');
  });
});

test('a cell of one serves alone, and a cell waits for all of its replicas to be born', async () => {
  const alone = await startCell({ size: 1 });
  const client = clientOf(alone);
  await client.write('/ls/local/a', '1');
  await alone.kill();
  alone.start();
  expect(await text(client, '/ls/local/a')).toBe('1');

  const three = await startCell({ size: 3 });
  const late = three.replica(3);
  await late.process.kill();
  rmSync(late.config.dataDir, { recursive: true, force: true });
  const [early] = three.replicas as [LocalReplica];
  // Where the late one was quick enough to be born before it was killed, it is now one that lost its disk.
  if (early.process.state?.name === 'forming') {
    await eventually('the others say for whom they wait', () => String(early.process.state?.waitingFor) === '3');
    expect((await askAdmin(early, '/readyz')).text).toBe('not ok: the cell is not born: waiting for replica 3\n');
  }
});

test('the log of a replica is structured and tells of its life', async () => {
  const cell = await startCell({ size: 1 });
  await cell.waitForMaster(ELECTION_MS);
  await cell.stop();
  const lines = logOf(cell.replica(1)).map((line) => JSON.parse(line) as { msg: string; replica: number });
  expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['starts', 'state', 'stops', 'stopped']));
  expect(lines.every(({ replica }) => replica === 1)).toBe(true);
});

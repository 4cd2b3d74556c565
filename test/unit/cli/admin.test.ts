import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { explanationOf, holderOf, lockOf, sessionOf } from './fake-admin.js';
import { chubby, clientWith } from './fake-surroundings.js';

const MINUTE_MS = 60_000;
const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
  onTestFinished(() => void vi.useRealTimers());
});

const first = '00000000000000aa';
const second = '00000000000000bb';

describe('sessions', () => {
  it('lists who has a session, from where, and what with', async () => {
    const client = clientWith({});
    const old = { createdAtMs: NOW_MS - 90 * MINUTE_MS, silent: true, address: '', heldLocks: 2 };
    client.admin.sessions = [sessionOf(first), sessionOf(second, old)];
    const { stdout } = await chubby(['sessions'], { client });
    expect(stdout.trimEnd().split('\n')).toEqual([
      'SESSION\tPRINCIPAL\tFROM\tAGE\tLEASE LEFT\tHANDLES\tLOCKS\tWAITS\tCACHES\tSTATE',
      `${first}\tanybody\t10.0.0.1:4711\t0.0 s\t7.5 s\t1\t1\t0\t0\talive`,
      `${second}\tanybody\t-\t1 h 30 min\t7.5 s\t1\t2\t0\t0\tsilent`,
    ]);
    const { stdout: json } = await chubby(['sessions', '--json'], { client });
    expect(JSON.parse(json)).toEqual({ sessions: client.admin.sessions });
  });

  it('ends one', async () => {
    const client = clientWith({});
    client.admin.sessions = [sessionOf(first), sessionOf(second)];
    expect(await chubby(['sessions', 'end', first], { client })).toMatchObject({ exitCode: 0, stdout: '' });
    expect(client.admin.sessions.map(({ id }) => id)).toEqual([second]);
    const again = await chubby(['sessions', 'end', first], { client });
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toBe(`chubby: there is no session ${first}\n  chubby sessions lists them\n`);
  });

  it.each([[['sessions', 'end']], [['sessions', 'list', first]], [['sessions', 'kill', first]]])(
    'refuses %j',
    async (args) => expect((await chubby(args)).exitCode).toBe(64),
  );
});

describe('locks', () => {
  it('lists one on a line, with who has it, for how long, and how many wait', async () => {
    const client = clientWith({});
    const held = { mode: 'exclusive', holders: [holderOf(sessionOf(first))], waiterCount: 3 } as const;
    const expired = holderOf(sessionOf(first), { lockDelayLeftMs: 12_300, acquiredAtMs: NOW_MS - MINUTE_MS });
    const shared = [holderOf(sessionOf(first)), holderOf(sessionOf(second))];
    client.admin.locks = [
      lockOf('/ls/local/a', held),
      lockOf('/ls/local/b', { mode: 'exclusive', holders: [expired] }),
      lockOf('/ls/local/c', { mode: 'shared', holders: shared }),
      lockOf('/ls/other/d', held),
    ];
    const { stdout } = await chubby(['locks', '/ls/local'], { client });
    expect(stdout.trimEnd().split('\n')).toEqual([
      'NAME\tSTATE\tHOLDER\tFROM\tFOR\tGENERATION\tWAITERS',
      `/ls/local/a\texclusive\t${first}\t10.0.0.1:4711\t0.0 s\t7\t3`,
      `/ls/local/b\theld back, 12 s left\t${first}\t10.0.0.1:4711\t1 min\t7\t0`,
      `/ls/local/c\tshared\t${first} and 1 more\t10.0.0.1:4711\t0.0 s\t7\t0`,
    ]);
    const { stdout: json } = await chubby(['locks', '--json'], { client });
    expect(JSON.parse(json)).toEqual({ locks: client.admin.locks });
  });
});

describe('explain', () => {
  const explain = async (facts: Parameters<typeof lockOf>[1], more: Parameters<typeof explanationOf>[2] = {}) => {
    const client = clientWith({ '/ls/local/a': '' });
    const stat = await client.stat('/ls/local/a');
    client.admin.explanations.set('/ls/local/a', explanationOf(lockOf('/ls/local/a', facts), stat, more));
    return (await chubby(['explain', '/ls/local/a'], { client })).stdout.trimEnd().split('\n');
  };

  it('says who has the lock, since when and from where, and who waits', async () => {
    const waiter = { session: sessionOf(second), mode: 'shared', waitingMs: 4_000, waitLeftMs: 0 } as const;
    const holder = holderOf(sessionOf(first), { acquiredAtMs: NOW_MS - 90_000, lockDelayMs: 10_000 });
    expect(await explain({ mode: 'exclusive', holders: [holder], waiters: [waiter], waiterCount: 1 })).toEqual([
      '/ls/local/a: held',
      'sequencer pair: instance 12, lock generation 7',
      'HOLDER\tPRINCIPAL\tFROM\tSINCE\tFOR\tLEASE LEFT\tLOCK-DELAY\tSTATE',
      `${first}\tanybody\t10.0.0.1:4711\t2026-01-02T03:02:35.000Z\t1 min 30 s\t7.5 s\t10 s\talive`,
      '1 request in the queue:',
      'WAITER\tPRINCIPAL\tFROM\tWANTS\tWAITS FOR\tGIVES UP IN\tSTATE',
      `${second}\tanybody\t10.0.0.1:4711\tshared\t4.0 s\t-\talive`,
    ]);
  });

  it('says how long an expired lock is held back', async () => {
    const holder = holderOf(sessionOf(first), { lockDelayMs: 20_000, lockDelayLeftMs: 15_000 });
    const lines = await explain({ mode: 'exclusive', holders: [holder] });
    expect(lines[0]).toBe('/ls/local/a: held back for 15 s more, since the session of its holder expired');
    expect(lines[3]).toMatch(/\t-\t20 s\texpired$/);
  });

  it('says that the holder is silent', async () => {
    const holder = holderOf(sessionOf(first, { silent: true }));
    const lines = await explain({ mode: 'exclusive', holders: [holder] });
    expect(lines[0]).toBe('/ls/local/a: held by a session that may be about to expire');
  });

  it.each([
    [1, 2, '1 session may cache the node, 2 handles are told of its events'],
    [2, 1, '2 sessions may cache the node, 1 handle is told of its events'],
  ])(
    'says that nobody has it, and who may cache and follow the node: %d, %d',
    async (cachingSessions, subscriptions, words) => {
      expect(await explain({}, { cachingSessions, subscriptions })).toEqual([
        '/ls/local/a: nobody has the lock',
        'sequencer pair: instance 12, lock generation 7',
        words,
      ]);
    },
  );

  it('shows a deadlock as a round', async () => {
    const deadlock = [
      { sessionId: first, lockName: '/ls/local/b' },
      { sessionId: second, lockName: '/ls/local/a' },
    ];
    const lines = await explain({ mode: 'exclusive', holders: [holderOf(sessionOf(first))] }, { deadlock });
    expect(lines.slice(-3)).toEqual([
      'deadlock: none of these goes on until one gives up (chubby sessions end ID ends one)',
      `  ${first} waits for /ls/local/b`,
      `  ${second} waits for /ls/local/a`,
    ]);
  });

  it('ends with 6 where there is no such node', async () => {
    expect((await chubby(['explain', '/ls/local/none'])).exitCode).toBe(6);
  });
});

describe('keys', () => {
  const publicKey = Buffer.alloc(32, 1);
  const withKeys = () => {
    const client = clientWith({});
    client.admin.keys = [
      { id: 1, publicKey, validUntilMs: NOW_MS + MINUTE_MS },
      { id: 2, publicKey, validUntilMs: 0 },
    ];
    return client;
  };

  it('lists them with their ids, and for how long they verify', async () => {
    const { stdout } = await chubby(['keys'], { client: withKeys() });
    expect(stdout.trimEnd().split('\n')).toEqual([
      'ID\tSTATE\tVALID UNTIL\tPUBLIC KEY',
      `1\tverifies, 1 min left\t2026-01-02T03:05:05.000Z\t${publicKey.toString('base64')}`,
      `2\tsigns\t-\t${publicKey.toString('base64')}`,
    ]);
    const { stdout: json } = await chubby(['keys', '--json'], { client: withKeys() });
    expect(JSON.parse(json)).toEqual({
      keys: [
        { id: 1, publicKey: publicKey.toString('base64'), validUntilMs: NOW_MS + MINUTE_MS },
        { id: 2, publicKey: publicKey.toString('base64'), validUntilMs: 0 },
      ],
    });
  });

  it.each([
    [['keys', 'rotate', '--keep', '1.5'], 1_500],
    [['keys', 'rotate'], 86_400_000],
  ])('%j keeps the former key for %i ms', async (args, keepMs) => {
    const client = withKeys();
    expect((await chubby(args, { client })).exitCode).toBe(0);
    expect(client.admin.asked).toBe(keepMs);
  });

  it('refuses --keep where nothing is rotated', async () => {
    expect((await chubby(['keys', '--keep', '5'])).exitCode).toBe(64);
  });
});

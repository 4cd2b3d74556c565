import { cp, readdir } from 'node:fs/promises';
import type * as promises from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SeededRng } from '../../../src/common/rng.js';
import type { ReplicaId } from '../../../src/paxos/ballot.js';
import { openDataDirectory } from '../../../src/storage/level/data-directory.js';
import type { RecoveredLog } from '../../../src/storage/replay-log.js';
import { CRASHES } from './crashing-disk.js';
import type { CrashingDisk } from './crashing-disk.js';
import { tellOfLevel } from './crashing-level.js';
import { toFirstFormat } from './first-format.js';
import { ballot, MEMBER, records } from './records.js';
import { temporaryDirectory } from './temporary-directory.js';

const { disk } = vi.hoisted(() => ({ disk: { current: undefined as CrashingDisk | undefined } }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof promises>();
  const { CrashingDisk: Disk } = await import('./crashing-disk.js');
  disk.current = new Disk();
  return { ...real, ...disk.current.wrap(real) };
});

const TWO = 2 as ReplicaId;
const TURNS = 4;

beforeEach(() => tellOfLevel((what) => disk.current!.step(what)));

afterEach(() => {
  disk.current!.recover('process killed');
  vi.restoreAllMocks();
});

/** What a replica was told of its disk before it died. */
interface Told {
  member: boolean;
  turns: number;
}

/** The life of a replica from the formatting of its directory on, as far as it comes. */
async function live(directory: string, told: Told): Promise<RecoveredLog> {
  const { identity, identityStore, replayLog } = await openDataDirectory(directory, TWO, new SeededRng(1));
  try {
    if (told.member) expect(identity.state).toBe('member');
    if (identity.state === 'forming') await identityStore.save({ ...MEMBER, self: identity.self });
    told.member = true;
    const recovered = await replayLog.recover();
    for (let turn = recovered.lastSlot + 1; turn <= TURNS; turn++) {
      await replayLog.append({ accepted: records(turn, turn), promised: ballot(turn) });
      told.turns = turn;
    }
    return recovered;
  } finally {
    await replayLog.close();
  }
}

/** Lives until the step; whether that was before its end. */
async function liveUntil(step: number, directory: string, told: Told): Promise<boolean> {
  disk.current!.crashAt(step);
  const ended = await live(directory, told).catch((error: unknown) => error);
  if (disk.current!.crashed) expect(String(ended)).toMatch('the process ended at step');
  else expect(ended).toHaveProperty('lastSlot');
  return disk.current!.crashed;
}

it.each(CRASHES)(
  'a crash at whatever step, %s, loses nothing that was acknowledged, nor the directory',
  async (crash) => {
    const parent = await temporaryDirectory();
    let step = 1;
    for (; ; step++) {
      const directory = join(parent, `${step}`, 'data');
      const told: Told = { member: false, turns: 0 };
      const crashed = await liveUntil(step, directory, told);
      disk.current!.recover(crash);
      const acknowledged = told.turns;
      const { lastSlot, promised } = await live(directory, told);
      expect(lastSlot).toBeGreaterThanOrEqual(acknowledged);
      expect(promised.round).toBe(lastSlot);
      expect((await readdir(directory)).sort()).toEqual(['identity.json', 'log', 'log.tail', 'snapshots']);
      if (!crashed) break;
    }
    expect(step).toBeGreaterThan(30);
  },
);

it.each(CRASHES)('a crash at whatever step of the change of format, %s, loses nothing', async (crash) => {
  const parent = await temporaryDirectory();
  const old = join(parent, 'old');
  await live(old, { member: false, turns: 0 });
  await toFirstFormat(join(old, 'log'));
  let step = 1;
  for (; ; step++) {
    const directory = join(parent, `${step}`);
    await cp(old, directory, { recursive: true });
    const crashed = await liveUntil(step, directory, { member: true, turns: TURNS });
    disk.current!.recover(crash);
    expect(await live(directory, { member: true, turns: TURNS })).toMatchObject({ lastSlot: TURNS });
    if (!crashed) break;
  }
  expect(step).toBeGreaterThan(8);
});

it('a second crash at whatever step of the next start loses nothing either', async () => {
  const parent = await temporaryDirectory();
  /** Whether both lives ended early. */
  async function crashTwice(first: number, second: number): Promise<[boolean, boolean]> {
    const directory = join(parent, `${first}-${second}`, 'data');
    const told: Told = { member: false, turns: 0 };
    const ended: boolean[] = [];
    for (const step of [first, second]) {
      ended.push(await liveUntil(step, directory, told));
      disk.current!.recover('unsynced contents lost');
    }
    const acknowledged = told.turns;
    expect((await live(directory, told)).lastSlot).toBeGreaterThanOrEqual(acknowledged);
    return [ended[0]!, ended[1]!];
  }

  for (let first = 1; ; first += 5) {
    let second = 1;
    for (;;) {
      const [crashed, crashedAgain] = await crashTwice(first, second);
      if (!crashed) return;
      if (!crashedAgain) break;
      second += 4;
    }
  }
});

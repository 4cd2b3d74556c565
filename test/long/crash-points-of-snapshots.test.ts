// A crash at whatever step of what comes after birth: snapshots taken and received, the log cut behind them, and a
// damaged directory set aside; and a second crash at whatever step of the start after that. (RELIABILITY, row 5)
import { cp, readdir, rm } from 'node:fs/promises';
import type * as promises from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SeededRng } from '../../src/common/rng.js';
import type { ReplicaId, Slot } from '../../src/paxos/ballot.js';
import { openDataDirectory } from '../../src/storage/level/data-directory.js';
import type { DataDirectory } from '../../src/storage/level/data-directory.js';
import { setAside } from '../../src/storage/level/set-aside.js';
import { DamagedLog } from '../../src/storage/replay-log.js';
import type { RecoveredLog } from '../../src/storage/replay-log.js';
import { tellOfLevel } from '../unit/storage/crashing-level.js';
import { CRASHES } from '../unit/storage/crashing-disk.js';
import type { Crash, CrashingDisk } from '../unit/storage/crashing-disk.js';
import { ballot, MEMBER, records } from '../unit/storage/records.js';
import { chunksOf, encoded, handleOf, readAll } from '../unit/storage/snapshots.js';
import { temporaryDirectory } from '../unit/storage/temporary-directory.js';

const { disk } = vi.hoisted(() => ({ disk: { current: undefined as CrashingDisk | undefined } }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof promises>();
  const { CrashingDisk: Disk } = await import('../unit/storage/crashing-disk.js');
  disk.current = new Disk();
  return { ...real, ...disk.current.wrap(real) };
});

beforeEach(() => tellOfLevel((what) => disk.current!.step(what)));

afterEach(() => {
  disk.current!.recover('process killed');
  vi.restoreAllMocks();
});

const TWO = 2 as ReplicaId;
const KEPT = 2;
const ROUNDS = 3;
const SLOTS_PER_ROUND = 4;
const RECEIVED = 40 as Slot;
/** Of the pairs of crashes one in so many, squared, is tried: all of them take minutes. */
const SNAPSHOTS_STRIDE = 17;
const SET_ASIDE_STRIDE = 7;

/** One life on a directory: resolves at its end, or rejects where the crash comes. */
type LifeOn<Told> = (directory: string, told: Told) => Promise<void>;

/** Lives until the step; whether that was before its end. */
async function liveUntil<Told>(step: number, life: LifeOn<Told>, directory: string, told: Told): Promise<boolean> {
  disk.current!.crashAt(step);
  const failure = await life(directory, told).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!disk.current!.crashed) expect(failure).toBeUndefined();
  return disk.current!.crashed;
}

/** Every first crash, and after every `stride`-th of them every `stride`-th second one; then a life to its end. */
async function crashEverywhere<Told>(
  base: string,
  crash: Crash,
  stride: number,
  life: LifeOn<Told>,
  newTold: () => Told,
  judge: (directory: string, told: Told) => Promise<void>,
): Promise<number> {
  for (let first = 1; ; first++) {
    let crashed: boolean;
    for (let second = first % stride === 0 ? 1 : Infinity; ; second += stride) {
      const directory = join(dirname(base), `${first}-${second}`, 'data');
      await cp(base, directory, { recursive: true });
      const told = newTold();
      crashed = await liveUntil(first, life, directory, told);
      disk.current!.recover(crash);
      const crashedAgain = second < Infinity && (await liveUntil(second, life, directory, told));
      disk.current!.recover(crash);
      await life(directory, told);
      await judge(directory, told);
      await rm(dirname(directory), { recursive: true });
      if (!crashedAgain) break;
    }
    if (!crashed) return first;
  }
}

async function makeMember(directory: string): Promise<void> {
  const { identity, identityStore, replayLog } = await openDataDirectory(directory, TWO, new SeededRng(1));
  await identityStore.save({ ...MEMBER, self: identity.self });
  await replayLog.recover();
  await replayLog.append({ accepted: records(1, 3), promised: ballot(1), chosenUpTo: 3 as Slot });
  await replayLog.close();
}

describe('snapshots, and a log that is cut behind them', () => {
  /** What a replica was told is durable, before it died. */
  interface Told {
    lastSlot: number;
    promised: number;
    snapshot: number;
  }

  const textOf = (slot: number): string => `the state after slot ${slot}`;

  async function judgeSnapshots({ snapshots }: DataDirectory, log: RecoveredLog, told: Told): Promise<void> {
    const slots = await snapshots.list();
    for (const slot of slots) expect(await readAll(snapshots, slot)).toEqual([textOf(slot)]);
    const newest = slots[0] ?? 0;
    expect(newest).toBeGreaterThanOrEqual(told.snapshot);
    expect(newest, 'a log that is cut has a snapshot before it').toBeGreaterThanOrEqual(log.firstSlot - 1);
  }

  async function take({ replayLog, snapshots }: DataDirectory, told: Told, slot: Slot): Promise<void> {
    await snapshots.write(handleOf(slot), chunksOf(textOf(slot)));
    told.snapshot = slot;
    const slots = await snapshots.list();
    for (const old of slots.slice(KEPT)) await snapshots.remove(old);
    const firstSlot = (slots[Math.min(KEPT, slots.length) - 1]! + 1) as Slot;
    const chosen = slot + SLOTS_PER_ROUND;
    await replayLog.append({ accepted: records(slot + 1, chosen), chosenUpTo: chosen as Slot, firstSlot });
    told.lastSlot = chosen;
    await replayLog.reclaim();
  }

  async function receive({ replayLog, snapshots }: DataDirectory, told: Told): Promise<void> {
    const source = encoded(RECEIVED, textOf(RECEIVED));
    const incoming = await snapshots.receive(RECEIVED);
    try {
      for (let at = 0; at < source.length; at += 20) await incoming.append(source.subarray(at, at + 20));
      await incoming.complete();
    } catch (error) {
      await incoming.discard().catch(() => undefined);
      throw error;
    }
    told.snapshot = RECEIVED;
    const firstSlot = (RECEIVED + 1) as Slot;
    await replayLog.append({ accepted: [], promised: ballot(9), chosenUpTo: RECEIVED, firstSlot });
    told.lastSlot = RECEIVED;
    told.promised = 9;
    await replayLog.reclaim();
  }

  async function live(directory: string, told: Told): Promise<void> {
    const opened = await openDataDirectory(directory, TWO, new SeededRng(1));
    const { identity, replayLog } = opened;
    try {
      expect(identity.state).toBe('member');
      const log = await replayLog.recover();
      expect(log.lastSlot).toBeGreaterThanOrEqual(told.lastSlot);
      expect(log.chosenUpTo).toBeGreaterThanOrEqual(told.lastSlot);
      expect(log.promised.round).toBeGreaterThanOrEqual(told.promised);
      await judgeSnapshots(opened, log, told);
      const end = 3 + ROUNDS * SLOTS_PER_ROUND;
      for (let slot: number = log.lastSlot; slot < end; slot += SLOTS_PER_ROUND) {
        await take(opened, told, slot as Slot);
      }
      if (log.lastSlot < RECEIVED) await receive(opened, told);
    } finally {
      await replayLog.close();
    }
  }

  it.each(CRASHES)('lose nothing by a crash at whatever step, %s, and another at the next start', async (crash) => {
    const base = join(await temporaryDirectory(), 'base');
    await makeMember(base);
    const steps = await crashEverywhere(
      base,
      crash,
      SNAPSHOTS_STRIDE,
      live,
      () => ({ lastSlot: 3, promised: 1, snapshot: 0 }),
      (directory, told) => live(directory, told),
    );
    expect(steps).toBeGreaterThan(40);
  });
});

describe('a damaged directory that is set aside', () => {
  let old: string;

  /** As the daemon does it: what is damaged is set aside, and the next start is that of another incarnation. */
  async function live(directory: string): Promise<void> {
    const start = async (): Promise<void> => {
      const { identity, replayLog } = await openDataDirectory(directory, TWO, new SeededRng(2));
      try {
        expect(identity).toMatchObject({ state: 'member', cellId: MEMBER.cellId });
        expect(identity.self.incarnation).not.toBe(old);
        expect(await replayLog.recover()).toMatchObject({ lastSlot: 0, promised: { round: 0 } });
      } finally {
        await replayLog.close();
      }
    };
    await start().catch(async (error: unknown) => {
      if (!(error instanceof DamagedLog) || disk.current!.crashed) throw error;
      await setAside(directory, new SeededRng(3));
      await start();
    });
  }

  // Names that change in one directory reach the disk in their order: what comes after a lost one is lost, too.
  it.each(CRASHES.filter((crash) => !crash.endsWith('but the newest lost')))(
    'is another incarnation in the same cell after a crash at whatever step, %s, and another at the next start; what was there is kept',
    async (crash) => {
      const base = join(await temporaryDirectory(), 'base');
      await makeMember(base);
      const { identity, replayLog } = await openDataDirectory(base, TWO, new SeededRng(1));
      await replayLog.close();
      old = identity.self.incarnation;
      await rm(join(base, 'log', 'CURRENT'));
      const steps = await crashEverywhere(
        base,
        crash,
        SET_ASIDE_STRIDE,
        live,
        () => undefined,
        async (directory) => {
          const beside = await readdir(dirname(directory));
          expect(beside.filter((name) => !name.includes('.damaged-'))).toEqual(['data']);
          expect(beside).toContain(`data.damaged-${old}`);
          expect(await readdir(join(dirname(directory), `data.damaged-${old}`))).toContain('log');
        },
      );
      expect(steps).toBeGreaterThan(20);
    },
  );
});

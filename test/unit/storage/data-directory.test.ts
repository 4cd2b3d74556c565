import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { SeededRng } from '../../../src/common/rng.js';
import type { ReplicaId } from '../../../src/paxos/ballot.js';
import { DamagedIdentity } from '../../../src/storage/identity-store.js';
import { openDataDirectory } from '../../../src/storage/level/data-directory.js';
import { DamagedLog } from '../../../src/storage/replay-log.js';
import { MEMBER, records, slot } from './records.js';
import { temporaryDirectory } from './temporary-directory.js';

const TWO = 2 as ReplicaId;
let seed = 1;

/** Opens the directory as a process would, with randomness of its own. */
const open = (directory: string, replicaId = TWO) => openDataDirectory(directory, replicaId, new SeededRng(seed++));

describe('openDataDirectory', () => {
  let directory: string;

  beforeEach(async () => {
    directory = join(await temporaryDirectory(), 'data', 'replica-2');
  });

  /** Opens and closes; the identity found. */
  async function start(replicaId = TWO) {
    const { identity, replayLog } = await open(directory, replicaId);
    await replayLog.close();
    return identity;
  }

  /** Formats the directory, becomes a member and takes part in one turn. */
  async function live() {
    const { identity, identityStore, replayLog } = await open(directory);
    const member = { ...MEMBER, self: identity.self };
    await identityStore.save(member);
    await replayLog.recover();
    await replayLog.append({ accepted: records(1, 3), chosenUpTo: slot(2) });
    await replayLog.close();
    return member;
  }

  it('formats a missing directory', async () => {
    const { identity, replayLog } = await open(directory);
    expect(identity).toEqual({
      state: 'forming',
      self: { replicaId: 2, incarnation: expect.stringMatching(/^[0-9a-f]{16}$/) },
      offeredCellId: expect.stringMatching(/^[0-9a-f]{32}$/),
      longestLeaseMs: 0,
    });
    expect(await replayLog.recover()).toMatchObject({ lastSlot: 0 });
    await replayLog.close();
    expect((await readdir(directory)).sort()).toEqual(['identity.json', 'log', 'log.tail', 'snapshots']);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('formats an empty directory, and a new volume', async () => {
    await mkdir(join(directory, 'lost+found'), { recursive: true });
    expect(await start()).toMatchObject({ state: 'forming' });
  });

  it('gives each directory a life of its own', async () => {
    const first = await start();
    await rm(directory, { recursive: true });
    const second = await start();
    expect(second.self.incarnation).not.toBe(first.self.incarnation);
    expect(second.offeredCellId).not.toBe(first.offeredCellId);
  });

  it('opens what it formatted', async () => {
    const formatted = await start();
    expect(await start()).toEqual(formatted);
  });

  it('opens a member with its log', async () => {
    const member = await live();
    const { identity, replayLog } = await open(directory);
    expect(identity).toEqual(member);
    expect(await replayLog.recover()).toMatchObject({ chosenUpTo: 2, lastSlot: 3 });
    await replayLog.close();
  });

  it('goes on with a formatting that a crash cut short', async () => {
    // Each step of the formatting done, and the next one half.
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'identity.json.new'), '{"half":');
    const formatted = await start();

    await rename(join(directory, 'log'), join(directory, 'log.new'));
    await rm(join(directory, 'log.new', 'CURRENT'));
    expect(await start()).toEqual(formatted);

    await rm(join(directory, 'log'), { recursive: true });
    expect(await start()).toEqual(formatted);
    expect((await readdir(directory)).sort()).toEqual(['identity.json', 'log', 'log.tail', 'snapshots']);
  });

  it('goes on with an identity whose replacement a crash cut short', async () => {
    const member = await live();
    await writeFile(join(directory, 'identity.json.new'), '{"half":');
    expect(await start()).toEqual(member);
  });

  /** Opening fails so, twice in a row, and nothing is created meanwhile. */
  async function expectRefusal(error: object, message: string): Promise<void> {
    const before = await readdir(directory);
    for (let attempt = 0; attempt < 2; attempt++) {
      const started = start();
      await expect(started).rejects.toMatchObject(error);
      await expect(started).rejects.toThrow(message);
    }
    expect(await readdir(directory)).toEqual(before);
  }

  it('refuses a log without an identity', async () => {
    await live();
    await rm(join(directory, 'identity.json'));
    await expectRefusal({ name: 'DamagedIdentity' }, `${directory}/identity.json is gone, "log" beside it is there`);
    await rename(join(directory, 'log'), join(directory, 'log.new'));
    await expectRefusal({ name: 'DamagedIdentity' }, 'have the cell replace this replica');
    await rm(join(directory, 'log.new'), { recursive: true });
    await expectRefusal({ name: 'DamagedIdentity' }, '"log.tail" beside it is there');
  });

  it('refuses a member without a log', async () => {
    await live();
    await rm(join(directory, 'log'), { recursive: true });
    await expectRefusal({ name: 'DamagedLog' }, `${directory}/log is damaged: it is gone`);
    await mkdir(join(directory, 'log'));
    await expectRefusal({ name: 'DamagedLog' }, `${directory}/log is damaged: its file CURRENT is gone`);
  });

  it('refuses a log without the proof of its tail', async () => {
    await live();
    await rm(join(directory, 'log.tail'));
    await expectRefusal({ name: 'DamagedLog' }, `${directory}/log.tail is damaged: it is gone`);
  });

  it('refuses the proof of a log that is gone, though the identity is from before the birth', async () => {
    await start();
    await cp(join(directory, 'identity.json'), `${directory}-old.json`);
    await live();
    await cp(`${directory}-old.json`, join(directory, 'identity.json'));
    await rm(join(directory, 'log'), { recursive: true });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { replayLog } = await open(directory);
      await expect(replayLog.recover()).rejects.toThrow('its newest writes are gone');
      await replayLog.close();
    }
  });

  it('refuses an identity from before the birth beside a log in use', async () => {
    await start();
    await cp(join(directory, 'identity.json'), `${directory}-old.json`);
    const { identityStore, identity, replayLog } = await open(directory);
    await identityStore.save({ ...MEMBER, self: identity.self });
    await replayLog.recover();
    await replayLog.append({ accepted: records(1, 1) });
    await replayLog.close();
    await cp(`${directory}-old.json`, join(directory, 'identity.json'));
    await expectRefusal({ name: 'DamagedIdentity' }, `${directory}/identity.json is an old copy`);
  });

  it("refuses another life's log", async () => {
    await live();
    await rename(join(directory, 'log'), `${directory}-log`);
    await rm(directory, { recursive: true });
    await live();
    await rm(join(directory, 'log'), { recursive: true });
    await rename(`${directory}-log`, join(directory, 'log'));
    await expectRefusal({ reason: 'other-replica' }, 'put back the log that belongs here');
  });

  it("refuses another replica's directory", async () => {
    await live();
    const started = start(3 as ReplicaId);
    await expect(started).rejects.toMatchObject({ name: 'UnusableDirectory', reason: 'other-replica' });
    await expect(started).rejects.toThrow(`${directory} belongs to replica 2, this is replica 3`);
    await start();
  });

  it('refuses to format a directory that holds something else', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'thesis.tex'), '');
    await expectRefusal({ reason: 'foreign-files' }, `it holds "thesis.tex": name an empty or a new directory`);
  });

  it('does not mind what people put beside the files of a replica', async () => {
    const member = await live();
    await writeFile(join(directory, 'NOTES'), '');
    expect(await start()).toEqual(member);
  });

  it('refuses a damaged identity and a damaged log', async () => {
    await live();
    await writeFile(join(directory, 'log', 'CURRENT'), '');
    await expect(start()).rejects.toThrow(DamagedLog);
    await writeFile(join(directory, 'identity.json'), '');
    await expect(start()).rejects.toThrow(DamagedIdentity);
  });

  it('refuses a directory that is open', async () => {
    const { replayLog } = await open(directory);
    await expectRefusal({ reason: 'in-use' }, 'is in use by another process');
    await replayLog.close();
    await start();
  });

  it('refuses what is no directory', async () => {
    await mkdir(join(directory, '..'), { recursive: true });
    await writeFile(directory, '');
    await expect(start()).rejects.toMatchObject({ name: 'UnusableDirectory', reason: 'no-access' });
    await expect(start()).rejects.toThrow(`${directory} cannot be used as a data directory`);
  });

  it('lets at most one of two processes format a directory at once', async () => {
    for (let round = 0; round < 5; round++) {
      const both = await Promise.allSettled([open(directory), open(directory)]);
      const opened = both.filter((one) => one.status === 'fulfilled');
      expect(opened.length).toBeLessThanOrEqual(1);
      for (const { value } of opened) {
        expect(await value.identityStore.load()).toEqual(value.identity);
        await value.replayLog.close();
        expect(await start()).toEqual(value.identity);
      }
      await rm(directory, { recursive: true });
    }
  });
});

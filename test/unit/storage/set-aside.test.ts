import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { SeededRng } from '../../../src/common/rng.js';
import type { ReplicaId } from '../../../src/paxos/ballot.js';
import { openDataDirectory } from '../../../src/storage/level/data-directory.js';
import { setAside } from '../../../src/storage/level/set-aside.js';
import { DamagedIdentity } from '../../../src/storage/identity-store.js';
import { ballot, MEMBER, records } from './records.js';
import { temporaryDirectory } from './temporary-directory.js';

const rng = new SeededRng(1);

describe('a damaged data directory', () => {
  let parent: string;
  let directory: string;

  const open = () => openDataDirectory(directory, MEMBER.self.replicaId, rng);

  /** What the replica is, started on what is there. */
  async function start() {
    const { identity, replayLog } = await open();
    const recovered = await replayLog.recover();
    await replayLog.close();
    return { identity, recovered };
  }

  beforeEach(async () => {
    parent = await temporaryDirectory();
    directory = join(parent, 'replica-2');
    const { identity, identityStore, replayLog } = await open();
    const { cellId, founders } = MEMBER;
    await identityStore.save({ ...identity, state: 'member', cellId: cellId!, founders: founders! });
    await replayLog.recover();
    await replayLog.append({ accepted: records(1, 3), promised: ballot(4) });
    await replayLog.close();
    await rm(join(directory, 'log', 'CURRENT'));
  });

  it('gives place to that of another incarnation in the same cell, with nothing promised, and is kept', async () => {
    await expect(start()).rejects.toThrow('CURRENT is gone');
    const aside = await setAside(directory, rng);
    const { identity, recovered } = await start();
    expect(identity).toMatchObject({ state: 'member', cellId: MEMBER.cellId });
    expect(identity.founders).toBeUndefined();
    expect(aside).not.toContain(identity.self.incarnation);
    expect(recovered).toMatchObject({ lastSlot: 0, promised: { round: 0 } });
    expect(await readdir(aside)).toContain('log');
    expect(await start()).toEqual({ identity, recovered });
  });

  it('is no member without a log from then on: that it is lost again shows', async () => {
    await setAside(directory, rng);
    await start();
    await rm(join(directory, 'log'), { recursive: true });
    await expect(start()).rejects.toThrow('it is gone, although this replica is a member of a cell');
  });

  it('is replaced by what was prepared when a crash came in between', async () => {
    await setAside(directory, rng);
    const { identity } = await start();
    await rename(directory, `${directory}.next`);
    expect((await start()).identity).toEqual(identity);
  });

  it('is set aside again when a crash left something half prepared', async () => {
    await mkdir(`${directory}.next`);
    await writeFile(join(`${directory}.next`, 'identity.json.new'), 'half');
    await setAside(directory, rng);
    expect((await start()).identity.state).toBe('member');
  });

  it('is kept with the one before it, and no more', async () => {
    for (let life = 0; life < 4; life++) {
      await setAside(directory, rng);
      await start();
    }
    expect((await readdir(parent)).filter((name) => name.includes('.damaged-'))).toHaveLength(2);
  });

  it('that is of no cell yet is left as it is', async () => {
    const forming = join(parent, 'replica-3');
    const { replayLog } = await openDataDirectory(forming, 3 as ReplicaId, rng);
    await replayLog.close();
    const before = await readdir(parent);
    await expect(setAside(forming, rng)).rejects.toThrow(DamagedIdentity);
    expect(await readdir(parent)).toEqual(before);
  });
});

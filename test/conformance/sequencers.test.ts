// What proves to others that a lock is held. ([CH] 2.4; DESIGN 5)
import { expect } from 'vitest';
import type { Client, Handle } from '../../src/client/index.js';
import { createFence } from '../../src/fencing/index.js';
import { decodeSequencer } from '../../src/wire/sequencer.js';
import { reasonOf } from './harness/scene.js';
import type { Scene } from './harness/scene.js';
import { section } from './harness/suite.js';

const handleOn = (client: Client, name: string): Promise<Handle> => client.open(name, { write: true, create: 'may' });

async function locked(scene: Scene, mode: 'exclusive' | 'shared' = 'exclusive') {
  const handle = await handleOn(scene.client(), scene.path('lock'));
  await handle.acquire({ mode });
  return { handle, sequencer: await handle.getSequencer() };
}

/** A fence before a resource that the lock protects. */
async function fenceOf(scene: Scene, sequencer: Buffer) {
  const { cellId } = decodeSequencer(sequencer);
  const keys = await scene.client().signingKeys();
  return createFence({ cellId, lock: scene.wholeName('lock'), keys });
}

section('sequencers', (it) => {
  it('CH 2.4: the holder of a lock is given a sequencer, which anybody may have checked', async (scene) => {
    const { sequencer } = await locked(scene);
    expect(await scene.client().checkSequencer(sequencer)).toEqual({ valid: true, reason: '' });
  });

  it('CH 2.4: who does not hold the lock is given no sequencer', async (scene) => {
    await locked(scene);
    const other = await handleOn(scene.client(), scene.path('lock'));
    expect(await reasonOf(other.getSequencer())).toBe('LOCK_NOT_HELD');
  });

  it('CH 2.4: a sequencer names the lock, its mode and its generation', async (scene) => {
    const { handle, sequencer } = await locked(scene, 'shared');
    const { locks } = decodeSequencer(sequencer);
    const { instanceNumber } = handle.stat;
    expect(locks).toEqual([{ name: scene.wholeName('lock'), instanceNumber, lockGeneration: 1, mode: 'shared' }]);
  });

  it('CH 2.4: a sequencer is invalid once the lock is released, and stays so when it is held again', async (scene) => {
    const { handle, sequencer } = await locked(scene);
    await handle.release();
    const client = scene.client();
    expect((await client.checkSequencer(sequencer)).valid).toBe(false);
    await handle.acquire();
    const check = await client.checkSequencer(sequencer);
    expect(check.valid).toBe(false);
    expect(check.reason).not.toBe('');
  });

  it('CH 2.4: a sequencer is invalid once the holder’s session has ended', async (scene) => {
    const { sequencer } = await locked(scene);
    const { lock } = await scene.explain(scene.path('lock'));
    await scene.expire(lock.holders[0]!.session.id);
    expect((await scene.client().checkSequencer(sequencer)).valid).toBe(false);
  });

  it('DESIGN 5: a sequencer does not survive its node, though another one is locked under its name', async (scene) => {
    const { sequencer } = await locked(scene);
    const client = scene.client();
    await client.delete(scene.path('lock'));
    const anew = await handleOn(client, scene.path('lock'));
    await anew.acquire();
    expect((await client.checkSequencer(sequencer)).valid).toBe(false);
    expect((await client.checkSequencer(await anew.getSequencer())).valid).toBe(true);
  });

  it('CH 2.4: the sequencer of a shared lock is valid as long as the lock is shared at its generation', async (scene) => {
    const { handle, sequencer } = await locked(scene, 'shared');
    const other = await handleOn(scene.client(), scene.path('lock'));
    await other.acquire({ mode: 'shared' });
    const client = scene.client();
    await other.release();
    expect((await client.checkSequencer(sequencer)).valid).toBe(true);
    await handle.release();
    expect((await client.checkSequencer(sequencer)).valid).toBe(false);
  });

  it('CH 2.4: bytes that the cell did not sign are no sequencer, whichever byte was altered', async (scene) => {
    const { sequencer } = await locked(scene);
    const client = scene.client();
    for (let index = 0; index < sequencer.length; index += 7) {
      const altered = Buffer.from(sequencer);
      altered[index]! ^= 1;
      expect((await client.checkSequencer(altered)).valid).toBe(false);
    }
    expect((await client.checkSequencer(Buffer.from('made up'))).valid).toBe(false);
    expect((await client.checkSequencer(sequencer)).valid).toBe(true);
  });

  it('issue 3: one sequencer speaks of several locks, and is valid as long as all are held', async (scene) => {
    const client = scene.client();
    const [one, two] = await Promise.all(['one', 'two'].map((name) => handleOn(client, scene.path(name))));
    await client.acquireAll([one!, two!]);
    const sequencer = await one!.getSequencer({ furtherHandles: [two!] });
    const checker = scene.client();
    expect((await checker.checkSequencer(sequencer)).valid).toBe(true);
    await two!.release();
    expect((await checker.checkSequencer(sequencer)).valid).toBe(false);
  });

  it('CH 2.4: after SetSequencer calls fail once the lock is lost', async (scene) => {
    const { handle, sequencer } = await locked(scene);
    const plain = await handleOn(scene.client(), scene.path('file'));
    const bound = await plain.setSequencer(sequencer);
    await bound.setContents('under the lock');
    await handle.release();
    expect(await reasonOf(bound.setContents('too late'))).toBe('STALE_SEQUENCER');
    expect(await reasonOf(bound.getContentsAndStat())).toBe('STALE_SEQUENCER');
    await handle.acquire();
    expect(await reasonOf(bound.setContents('still too late'))).toBe('STALE_SEQUENCER');
    expect((await plain.getContentsAndStat()).contents.toString()).toBe('under the lock');
  });

  it('CH 2.4: SetSequencer takes only what the cell signed', async (scene) => {
    const { sequencer } = await locked(scene);
    const plain = await handleOn(scene.client(), scene.path('file'));
    const altered = Buffer.from(sequencer);
    altered[altered.length - 1]! ^= 1;
    expect(await reasonOf(plain.setSequencer(altered))).toBe('MALFORMED_REQUEST');
  });

  it('CH 2.4: a stale sequencer is refused by SetSequencer, or by the first use of what it gives', async (scene) => {
    const { handle, sequencer } = await locked(scene);
    await handle.release();
    const plain = await handleOn(scene.client(), scene.path('file'));
    const used = plain.setSequencer(sequencer).then((bound) => bound.setContents('too late'));
    expect(await reasonOf(used)).toBe('STALE_SEQUENCER');
  });

  it('CH 2.4: a server verifies a sequencer by itself, with the cell’s public keys', async (scene) => {
    const { sequencer } = await locked(scene);
    const fence = await fenceOf(scene, sequencer);
    expect(await fence.verify(sequencer)).toMatchObject({ lock: scene.wholeName('lock'), lockGeneration: 1 });
    const altered = Buffer.from(sequencer);
    altered[altered.length - 1]! ^= 1;
    await expect(fence.verify(altered)).rejects.toThrow();
  });

  it('CH 2.4: a server refuses a sequencer that is older than the newest it has seen', async (scene) => {
    const { handle, sequencer } = await locked(scene);
    const fence = await fenceOf(scene, sequencer);
    await fence.verify(sequencer);
    await handle.release();
    const next = await handleOn(scene.client(), scene.path('lock'));
    await next.acquire();
    await fence.verify(await next.getSequencer());
    await expect(fence.verify(sequencer)).rejects.toThrow();
  });
});

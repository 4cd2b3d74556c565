import { SigningKey } from '../../../src/common/crypto.js';
import { createFence } from '../../../src/fencing/index.js';
import type { Fence, FenceOptions } from '../../../src/fencing/index.js';
import { signSequencer } from '../../../src/wire/sequencer.js';
import type { Sequencer, SequencerLock } from '../../../src/wire/sequencer.js';

export const CELL_ID = '0123456789abcdef0123456789abcdef';
export const LOCK = '/ls/test/orders/lock';
export const key = new SigningKey(Buffer.alloc(32, 1));
export const otherKey = new SigningKey(Buffer.alloc(32, 2));

export const held = (instanceNumber: number, lockGeneration: number): SequencerLock => ({
  name: LOCK,
  instanceNumber,
  lockGeneration,
  mode: 'exclusive',
});

/** A sequencer as the cell would sign it. */
export const signed = (lock: SequencerLock = held(5, 1), fields: Partial<Sequencer> = {}, by = key): Buffer =>
  Buffer.from(signSequencer({ cellId: CELL_ID, keyId: 1, epoch: '1.1', locks: [lock], ...fields }, by));

export const fenceWith = (options: Partial<FenceOptions> = {}): Fence =>
  createFence({ cellId: CELL_ID, lock: LOCK, keys: [{ id: 1, publicKey: key.publicKey }], ...options });

import { MalformedBytes } from '../common/bytes.js';
import type { Slot } from '../paxos/ballot.js';
import type { CellId } from '../storage/identity-store.js';
import { NewerFormat } from '../storage/newer-format.js';
import { DamagedSnapshot } from '../storage/snapshot-store.js';
import type { SnapshotStore } from '../storage/snapshot-store.js';
import type { LoadedState, StateMachine } from './ports.js';

/**
 * Reads a snapshot whole, and verifies it against its own sums, digest and cell. Nothing changes before the result is
 * installed.
 *
 * @throws DamagedSnapshot
 */
export async function loadSnapshot(
  store: SnapshotStore,
  slot: Slot,
  cellId: CellId,
  stateMachine: StateMachine,
): Promise<LoadedState> {
  const { handle, chunks } = await store.open(slot);
  if (handle.cellId !== cellId) {
    throw new DamagedSnapshot(`the snapshot of slot ${slot} is of cell ${handle.cellId}, this is cell ${cellId}`);
  }
  try {
    const loading = stateMachine.loadState();
    for await (const chunk of chunks) loading.add(chunk);
    return loading.finish(handle);
  } catch (error) {
    if (error instanceof NewerFormat || !(error instanceof MalformedBytes)) throw error;
    throw new DamagedSnapshot(`the snapshot of slot ${slot} is damaged: ${error.message}`, { cause: error });
  }
}

import { backupState } from '../chubby/backup-state.js';
import { factsOf } from './cell-birth.js';
import { assert } from '../common/assert.js';
import type { DbState } from '../db/fault-tolerant-db.js';
import { stateChunks } from '../db/state-chunks.js';
import { SnapshotEncoder } from '../storage/snapshot-blocks.js';
import type { CellId } from '../storage/identity-store.js';
import type { SnapshotHandle } from '../storage/snapshot-store.js';
import { refusal } from '../wire/errors.js';
import type { BackupResponse, BackupSummary, Failure } from '../wire/types.js';
import type { Surroundings } from './reign.js';

/** Of one message, but for an entry that is larger: encoded in a fraction of a millisecond. */
const PIECE_BYTES = 256 * 1024;

const NO_BYTES = Buffer.alloc(0);

/** A backup on its way to a reader. */
export interface OutgoingBackup {
  /**
   * The next message, a bounded amount of work, to be asked for when the last one was read; `working` when there is
   * none yet, to be asked again in a later turn of the event loop; nothing behind the last.
   */
  next(): BackupResponse | 'working' | undefined;
  /** The reader has all, or is gone. Idempotent. */
  end(): void;
}

/**
 * The backups that are taken at this moment, a bounded number. Each is of the applied state as it was when it was asked
 * for, and goes on whoever is master later: what is applied stays so. (DESIGN 4, 6)
 */
export class Backups {
  #underWay = 0;

  /** To be called while the reign is in force, so that everything acknowledged is in the state. */
  begin(around: Surroundings): OutgoingBackup | Failure {
    const { limits } = around;
    if (this.#underWay >= limits.backups) {
      return refusal('LIMIT_BACKUPS', `${this.#underWay} backups are being taken`);
    }
    this.#underWay++;
    let messages: Iterator<BackupResponse | 'working', void> | undefined = messagesOf(around);
    return {
      next: () => messages?.next().value ?? undefined,
      end: () => {
        if (messages === undefined) return;
        messages = undefined;
        this.#underWay--;
      },
    };
  }
}

function messagesOf(around: Surroundings): Generator<BackupResponse | 'working', void> {
  const { cell, cellId } = around;
  const facts = factsOf(cell);
  assert(facts !== undefined, 'a serving cell has its facts');
  const summary = { cell: facts.name, cellId: Buffer.from(cellId, 'hex'), revision: cell.appliedRevision };
  // Now, and not when the first message is asked for.
  const leavingOut = backupState(cell);
  return messages();

  function* messages(): Generator<BackupResponse | 'working', void> {
    let step = leavingOut.next();
    for (; step.done !== true; step = leavingOut.next()) yield 'working';
    yield* encoded(step.value, around, summary);
  }
}

function* encoded(
  state: DbState,
  { cellId }: Surroundings,
  known: Pick<BackupSummary, 'cell' | 'cellId' | 'revision'>,
): Generator<BackupResponse, void> {
  const { appliedUpTo, digest, entryCount, sizeBytes: stateBytes } = state;
  const handle: SnapshotHandle = {
    cellId: cellId as CellId,
    slot: appliedUpTo as SnapshotHandle['slot'],
    digest,
    entryCount,
    stateBytes,
  };
  yield { summary: { ...known, slot: appliedUpTo, entryCount, stateBytes }, piece: NO_BYTES };
  const encoder = new SnapshotEncoder();
  yield pieceOf(encoder.header(handle));
  for (const chunk of stateChunks(state, PIECE_BYTES)) yield pieceOf(encoder.chunk(chunk));
  yield pieceOf(encoder.end());
}

const pieceOf = (bytes: Uint8Array): BackupResponse => ({
  summary: null,
  piece: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
});

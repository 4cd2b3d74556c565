import { StateLoader } from '../../../src/db/state-chunks.js';
import type { FaultTolerantDb } from '../../../src/db/fault-tolerant-db.js';
import { SnapshotDecoder } from '../../../src/storage/snapshot-blocks.js';
import type { OutgoingBackup } from '../../../src/service/backups.js';
import type { BackupSummary } from '../../../src/wire/types.js';
import type { TestCell } from './test-cell.js';

export interface TakenBackup {
  readonly summary: BackupSummary;
  readonly state: FaultTolerantDb;
  readonly pieces: readonly Uint8Array[];
  /** How often there was nothing to send yet. */
  readonly pauses: number;
}

/** Begins a backup at a master. */
export function begun(cell: TestCell): OutgoingBackup {
  const backup = cell.service.backup();
  if ('reason' in backup) throw new Error(backup.reason);
  return backup;
}

/** Reads all of a backup. */
export function readAll(backup: OutgoingBackup): TakenBackup {
  const decoder = new SnapshotDecoder();
  const loader = new StateLoader();
  const pieces: Uint8Array[] = [];
  let summary: BackupSummary | undefined;
  let pauses = 0;
  for (let message = backup.next(); message !== undefined; message = backup.next()) {
    if (message === 'working') {
      pauses++;
      continue;
    }
    summary ??= message.summary ?? undefined;
    if (message.piece.length === 0) continue;
    pieces.push(message.piece);
    for (const chunk of decoder.push(message.piece)) loader.add(chunk);
  }
  backup.end();
  if (!decoder.ended) throw new Error('the backup is cut short');
  return { summary: summary!, state: loader.finish(decoder.handle!), pieces, pauses };
}

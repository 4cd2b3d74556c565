import { ChubbyError } from '../client/chubby-error.js';
import { EXIT } from './exit-codes.js';
import { CannotRun } from './lock/guarded-child.js';
import type { Output } from './output.js';
import { SystemFailure } from './system-failure.js';
import { UsageError } from './usage-error.js';

/** What to do about a reason of the cell's, for those who typed a command: the cell's own remedies speak to programs. */
export type Remedies = Readonly<Record<string, string>>;

const BY_REASON: Readonly<Record<string, number>> = {
  TIME_LIMIT: EXIT.timedOut,
  NOT_FOUND: EXIT.notFound,
  INSTANCE_GONE: EXIT.notFound,
  BAD_ARGUMENT: EXIT.usage,
  LOCK_BUSY: EXIT.lockBusy,
  LOCK_LOST: EXIT.lockLost,
};

/** What a command ends with that failed like this. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof CannotRun) return error.exitCode;
  if (!(error instanceof ChubbyError)) return EXIT.failed;
  if (error.outcomeUnknown) return EXIT.outcomeUnknown;
  return BY_REASON[error.reason] ?? EXIT.failed;
}

/** What files of this machine are refused for. By name: who takes no backup does not load what knows them. */
const OWN_ERRORS: Readonly<Record<string, { readonly reason: string; readonly remedy: string }>> = {
  DamagedBackup: { reason: 'DAMAGED_BACKUP', remedy: 'take another backup; nothing was touched' },
  BackupExists: { reason: 'BACKUP_EXISTS', remedy: 'name another file; --force replaces it' },
  RestoreRefused: { reason: 'RESTORE_REFUSED', remedy: '' },
  ReplicaRuns: { reason: 'REPLICA_RUNS', remedy: 'stop it first, and see that nothing starts it again' },
  DamagedIdentity: { reason: 'DAMAGED_IDENTITY', remedy: 'leave this directory out' },
  StorageFailure: { reason: 'STORAGE', remedy: 'see what the disk says' },
};

const remedyIn = (error: unknown): string | undefined =>
  error instanceof Error && 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : undefined;

interface Complaint {
  readonly reason: string;
  readonly message: string;
  readonly remedy: string;
}

/** Tells on stderr what went wrong and what to do about it. */
export async function tellError(output: Output, error: unknown, remedies: Remedies = {}): Promise<void> {
  const { reason, message, remedy } = complaintOf(error, remedies);
  if (output.json) {
    const outcomeUnknown = error instanceof ChubbyError && error.outcomeUnknown;
    await output.note(JSON.stringify({ error: { reason, message, remedy, outcomeUnknown } }));
    return;
  }
  await output.note(`chubby: ${message}`);
  if (remedy !== '') await output.note(`  ${remedy}`);
}

function complaintOf(error: unknown, remedies: Remedies): Complaint {
  if (error instanceof ChubbyError) {
    const { reason, message } = error;
    return { reason, message, remedy: remedies[reason] ?? error.remedy };
  }
  if (error instanceof UsageError) {
    const command = error.command === undefined ? 'chubby' : `chubby ${error.command}`;
    return { reason: 'USAGE', message: error.message, remedy: `${command} --help shows what it takes` };
  }
  const message = error instanceof Error ? error.message : String(error);
  const told = OWN_ERRORS[error instanceof Error ? error.name : ''];
  if (told !== undefined) return { ...told, message, remedy: remedyIn(error) ?? told.remedy };
  if (error instanceof SystemFailure) return { reason: error.code, message, remedy: error.remedy };
  return { reason: 'INTERNAL', message: `${message} (this is a mistake in chubby: please report it)`, remedy: '' };
}

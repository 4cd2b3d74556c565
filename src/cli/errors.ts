import { ChubbyError } from '../client/index.js';
import { EXIT } from './exit-codes.js';
import type { Output } from './output.js';
import { UsageError } from './usage-error.js';

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
  if (!(error instanceof ChubbyError)) return EXIT.failed;
  if (error.outcomeUnknown) return EXIT.outcomeUnknown;
  return BY_REASON[error.reason] ?? EXIT.failed;
}

interface Complaint {
  readonly reason: string;
  readonly message: string;
  readonly remedy: string;
}

/** Tells on stderr what went wrong and what to do about it; a stack trace only for a mistake of ours. */
export async function tellError(output: Output, error: unknown): Promise<void> {
  const { reason, message, remedy } = complaintOf(error);
  if (output.json) {
    const outcomeUnknown = error instanceof ChubbyError && error.outcomeUnknown;
    await output.note(JSON.stringify({ error: { reason, message, remedy, outcomeUnknown } }));
    return;
  }
  await output.note(`chubby: ${message}`);
  if (remedy !== '') await output.note(`  ${remedy}`);
}

function complaintOf(error: unknown): Complaint {
  if (error instanceof ChubbyError) return { reason: error.reason, message: error.message, remedy: error.remedy };
  if (error instanceof UsageError) {
    return { reason: 'USAGE', message: error.message, remedy: 'chubby --help shows the commands and their options' };
  }
  const message = error instanceof Error ? error.message : String(error);
  // Node's own: a file that is not there, a directory that may not be read.
  if (error instanceof Error && 'code' in error) return { reason: String(error.code), message, remedy: '' };
  return { reason: 'INTERNAL', message: `${message} (this is a mistake in chubby: please report it)`, remedy: '' };
}

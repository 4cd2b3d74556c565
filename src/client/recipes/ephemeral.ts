import { ChubbyError } from '../chubby-error.js';
import type { Handle } from '../handle.js';

/**
 * Deletes the ephemeral file of a handle, and closes it: closing alone would leave the file as long as the same session
 * has it open elsewhere, to watch it perhaps.
 *
 * @returns resolves when the cell has said so, or the session is over and the file with it
 */
export async function remove(handle: Handle): Promise<void> {
  const patiently = { timeoutMs: Infinity };
  await Promise.all([handle.delete(patiently).catch(goneAlready), handle.close(patiently).catch(goneAlready)]);
}

/** Or about to go: but for too many calls of this very client, nothing else would keep the cell from it. */
function goneAlready(error: unknown): void {
  if (!(error instanceof ChubbyError) || error.reason === 'TOO_MANY_CALLS') throw error;
}

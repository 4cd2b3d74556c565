import { constants } from 'node:os';
import { ChubbyError } from '../../client/chubby-error.js';
import type { CellClient, Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { Interrupts } from '../lock/interrupts.js';
import { printable } from '../printable.js';

/** Nobody leads, or nobody has said so: shown where a value would be. */
const NOBODY = '(nobody)';

/** Writes a line with the leader's value whenever it has changed, until it is interrupted. */
export async function observe({ client, output }: Context, path: string): Promise<number> {
  const interrupts = new Interrupts(() => undefined);
  const { signal } = interrupts;
  let told: string | undefined;
  try {
    for await (const _item of client.watch(path, { signal })) {
      const value = await valueOf(client, path, signal);
      if (value === told) continue;
      told = value;
      if (output.json) await output.value({ path, leader: value === '' ? null : value });
      else await output.line(value === '' ? NOBODY : printable(value));
    }
    return EXIT.ok;
  } catch (error) {
    const { received } = interrupts;
    if (received === undefined) throw error;
    return EXIT.commandKilled + constants.signals[received];
  } finally {
    interrupts.end();
  }
}

/** As the watch does, it waits for a cell that is away. */
async function valueOf(client: CellClient, path: string, signal: AbortSignal): Promise<string> {
  try {
    return (await client.read(path, { signal, timeoutMs: Infinity })).contents.toString();
  } catch (error) {
    if (error instanceof ChubbyError && error.reason === 'NOT_FOUND') return '';
    throw error;
  }
}

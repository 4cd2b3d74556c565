import type { ClientOptions } from '../client/index.js';
import { parseCommandLine } from './command-line.js';
import type { Request } from './command-line.js';
import type { CellClient } from './context.js';
import { exitCodeOf, tellError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { Output } from './output.js';
import type { Terminal } from './terminal.js';

/**
 * Does what a command line asks for.
 *
 * @param args without the names of node and script
 * @returns the exit code; everything that can go wrong has been told on stderr
 */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  connect: (options: ClientOptions) => CellClient,
): Promise<number> {
  let output = new Output(terminal, wantsJson(args));
  let request: Request;
  try {
    request = await parseCommandLine(args, terminal);
  } catch (error) {
    await tellError(output, error);
    return exitCodeOf(error);
  }
  if (request.kind === 'show') {
    await output.line(request.text);
    return EXIT.ok;
  }
  const { cell, timeout, json } = request.common;
  output = new Output(terminal, json);
  let client: CellClient | undefined;
  try {
    client = connect({ cell, timeoutMs: timeout * 1_000 });
    return await request.run({ client, output, terminal });
  } catch (error) {
    await tellError(output, error);
    return exitCodeOf(error);
  } finally {
    await client?.close();
  }
}

/** For what is wrong with the command line itself. What stands behind `--` is another command's. */
const wantsJson = (args: readonly string[]): boolean => args.slice(0, indexOrEnd(args, '--')).includes('--json');

const indexOrEnd = (args: readonly string[], word: string): number => {
  const index = args.indexOf(word);
  return index === -1 ? args.length : index;
};

import { environmentOf } from '../client/environment.js';
import type { ClientOptions } from '../client/index.js';
import { parseCommandLine } from './command-line.js';
import type { Request } from './command-line.js';
import type { CellClient } from './context.js';
import { exitCodeOf, tellError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { Output, ReaderGone } from './output.js';
import type { Terminal } from './terminal.js';

/** Begins to talk to a cell. */
export type Connect = (options: ClientOptions) => CellClient | Promise<CellClient>;

/**
 * Does what a command line asks for.
 *
 * @param args without the names of node and script
 * @returns the exit code; everything that can go wrong has been told on stderr
 */
export async function run(args: readonly string[], terminal: Terminal, connect: Connect): Promise<number> {
  let request: Request | undefined;
  try {
    request = parseCommandLine(args, terminal);
    return await carryOut(request, terminal, connect);
  } catch (error) {
    // One that has seen enough, as in `chubby ls ... | head`, is no error.
    if (error instanceof ReaderGone) return EXIT.ok;
    const run = request?.kind === 'run' ? request : undefined;
    await tellError(new Output(terminal, run?.json ?? wantsJson(args)), error, run?.remedies);
    return exitCodeOf(error);
  }
}

async function carryOut(request: Request, terminal: Terminal, connect: Connect): Promise<number> {
  if (request.kind === 'show') {
    await new Output(terminal, false).line(request.text);
    return EXIT.ok;
  }
  const client = await connect(request.client);
  // Commands that are run under a lock mean the same cell as the lock.
  const env = { ...terminal.env, ...environmentOf(request.client) };
  try {
    return await request.run({ client, output: new Output(terminal, request.json), terminal: { ...terminal, env } });
  } finally {
    await client.close();
  }
}

/** For what is wrong with the command line itself. What stands behind `--` is another command's. */
const wantsJson = (args: readonly string[]): boolean => args.slice(0, indexOrEnd(args, '--')).includes('--json');

const indexOrEnd = (args: readonly string[], word: string): number => {
  const index = args.indexOf(word);
  return index === -1 ? args.length : index;
};

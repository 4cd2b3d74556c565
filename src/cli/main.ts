import { run } from './run.js';
import { processTerminal } from './terminal.js';

// What fails to be written is told where it is written: see Output.
const toldThere = (): void => undefined;
process.stdout.on('error', toldThere);
process.stderr.on('error', toldThere);

process.exitCode = await run(process.argv.slice(2), processTerminal(), async (options) => {
  // gRPC takes half the time of a command to load, and a wrong command line needs none of it.
  const { connect } = await import('../client/index.js');
  // A command ends before anything changes, and must not delay the writes of others when it is killed.
  return connect({ ...options, cache: false });
});

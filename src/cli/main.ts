import { connect } from '../client/index.js';
import { EXIT } from './exit-codes.js';
import { run } from './run.js';
import { processTerminal } from './terminal.js';

// A reader that has seen enough, as in `chubby ls ... | head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

process.exitCode = await run(process.argv.slice(2), processTerminal(), connect);

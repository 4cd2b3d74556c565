import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { flag, wholeNumber } from '../options.js';
import { readContents } from '../read-contents.js';
import { CREATE_DIRECTORY, LIST_OR_COPY } from '../remedies.js';
import { UsageError } from '../usage-error.js';

/** Of the contents of a node that is not there yet. (DESIGN 5) */
const NO_GENERATION = 0;

export const put = command({
  name: 'put',
  summary: 'Write a file, and create it where there is none',
  example: 'put --if-generation 3 /ls/local/config.json config.json',
  positionals: { path: NODE_PATH, file: { describe: 'what to write: a file, or - for stdin', fallback: '-' } },
  options: {
    'create-only': flag('write only if there is no such file yet'),
    'if-generation': wholeNumber({
      describe: 'write only if the contents are at this generation; 0 is that of a file that is not there yet',
      least: NO_GENERATION,
      most: Number.MAX_SAFE_INTEGER,
      fallback: undefined,
    }),
  },
  remedies: {
    NOT_FOUND: `${CREATE_DIRECTORY}; with --if-generation the file has to be there, too`,
    NOT_A_DIRECTORY: 'a file is in the way: choose another name, or chubby rm the file',
    IS_A_DIRECTORY: `name a file in it; ${LIST_OR_COPY}, chubby import fills one`,
    STALE_GENERATION: 'chubby cat shows what is there now, chubby stat its generation',
  },
  async run({ client, output, terminal }, { path, file, 'create-only': createOnly, 'if-generation': ifGeneration }) {
    if (createOnly && (ifGeneration ?? NO_GENERATION) !== NO_GENERATION) {
      throw new UsageError('--create-only and --if-generation exclude each other', 'put');
    }
    const ifContentGeneration = createOnly ? NO_GENERATION : ifGeneration;
    const stat = await client.write(path, await readContents(file, terminal.stdin), { ifContentGeneration });
    if (output.json) await output.value({ path, stat });
    return EXIT.ok;
  },
});

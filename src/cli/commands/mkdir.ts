import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { flag } from '../options.js';
import { makeDirectories } from '../tree/make-directories.js';

export const mkdir = command({
  name: 'mkdir',
  summary: 'Create a directory',
  example: 'mkdir -p /ls/local/a/b/c',
  positionals: { path: NODE_PATH },
  options: { parents: flag('create those above it, too; one that is there is no error', 'p') },
  remedies: {
    NOT_FOUND: 'create those above it, too: chubby mkdir -p',
    ALREADY_EXISTS: 'a directory that is there already is no error with -p',
    NOT_A_DIRECTORY: 'a file is in the way: choose another name, or chubby rm the file',
  },
  async run({ client, output }, { path, parents }) {
    const stat = parents ? await makeDirectories(client, path) : await client.mkdir(path);
    if (output.json) await output.value({ path, stat });
    return EXIT.ok;
  },
});

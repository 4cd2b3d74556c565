import { command, pathArgument } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { makeDirectories } from '../tree/make-directories.js';

export const mkdir = command({
  usage: 'mkdir <path>',
  summary: 'Create a directory',
  options: (yargs) =>
    pathArgument(yargs).option('parents', {
      alias: 'p',
      describe: 'create those above it, too; one that is there is no error',
      type: 'boolean',
      default: false,
    }),
  async run({ client, output }, { path, parents }) {
    const stat = parents ? await makeDirectories(client, path) : await client.mkdir(path);
    if (output.json) await output.value({ path, stat });
    return EXIT.ok;
  },
});

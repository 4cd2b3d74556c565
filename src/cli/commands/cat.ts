import { command, pathArgument } from '../command.js';
import { EXIT } from '../exit-codes.js';

export const cat = command({
  usage: 'cat <path>',
  summary: 'Write the contents of a file to stdout, byte by byte',
  options: (yargs) => pathArgument(yargs),
  async run({ client, output }, { path }) {
    const { contents, stat } = await client.read(path);
    if (output.json) await output.value({ path, contents: contents.toString('base64'), stat });
    else await output.bytes(contents);
    return EXIT.ok;
  },
});

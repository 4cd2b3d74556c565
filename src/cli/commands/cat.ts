import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { LIST_OR_COPY, LOOK_AROUND } from '../remedies.js';

export const cat = command({
  name: 'cat',
  summary: 'Write the contents of a file to stdout, byte by byte',
  example: 'cat /ls/local/config.json',
  positionals: { path: NODE_PATH },
  options: {},
  remedies: { NOT_FOUND: LOOK_AROUND, IS_A_DIRECTORY: LIST_OR_COPY },
  async run({ client, output }, { path }) {
    const { contents, stat } = await client.read(path);
    if (output.json) await output.value({ path, contents: contents.toString('base64'), stat });
    else await output.bytes(contents);
    return EXIT.ok;
  },
});

import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { LOOK_AROUND } from '../remedies.js';

export const stat = command({
  name: 'stat',
  summary: 'Show what the cell says of a node besides its contents',
  example: 'stat /ls/local/config.json',
  positionals: { path: NODE_PATH },
  options: {},
  remedies: { NOT_FOUND: LOOK_AROUND },
  async run({ client, output }, { path }) {
    const found = await client.stat(path);
    if (output.json) await output.value({ path, stat: found });
    else {
      await output.table(
        ['FIELD', 'VALUE'],
        [
          ['path', path],
          ['kind', found.kind],
          ['ephemeral', found.ephemeral],
          ['bytes', found.lengthBytes],
          ['children', found.childCount],
          ['instance number', found.instanceNumber],
          ['content generation', found.contentGeneration],
          ['lock generation', found.lockGeneration],
          ['ACL generation', found.aclGeneration],
          ['content checksum', found.contentChecksum === '' ? null : found.contentChecksum],
          ['revision', found.revision],
        ],
      );
    }
    return EXIT.ok;
  },
});

import { command, pathArgument } from '../command.js';
import { EXIT } from '../exit-codes.js';

export const ls = command({
  usage: 'ls <path>',
  summary: 'List the children of a directory',
  options: (yargs) =>
    pathArgument(yargs).option('long', {
      alias: 'l',
      describe: 'with kind, size, generations and revision',
      type: 'boolean',
      default: false,
    }),
  async run({ client, output }, { path, long }) {
    const entries = await client.list(path);
    if (output.json) {
      await output.value({ path, entries });
    } else if (long) {
      const head = ['KIND', 'BYTES', 'CHILDREN', 'GENERATION', 'LOCK', 'REVISION', 'NAME'];
      const rows = entries.map(({ name, stat }) => [
        stat.ephemeral ? `${stat.kind}, ephemeral` : stat.kind,
        stat.lengthBytes,
        stat.childCount,
        stat.contentGeneration,
        stat.lockGeneration,
        stat.revision,
        name,
      ]);
      await output.table(head, rows);
    } else if (entries.length > 0) {
      await output.line(entries.map(({ name }) => name).join('\n'));
    }
    return EXIT.ok;
  },
});

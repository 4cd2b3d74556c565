import type { DirectoryEntry } from '../../client/index.js';
import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { flag } from '../options.js';
import { printable } from '../printable.js';
import { CAT_OR_STAT, LOOK_AROUND } from '../remedies.js';

const HEAD = ['KIND', 'BYTES', 'CHILDREN', 'GENERATION', 'LOCK', 'REVISION', 'NAME'];

export const ls = command({
  name: 'ls',
  summary: 'List the children of a directory',
  example: 'ls -l /ls/local',
  positionals: { path: NODE_PATH },
  options: {
    long: flag('with kind, size, generations and revision', 'l'),
    classify: flag('put a / behind the name of each directory; on a terminal that is always done', 'F'),
  },
  remedies: { NOT_FOUND: LOOK_AROUND, NOT_A_DIRECTORY: CAT_OR_STAT },
  async run({ client, output, terminal }, { path, long, classify }) {
    const entries = await client.list(path);
    const shown = ({ name, stat }: DirectoryEntry): string =>
      stat.kind === 'directory' && (classify || terminal.stdoutIsTerminal) ? `${printable(name)}/` : printable(name);
    if (output.json) await output.value({ path, entries });
    else if (long)
      await output.table(
        HEAD,
        entries.map((entry) => [...columnsOf(entry), shown(entry)]),
      );
    else if (entries.length > 0) await output.line(entries.map(shown).join('\n'));
    return EXIT.ok;
  },
});

const columnsOf = ({ stat }: DirectoryEntry): (string | number)[] => [
  stat.ephemeral ? `${stat.kind}, ephemeral` : stat.kind,
  stat.lengthBytes,
  stat.childCount,
  stat.contentGeneration,
  stat.lockGeneration,
  stat.revision,
];

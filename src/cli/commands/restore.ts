import { join } from 'node:path';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { flag, text } from '../options.js';
import { attempt } from '../system-failure.js';
import { UsageError } from '../usage-error.js';

export const restore = command({
  name: 'restore',
  summary: 'Make the data directories of a new cell out of a backup',
  example: 'restore monday.backup --config config/local-5.yaml',
  positionals: { file: { describe: 'what chubby backup wrote' } },
  options: {
    config: text('a path', 'the configuration of the new cell'),
    into: text(
      'a directory',
      'make replica-1, replica-2, ... there instead of where the configuration says, to be moved',
    ),
    rename: flag('restore under the name of the configuration, whatever the old cell was called'),
  },
  epilogue:
    'Needs no cell. All directories are made by one call, in empty places, for replicas that have never lived: move each ' +
    'to its machine, and keep no copy. The cell has the files, directories and access lists of the backup; sessions, ' +
    'locks and ephemeral nodes are gone, and old handles and sequencers are refused. It begins when every replica runs.',
  async run({ output, terminal }, { file, config, into, rename }) {
    if (config === undefined) throw new UsageError('restore needs --config FILE', 'restore');
    const { replicasOf } = await import('../configured-replicas.js');
    const { restoreCell } = await import('../../offline/restore-cell.js');
    const { MachineRng } = await import('../../machine/machine-rng.js');
    const { cellName, replicas } = replicasOf(config, terminal.env);
    const placed = replicas.map(({ replicaId, directory }) => ({
      replicaId,
      directory: into === undefined ? directory : join(into, `replica-${replicaId}`),
    }));
    const restored = await attempt(
      `restore ${file}`,
      restoreCell({ backup: file, cellName, rename, replicas: placed, rng: new MachineRng() }),
    );
    const directories = placed.map(({ directory }) => directory);
    if (output.json) {
      await output.value({ ...restored, directories });
    } else {
      const { cellId, backupRevision, entries, stateBytes } = restored;
      await output.line(
        `cell ${cellName} (${cellId}): ${entries} entries, ${stateBytes} bytes, of revision ${backupRevision}`,
      );
      for (const directory of directories) await output.line(directory);
    }
    return EXIT.ok;
  },
});

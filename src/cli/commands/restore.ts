import { join } from 'node:path';
import type { PointInTime } from '../../offline/point-in-time.js';
import type { RecoveredOrigin } from '../../offline/recover-origin.js';
import type { Origin } from '../../offline/restore-cell.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { moment } from '../moment.js';
import { flag, text, texts, wholeNumber } from '../options.js';
import { recoveredInWords } from '../restore/recovered-words.js';
import { attempt } from '../system-failure.js';
import { UsageError } from '../usage-error.js';

export const restore = command({
  name: 'restore',
  summary: 'Make the data directories of a new cell out of a backup, or of what is left of an old cell',
  example: 'restore monday.backup --config config/local-5.yaml',
  positionals: { file: { describe: 'what chubby backup wrote', fallback: '' } },
  options: {
    config: text('a path', 'the configuration of the new cell'),
    into: text(
      'a directory',
      'make replica-1, replica-2, ... there instead of where the configuration says, to be moved',
    ),
    rename: flag('restore under the name of the configuration, whatever the old cell was called'),
    'from-replica': texts('directories', 'instead of a backup: data directories of stopped replicas of the old cell'),
    at: moment('with --from-replica: the state as it was then'),
    revision: wholeNumber({
      describe: 'with --from-replica: the state of this revision, or of the newest below it',
      least: 1,
      most: Number.MAX_SAFE_INTEGER,
      fallback: undefined,
    }),
  },
  epilogue:
    'Needs no cell. All directories are made by one call, in empty places, for replicas that have never lived: move each ' +
    'to its machine, and keep no copy. The cell has the files, directories and access lists of the backup; sessions, ' +
    'locks and ephemeral nodes are gone, and old handles and sequencers are refused. It begins when every replica runs. ' +
    '--from-replica is for an old cell whose majority is lost for good: give all directories that are left. They are ' +
    'verified and not changed; with a majority nothing that was acknowledged is missing, else it is told what may be. ' +
    'See that what is left of the old cell never starts again.',
  async run({ output, terminal }, { file, config, into, rename, 'from-replica': oldDirectories, at: atMs, revision }) {
    if (config === undefined) throw new UsageError('restore needs --config FILE', 'restore');
    const until = { ...(atMs !== undefined && { atMs }), ...(revision !== undefined && { revision }) };
    expectOneSource(file, oldDirectories, until);
    const { replicasOf } = await import('../configured-replicas.js');
    const { restoreCell } = await import('../../offline/restore-cell.js');
    const { MachineRng } = await import('../../machine/machine-rng.js');
    const { cellName, replicas } = replicasOf(config, terminal.env);
    const placed = replicas.map(({ replicaId, directory }) => ({
      replicaId,
      directory: into === undefined ? directory : join(into, `replica-${replicaId}`),
    }));
    const { origin, recovered } = await sourceOf(file, oldDirectories, until);
    const restored = await attempt(
      `restore ${origin.what}`,
      restoreCell({ origin, cellName, rename, replicas: placed, rng: new MachineRng() }),
    );
    const directories = placed.map(({ directory }) => directory);
    if (output.json) {
      await output.value({ ...restored, directories, ...(recovered && { recovered: toldOf(recovered) }) });
    } else {
      const { cellId, revision: ofRevision, entries, stateBytes } = restored;
      await output.line(
        `cell ${cellName} (${cellId}): ${entries} entries, ${stateBytes} bytes, of revision ${ofRevision}`,
      );
      for (const directory of directories) await output.line(directory);
      for (const line of recovered === undefined ? [] : recoveredInWords(recovered)) await output.line(line);
    }
    return EXIT.ok;
  },
});

function expectOneSource(file: string, directories: readonly string[], until: PointInTime): void {
  if (file === '' && directories.length === 0) {
    throw new UsageError('restore needs <file>, what chubby backup wrote, or --from-replica DIRECTORY', 'restore');
  }
  if (file !== '' && directories.length > 0) {
    throw new UsageError(`restore takes ${JSON.stringify(file)} or --from-replica, not both`, 'restore');
  }
  if (directories.length === 0 && Object.keys(until).length > 0) {
    throw new UsageError('a backup is of one moment: --at and --revision go with --from-replica', 'restore');
  }
}

async function sourceOf(
  file: string,
  directories: readonly string[],
  until: PointInTime,
): Promise<{ readonly origin: Origin; readonly recovered?: RecoveredOrigin }> {
  if (directories.length > 0) {
    const { recoverOrigin } = await import('../../offline/recover-origin.js');
    const recovered = await attempt('read the old directories', recoverOrigin(directories, until));
    return { origin: recovered.origin, recovered };
  }
  const { readBackup } = await import('../../offline/backup-file.js');
  const { handle, state } = await attempt(`read ${file}`, readBackup(file));
  return { origin: { what: file, cellId: handle.cellId, state } };
}

/** For programs. */
const toldOf = ({ origin, wallMs, ...told }: RecoveredOrigin): object => ({
  from: origin.what,
  lastWritten: wallMs === undefined ? null : new Date(wallMs).toISOString(),
  complete: told.complete,
  cut: told.cut,
  chosenUpTo: told.chosenUpTo,
  takenUnsure: told.takenUnsure,
  left: told.left,
  directories: told.directories,
});

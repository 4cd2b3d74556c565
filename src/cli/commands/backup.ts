import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { flag } from '../options.js';
import { BACKUP_TIMEOUT_SECONDS } from '../timeouts.js';
import { attempt } from '../system-failure.js';
import { bytesProgressOf } from '../tree/progress.js';

export const backup = command({
  name: 'backup',
  summary: 'Copy the state of the cell to a file, from which a new cell can be restored',
  example: 'backup monday.backup',
  positionals: { file: { describe: 'where to; it appears when it is whole and was read again' } },
  options: { force: flag('replace a file that is there') },
  timeoutSeconds: BACKUP_TIMEOUT_SECONDS,
  epilogue:
    'The state is that of one moment: everything acknowledged before is in it. Secrets and sessions are not, ' +
    'files and access lists are: keep it where only you can read it. The cell goes on meanwhile.',
  async run({ client, output, terminal }, { file, force, timeoutMs }) {
    const { NewBackup } = await import('../../offline/backup-file.js');
    const target = await attempt(`write ${file}`, NewBackup.at(file, force));
    let progress = await bytesProgressOf(terminal, output, 'backup', 0);
    try {
      await attempt(
        `write ${file}`,
        client.admin.backup(
          {
            begin: async ({ stateBytes }) => {
              progress.end();
              progress = await bytesProgressOf(terminal, output, 'backup', stateBytes);
              await target.begin();
            },
            piece: async (bytes) => {
              await target.append(bytes);
              progress.step(bytes.length);
            },
          },
          { timeoutMs },
        ),
      );
      const { handle, cellName, revision, fileBytes } = await attempt(`write ${file}`, target.complete());
      progress.end();
      const { cellId, slot, entryCount: entries, stateBytes } = handle;
      if (output.json)
        await output.value({ file, cell: cellName, cellId, slot, revision, entries, stateBytes, fileBytes });
      else
        await output.line(`${file}: revision ${revision} of cell ${cellName}, ${entries} entries, ${fileBytes} bytes`);
      return EXIT.ok;
    } finally {
      progress.end();
      await target.discard();
    }
  },
});

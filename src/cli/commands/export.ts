import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { exportTree } from '../tree/export-tree.js';
import { progressOf } from '../tree/progress.js';
import { BULK_TIMEOUT, sizeInWords, tellLeftOut } from '../tree/report.js';

export const exportCommand = command({
  usage: 'export <path> <directory>',
  summary: 'Copy a directory of the cell to this machine',
  options: (yargs) =>
    yargs
      .positional('path', { describe: 'what to copy: /ls/local/...', type: 'string', demandOption: true })
      .positional('directory', { describe: 'where to: empty, or not there yet', type: 'string', demandOption: true })
      .option('timeout', BULK_TIMEOUT),
  async run({ client, output, terminal }, { path, directory }) {
    const begin = (files: number) => progressOf(terminal, output, 'export', files);
    const report = await exportTree(client, path.replace(/\/+$/, ''), directory, begin);
    if (output.json) await output.value({ path, directory, ...report });
    else {
      const { files, directories, bytes } = report;
      await output.line(
        `exported ${files} files (${sizeInWords(bytes)}) in ${directories} directories to ${directory}`,
      );
      await tellLeftOut(output, report.leftOut);
    }
    return report.leftOut.length === 0 ? EXIT.ok : EXIT.leftOut;
  },
});

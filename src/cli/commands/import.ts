import { counted } from '../../common/counted.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { BULK_TIMEOUT_SECONDS } from '../timeouts.js';
import { importTree } from '../tree/import-tree.js';
import { progressOf } from '../tree/progress.js';
import { filesAndDirectories, tellLeftOut, withoutSlash } from '../tree/report.js';

export const importCommand = command({
  name: 'import',
  summary: 'Copy a directory of this machine into the cell',
  example: 'import docs /ls/local/docs',
  positionals: {
    directory: { describe: 'what to copy' },
    path: { describe: 'where to: /ls/local/..., created if it is not there' },
  },
  options: {},
  timeoutSeconds: BULK_TIMEOUT_SECONDS,
  remedies: { NOT_A_DIRECTORY: 'a file is in the way: choose another name, or chubby rm the file' },
  async run({ client, output, terminal }, { directory, path }) {
    const begin = (files: number) => progressOf(terminal, output, 'import', files);
    const report = await importTree(client, directory, withoutSlash(path), begin);
    if (output.json) await output.value({ directory, path, ...report });
    else {
      const { symbolicLinks, specialFiles } = report;
      await output.line(`imported ${filesAndDirectories(report)} to ${path}`);
      if (symbolicLinks > 0) await output.note(`left out: ${counted(symbolicLinks, 'symbolic link')}`);
      if (specialFiles > 0) await output.note(`left out: ${counted(specialFiles, 'special file')}`);
      await tellLeftOut(output, report.leftOut);
    }
    return report.leftOut.length === 0 ? EXIT.ok : EXIT.leftOut;
  },
});

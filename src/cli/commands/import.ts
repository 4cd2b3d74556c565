import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { importTree } from '../tree/import-tree.js';
import { BULK_TIMEOUT, sizeInWords, tellLeftOut } from '../tree/report.js';
import { progressOf } from '../tree/progress.js';

export const importCommand = command({
  usage: 'import <directory> <path>',
  summary: 'Copy a directory of this machine into the cell',
  options: (yargs) =>
    yargs
      .positional('directory', { describe: 'what to copy', type: 'string', demandOption: true })
      .positional('path', { describe: 'where to: /ls/local/..., created if it is not there', type: 'string' })
      .demandOption('path')
      .option('timeout', BULK_TIMEOUT),
  async run({ client, output, terminal }, { directory, path }) {
    const begin = (files: number) => progressOf(terminal, output, 'import', files);
    const report = await importTree(client, directory, withoutSlash(path), begin);
    if (output.json) await output.value({ directory, path, ...report });
    else {
      const { files, directories, bytes, symbolicLinks, specialFiles } = report;
      await output.line(`imported ${files} files (${sizeInWords(bytes)}) in ${directories} directories to ${path}`);
      if (symbolicLinks > 0) await output.note(`left out: ${symbolicLinks} symbolic links`);
      if (specialFiles > 0) await output.note(`left out: ${specialFiles} special files`);
      await tellLeftOut(output, report.leftOut);
    }
    return report.leftOut.length === 0 ? EXIT.ok : EXIT.leftOut;
  },
});

const withoutSlash = (path: string): string => path.replace(/\/+$/, '');

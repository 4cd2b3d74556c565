import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { CAT_OR_STAT, LOOK_AROUND } from '../remedies.js';
import { BULK_TIMEOUT_SECONDS } from '../timeouts.js';
import { exportTree } from '../tree/export-tree.js';
import { progressOf } from '../tree/progress.js';
import { filesAndDirectories, tellLeftOut, withoutSlash } from '../tree/report.js';

export const exportCommand = command({
  name: 'export',
  summary: 'Copy a directory of the cell to this machine',
  example: 'export /ls/local/docs copy-of-docs',
  positionals: {
    path: { describe: 'what to copy: /ls/local/...' },
    directory: { describe: 'where to: empty, or not there yet' },
  },
  options: {},
  timeoutSeconds: BULK_TIMEOUT_SECONDS,
  remedies: { NOT_FOUND: LOOK_AROUND, NOT_A_DIRECTORY: CAT_OR_STAT },
  async run({ client, output, terminal }, { path, directory }) {
    const begin = (files: number) => progressOf(terminal, output, 'export', files);
    const report = await exportTree(client, withoutSlash(path), directory, begin);
    if (output.json) await output.value({ path, directory, ...report });
    else {
      await output.line(`exported ${filesAndDirectories(report)} to ${directory}`);
      await tellLeftOut(output, report.leftOut);
    }
    return report.leftOut.length === 0 ? EXIT.ok : EXIT.leftOut;
  },
});

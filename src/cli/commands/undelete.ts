import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { moment } from '../moment.js';
import { texts } from '../options.js';
import { printable } from '../printable.js';
import { attempt } from '../system-failure.js';
import { BULK_TIMEOUT_SECONDS } from '../timeouts.js';
import { putBack } from '../tree/put-back.js';
import { UsageError } from '../usage-error.js';

export const undelete = command({
  name: 'undelete',
  summary: 'Create a file or a directory again as it was, from the files of a stopped replica',
  example: 'undelete /ls/local/config --at 10m --from-replica data/replica-3',
  positionals: { path: NODE_PATH },
  options: {
    at: moment('as of which time'),
    'from-replica': texts('directories', 'data directories of stopped replicas'),
  },
  timeoutSeconds: BULK_TIMEOUT_SECONDS,
  epilogue:
    'It is refused when the path exists, and when the directory that it was in does not. What is created has the old ' +
    'contents and access lists, and is new: old handles and sequencers stay refused. Ephemeral nodes are left out. ' +
    'One replica can be stopped while the others serve; how far back its files reach is told where it is not far enough.',
  async run({ client, output }, { path, at: atMs, 'from-replica': directories }) {
    if (atMs === undefined) throw new UsageError('undelete needs --at TIME', 'undelete');
    if (directories.length === 0) throw new UsageError('undelete needs --from-replica DIRECTORY', 'undelete');
    const { recoverOrigin } = await import('../../offline/recover-origin.js');
    const { formerNodes } = await import('../../offline/former-nodes.js');
    const { origin, wallMs } = await attempt('read the directories', recoverOrigin(directories, { atMs }));
    const nodes = formerNodes(origin.state, path);
    const created: string[] = [];
    try {
      await putBack(client, nodes, ({ name }) => void created.push(name));
    } catch (error) {
      if (created.length > 0) {
        await output.note(
          `chubby: ${created.length} of ${nodes.length} were created: chubby rm -r ${path} removes them`,
        );
      }
      throw error;
    }
    const asOf = wallMs === undefined ? null : new Date(wallMs).toISOString();
    if (output.json) await output.value({ created, asOf });
    else {
      for (const name of created) await output.line(printable(name));
      await output.line(`${created.length} created, as they were after the last write before: ${asOf ?? 'unknown'}`);
    }
    return EXIT.ok;
  },
});

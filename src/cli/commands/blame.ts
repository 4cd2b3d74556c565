import type { NodeChange } from '../../offline/node-history.js';
import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { text, wholeNumber } from '../options.js';
import type { Cell } from '../output.js';
import { printable } from '../printable.js';
import { attempt } from '../system-failure.js';
import { UsageError } from '../usage-error.js';

const HEAD = ['WHEN', 'WHAT', 'CALL', 'SESSION', 'PRINCIPAL', 'REVISION', 'SLOT'];

export const blame = command({
  name: 'blame',
  summary: 'Show who changed a node, when and by which call, from the log of a stopped replica',
  example: 'blame /ls/local/config --from-replica data/replica-3',
  positionals: { path: NODE_PATH },
  options: {
    'from-replica': text('a directory', "a stopped replica's data directory, dataDir in its configuration"),
    limit: wholeNumber({
      describe: 'at most so many, the newest first; 100 unless given',
      least: 1,
      most: 10_000,
      fallback: 100,
    }),
  },
  epilogue:
    'It reaches back as far as that replica keeps its log, and says how far that is: snapshots.kept and ' +
    'snapshots.afterLogBytes decide. One replica can be stopped while the others serve. A cell without TLS takes the ' +
    "principal's own word for who it is. Locks are shown by chubby explain.",
  async run({ output }, { path, 'from-replica': directory, limit }) {
    if (directory === undefined) throw new UsageError('blame needs --from-replica DIRECTORY', 'blame');
    const { StoppedReplica } = await import('../../offline/stopped-replica.js');
    const { nodeHistory } = await import('../../offline/node-history.js');
    const replica = await StoppedReplica.open(directory);
    if (replica === undefined) throw new UsageError(`${directory} is no data directory of a replica`, 'blame');
    try {
      const history = await attempt(`read ${directory}`, nodeHistory(replica, path, limit));
      const { changes, more, firstSlot, firstWallMs } = history;
      if (output.json) {
        await output.value(history);
        return EXIT.ok;
      }
      await output.table(HEAD, changes.map(rowOf));
      const since = firstWallMs === null ? '' : `, ${new Date(firstWallMs).toISOString()}`;
      if (more) await output.note(`there are more: --limit shows up to 10000`);
      await output.note(firstSlot === 1 ? 'the log tells everything' : `the log begins at slot ${firstSlot}${since}`);
      return EXIT.ok;
    } finally {
      await replica.close();
    }
  },
});

const rowOf = ({ wallMs, what, call, sessionId, principal, revision, slot }: NodeChange): Cell[] => [
  new Date(wallMs).toISOString(),
  what,
  call,
  sessionId ?? 'the master',
  principal === null ? null : printable(principal),
  revision,
  slot,
];

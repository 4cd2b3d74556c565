import type { LockDescription } from '../../client/index.js';
import { fromOf } from '../admin/session-row.js';
import { collected } from '../collected.js';
import { command } from '../command.js';
import { agoInWords, durationInWords } from '../duration.js';
import { EXIT } from '../exit-codes.js';
import type { Cell } from '../output.js';
import { printable } from '../printable.js';

const HEAD = ['NAME', 'STATE', 'HOLDER', 'FROM', 'FOR', 'GENERATION', 'WAITERS'];

export const locks = command({
  name: 'locks',
  summary: 'List the locks that are held, held back or waited for',
  example: 'locks /ls/local/orders',
  positionals: { path: { describe: 'only the lock of this node and those below; all unless given', fallback: '' } },
  options: {},
  epilogue: 'chubby explain PATH tells more of one lock.',
  async run({ client, output }, { path }) {
    const found = await collected(client.admin.listLocks(path));
    if (output.json) await output.value({ locks: found });
    else await output.table(HEAD, found.map(rowOf));
    return EXIT.ok;
  },
});

function rowOf(lock: LockDescription): Cell[] {
  const { name, mode, holders, lockGeneration, waiterCount } = lock;
  const [first] = holders;
  if (first === undefined) return [printable(name), 'free', null, null, null, lockGeneration, waiterCount];
  const { session, acquiredAtMs, lockDelayLeftMs } = first;
  const state = lockDelayLeftMs > 0 ? `held back, ${durationInWords(lockDelayLeftMs)} left` : (mode ?? 'held');
  const others = holders.length > 1 ? ` and ${holders.length - 1} more` : '';
  return [
    printable(name),
    state,
    `${session.id}${others}`,
    fromOf(session),
    agoInWords(acquiredAtMs),
    lockGeneration,
    waiterCount,
  ];
}

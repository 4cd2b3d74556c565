import { MachineClock } from '../../machine/machine-clock.js';
import { command } from '../command.js';
import { LONGEST_SECONDS, seconds } from '../options.js';
import { printable } from '../printable.js';
import { changesOfMaster } from '../why/reigns.js';
import type { ChangeOfMaster } from '../why/reigns.js';
import { EXIT } from '../exit-codes.js';

const PATIENCE_MS = 2_000;

export const why = command({
  name: 'why',
  summary: 'Tell each change of master with its cause, as the new and the former master remember it',
  example: 'why --since 3600',
  positionals: {},
  options: {
    since: seconds({
      describe: 'only those of the last so many seconds; unless given, all that are remembered',
      least: 0,
      most: LONGEST_SECONDS,
      fallback: undefined,
    }),
  },
  epilogue:
    'With --json it prints everything that the replicas remember: starts, reigns, snapshots, space, membership.',
  async run({ client, output }, { since, timeoutMs }) {
    const sinceMs = since === undefined ? 0 : Math.max(0, Math.floor(new MachineClock().wallMs() - since * 1_000));
    const history = await client.history(sinceMs, { timeoutMs: Math.min(timeoutMs, PATIENCE_MS) });
    const changes = changesOfMaster(history);
    if (output.json) await output.value({ changes, history });
    else for (const change of changes) await output.line(printable(told(change)));
    return EXIT.ok;
  },
});

function told({ atMs, master, epoch, cause, before }: ChangeOfMaster): string {
  const now = `${new Date(atMs).toISOString()} replica ${master} is master, epoch ${epoch}: ${cause}`;
  if (before === null) return now;
  return `${now}; replica ${before.master} says: ${before.cause ?? 'nothing'}`;
}

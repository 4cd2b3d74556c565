import { ChubbyError } from '../../client/chubby-error.js';
import { collected } from '../collected.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { SESSION_COLUMNS, sessionRow } from '../admin/session-row.js';
import { UsageError } from '../usage-error.js';

export const sessions = command({
  name: 'sessions',
  summary: 'List the sessions of the cell, or end one',
  example: 'sessions end 9f3c01d2a4b5e677',
  positionals: {
    action: { describe: 'list or end; list unless given', oneOf: ['list', 'end'], fallback: 'list' },
    id: { describe: 'the session to end: 16 hex digits', fallback: '' },
  },
  options: {},
  epilogue:
    'A session that is ended loses its handles, locks and ephemeral nodes. Its locks are held back for their lock-delay, ' +
    'as if its lease had run out: what it still does under them is for the fence. What it may have cached is waited for, if it ' +
    'does not answer, until its lease is over.',
  async run({ client, output }, { action, id }) {
    if ((action === 'end') !== (id !== '')) {
      throw new UsageError(
        action === 'end' ? 'sessions end needs the id of a session' : 'sessions list takes no id',
        'sessions',
      );
    }
    if (action === 'end') {
      if (!(await client.admin.endSession(id))) {
        throw new ChubbyError('UNKNOWN_SESSION', `there is no session ${id}`, { remedy: 'chubby sessions lists them' });
      }
      if (output.json) await output.value({ id, ended: true });
      return EXIT.ok;
    }
    const found = await collected(client.admin.listSessions());
    if (output.json) await output.value({ sessions: found });
    else await output.table(SESSION_COLUMNS, found.map(sessionRow));
    return EXIT.ok;
  },
});

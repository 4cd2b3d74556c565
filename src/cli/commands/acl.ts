import type { AclNames } from '../../client/index.js';
import { command, NODE_PATH } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { text } from '../options.js';
import { LOOK_AROUND } from '../remedies.js';
import { UsageError } from '../usage-error.js';

const listOf = (what: string) => text('the name of an access list', `who may ${what}: a list, or '' for everybody`);

export const acl = command({
  name: 'acl',
  summary: "Show or change the names of a node's access lists",
  example: 'acl set /ls/local/orders --write orders-team',
  positionals: { action: { describe: 'get or set', oneOf: ['get', 'set'] }, path: NODE_PATH },
  options: {
    read: listOf('read the node'),
    write: listOf('write, delete and lock it, and make children of it'),
    'change-acl': listOf('change these names'),
  },
  epilogue:
    'A list is a file in /ls/<cell>/acl with a principal on each line; whoever may write it edits it like any other: ' +
    'chubby put /ls/local/acl/orders-team. A new node has the names of its directory.',
  remedies: {
    NOT_FOUND: LOOK_AROUND,
    STALE_GENERATION: 'somebody else changed them meanwhile: chubby acl get shows the names as they are now',
  },
  async run({ client, output }, { action, path, read, write, 'change-acl': changeAcl }) {
    const wanted = { read, write, changeAcl };
    const change = Object.fromEntries(Object.entries(wanted).filter(([, name]) => name !== undefined));
    const changes = Object.keys(change).length > 0;
    if (changes !== (action === 'set')) {
      const words = changes
        ? 'acl get takes none of --read, --write and --change-acl'
        : 'acl set changes nothing: say what';
      throw new UsageError(words, 'acl');
    }
    let stat = await client.stat(path);
    if (changes) {
      stat = await client.setAcl(path, { ...stat.acl, ...change }, { ifAclGeneration: stat.aclGeneration });
    }
    if (output.json) await output.value({ path, acl: stat.acl, aclGeneration: stat.aclGeneration });
    else if (!changes) await output.table(['ACCESS', 'LIST'], rowsOf(stat.acl));
    return EXIT.ok;
  },
});

const rowsOf = ({ read, write, changeAcl }: AclNames): [string, string][] => [
  ['read', shown(read)],
  ['write', shown(write)],
  ['change ACL', shown(changeAcl)],
];

/** No list has such a name. */
const shown = (name: string): string => (name === '' ? '(everybody)' : name);

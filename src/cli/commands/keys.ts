import type { SigningKey } from '../../client/index.js';
import { command } from '../command.js';
import { durationInWords } from '../duration.js';
import { EXIT } from '../exit-codes.js';
import { seconds } from '../options.js';
import type { Cell } from '../output.js';
import { UsageError } from '../usage-error.js';

const DAY_SECONDS = 86_400;
/** What a uint32 of milliseconds holds, in whole days. */
const LONGEST_KEEP_SECONDS = 49 * DAY_SECONDS;

export const keys = command({
  name: 'keys',
  summary: 'List the public keys under which the cell signs sequencers, or draw a new one',
  example: 'keys rotate --keep 3600',
  positionals: {
    action: { describe: 'list or rotate; list unless given', oneOf: ['list', 'rotate'], fallback: 'list' },
  },
  options: {
    keep: seconds({
      describe: `rotate: seconds for which the former key still verifies; a day (${DAY_SECONDS}) unless given`,
      least: 0,
      most: LONGEST_KEEP_SECONDS,
      fallback: undefined,
    }),
  },
  epilogue:
    'Give the keys to the resources that verify sequencers off-line, before the former key ends. ' +
    'A key is base64 of the 32 bytes of Ed25519.',
  async run({ client, output }, { action, keep }) {
    if (action === 'list' && keep !== undefined) throw new UsageError('keys list takes no --keep', 'keys');
    const found =
      action === 'rotate'
        ? await client.admin.rotateKeys(Math.round((keep ?? DAY_SECONDS) * 1_000))
        : await client.signingKeys();
    if (output.json) await output.value({ keys: found.map(jsonOf) });
    else await output.table(['ID', 'STATE', 'VALID UNTIL', 'PUBLIC KEY'], found.map(rowOf));
    return EXIT.ok;
  },
});

/** As createFence of `chubby/fencing` takes it. */
const jsonOf = ({ id, publicKey, validUntilMs }: SigningKey) => ({
  id,
  publicKey: publicKey.toString('base64'),
  validUntilMs,
});

function rowOf({ id, publicKey, validUntilMs }: SigningKey): Cell[] {
  const inUse = validUntilMs === 0;
  const left = durationInWords(validUntilMs - Date.now());
  return [
    id,
    inUse ? 'signs' : `verifies, ${left} left`,
    inUse ? null : new Date(validUntilMs).toISOString(),
    publicKey.toString('base64'),
  ];
}

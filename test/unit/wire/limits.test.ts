import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CLIENT_PORT_LIMITS, LIMITS, LOG_LIMITS, PEER_PORT_LIMITS } from '../../../src/wire/limits.js';

const page = readFileSync(new URL('../../../docs/LIMITS.md', import.meta.url), 'utf8');

test('the documentation shows every limit as it is', () => {
  const shown = [...page.matchAll(/^## .*\(`(\w+)`\)$|^\| `(\w+)` +\| +([\d,]+) +\|/gm)];
  let where = '';
  const found: Record<string, Record<string, number>> = {};
  for (const [, section, limit, value] of shown) {
    if (section !== undefined) found[(where = section)] = {};
    else found[where]![limit!] = Number(value!.replaceAll(',', ''));
  }
  expect(found).toEqual({ cell: LIMITS, clientPort: CLIENT_PORT_LIMITS, peerPort: PEER_PORT_LIMITS, log: LOG_LIMITS });
});

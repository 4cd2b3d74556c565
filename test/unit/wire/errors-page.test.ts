// docs/ERRORS.md is made here: `npx vitest run test/unit/wire/errors-page.test.ts -u` writes it.
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { CLIENT_REASONS } from '../../../src/client/client-reasons.js';
import { GRPC, REASONS } from '../../../src/wire/errors.js';

const PAGE = '../../../docs/ERRORS.md';

const INTRODUCTION = `# Errors

Why a call was refused, and what to do about it. A program matches on the reason, never on a text; how a reason travels
is in [PROTOCOL](PROTOCOL.md#errors). This page is made of \`src/wire/errors.ts\`.

What a client does about a reason, without asking its user:

| \`retry\` | meaning |
|---|---|
| \`other-replica\` | The same request, with the same number, to the master; it was not executed here. |
| \`same-number\` | The same request with the same number; it may have been executed, and is not executed twice. |
| \`later\` | The same request after \`retry-after-ms\`. |
| \`caller\` | It was not executed; whoever asked decides whether to ask again. |
| \`new-number\` | It was never executed and never will be under this number. |
| \`new-session\` | The session is gone, and with it everything it held. |
| \`new-handle\` | Open the name again. |
| \`never\` | The same request gets the same answer until somebody changes something. |
`;

const statusName = (code: number): string =>
  Object.entries(GRPC).find(([, value]) => value === code)?.[0] ?? 'INTERNAL';

/** Names such as /ls/<cell> are no HTML. */
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ').replaceAll('<', String.raw`\<`)} |`;

/** The page as it is committed. */
async function page(): Promise<string> {
  const ofCell = Object.entries(REASONS).map(([reason, { grpc, retry, remedy }]) =>
    row(`\`${reason}\``, statusName(grpc), `\`${retry}\``, remedy),
  );
  const ofLibrary = Object.entries(CLIENT_REASONS).map(([reason, { grpc, remedy }]) =>
    row(`\`${reason}\``, statusName(grpc), remedy),
  );
  const markdown = [
    INTRODUCTION,
    '## Of the cell\n',
    row('reason', 'gRPC status', '`retry`', 'what to do'),
    row('---', '---', '---', '---'),
    ...ofCell,
    '\n## Of the library itself\n',
    'No cell gives these: the client library finds them.\n',
    row('reason', 'gRPC status', 'what to do'),
    row('---', '---', '---'),
    ...ofLibrary,
  ].join('\n');
  return format(markdown, { ...(await resolveConfig('docs/ERRORS.md')), parser: 'markdown' });
}

test('the documentation shows every reason as the tables have it', async () => {
  await expect(await page(), 'run this test with -u').toMatchFileSnapshot(PAGE);
});

/**
 * A scenario file: blocks of commands, each followed by a line `----` and the trace that they must print. Blank lines
 * separate blocks; lines that begin with `#` are for the reader. (After etcd-io/raft's testdata.)
 */
export interface Block {
  /** The comment lines above the commands, as they stand. */
  readonly remarks: readonly string[];
  readonly commands: readonly string[];
  readonly expected: readonly string[];
}

const SEPARATOR = '----';

export class MalformedScript extends Error {
  override readonly name = 'MalformedScript';
}

/** @throws MalformedScript for a block with commands and without a separator */
export function parseScript(text: string): Block[] {
  const blocks: Block[] = [];
  for (const paragraph of text.split(/\n{2,}/)) {
    const lines = paragraph.split('\n').filter((line) => line !== '');
    if (lines.length === 0) continue;
    const firstCommand = lines.findIndex((line) => !line.startsWith('#'));
    const remarks = firstCommand === -1 ? lines : lines.slice(0, firstCommand);
    if (firstCommand === -1) {
      blocks.push({ remarks, commands: [], expected: [] });
      continue;
    }
    const separator = lines.indexOf(SEPARATOR);
    if (separator === -1) throw new MalformedScript(`no ${SEPARATOR} after "${lines.at(-1)}"`);
    blocks.push({ remarks, commands: lines.slice(firstCommand, separator), expected: lines.slice(separator + 1) });
  }
  return blocks;
}

export function printScript(blocks: readonly Block[]): string {
  const paragraphs = blocks.map(({ remarks, commands, expected }) =>
    [...remarks, ...(commands.length > 0 ? [...commands, SEPARATOR, ...expected] : [])].join('\n'),
  );
  return `${paragraphs.join('\n\n')}\n`;
}

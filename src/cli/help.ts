import type { AnyCommand } from './command.js';
import { COMMON_OPTIONS } from './command.js';
import { EXIT_CODES } from './exit-codes.js';
import { optionWord } from './option-word.js';
import type { Option } from './options.js';

/** What is said on the left, and what it means. */
type Line = readonly [what: string, meaning: string];

const WIDEST = 110;
const INDENT = 2;
const GAP = 2;

/** How a command is called. */
export function usageOf({ name, positionals, behind }: AnyCommand): string {
  const places = Object.entries(positionals).map(([key, { fallback }]) =>
    fallback === undefined ? `<${key}>` : `[${key}]`,
  );
  return ['chubby', name, ...places, ...(behind === undefined ? [] : ['--', behind])].join(' ');
}

/**
 * @param more options that only this help has
 * @param columns of the terminal
 */
export function helpOf(
  commands: readonly AnyCommand[],
  more: Readonly<Record<string, Option>>,
  columns: number,
): string {
  const sections: readonly (readonly [title: string, lines: readonly Line[]])[] = [
    ['Commands', commands.map((command) => [usageOf(command), command.summary])],
    ['Options', linesOf({ ...COMMON_OPTIONS, ...more })],
    ['Exit codes', EXIT_CODES],
  ];
  return [
    'chubby COMMAND: a lock service and store of small files',
    ...sections.map(([title, lines]) => `${title}:\n${inColumns(lines, columns)}`),
    'chubby COMMAND --help tells more.',
  ].join('\n\n');
}

/** @param columns of the terminal */
export function helpOfCommand(command: AnyCommand, columns: number): string {
  const positionals = Object.entries(command.positionals).map(([key, { describe }]): Line => [key, describe]);
  return [
    usageOf(command),
    command.summary,
    ...(positionals.length === 0 ? [] : [inColumns(positionals, columns)]),
    `Options:\n${inColumns([...linesOf(command.options), ...linesOf(COMMON_OPTIONS)], columns)}`,
    ...(command.epilogue === undefined ? [] : [wrapped(command.epilogue, Math.min(columns, WIDEST)).join('\n')]),
  ].join('\n\n');
}

const linesOf = (options: Readonly<Record<string, Option>>): Line[] =>
  Object.entries(options).map(([name, option]) => {
    const short = option.kind === 'flag' && option.short !== undefined ? `-${option.short}, ` : '';
    const value = option.kind === 'valued' ? ` ${option.placeholder}` : '';
    return [`${short}--${optionWord(name)}${value}`, option.describe];
  });

function inColumns(lines: readonly Line[], columns: number): string {
  const left = Math.max(...lines.map(([what]) => what.length));
  const margin = ' '.repeat(INDENT + left + GAP);
  const room = Math.max(20, Math.min(columns, WIDEST) - margin.length);
  return lines
    .map(([what, meaning]) => {
      const first = `${' '.repeat(INDENT)}${what.padEnd(left + GAP)}`;
      return first + wrapped(meaning, room).join(`\n${margin}`);
    })
    .join('\n');
}

/** The words in lines of so many characters, or of one longer word. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

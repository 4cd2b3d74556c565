import { parseArgs } from 'node:util';
import { optionWord } from './option-word.js';
import type { Option } from './options.js';
import { UsageError } from './usage-error.js';

/** One option as it was written. */
export interface GivenOption {
  /** Without dashes; the long one where a short one was written and is known. */
  readonly name: string;
  /** With its dashes. */
  readonly written: string;
  readonly value: string | undefined;
}

/** A command line taken apart, before anybody asks whether it makes sense. */
export interface Words {
  readonly plain: readonly string[];
  readonly options: readonly GivenOption[];
  /** What stands behind `--`; undefined without one. */
  readonly behind: readonly string[] | undefined;
}

/**
 * @param known the options of all commands, by their names in camel case: which of them take a value
 * @throws UsageError for an option without its value
 */
export function wordsOf(args: readonly string[], known: Readonly<Record<string, Option>>): Words {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(known).map(([name, option]) => [optionWord(name), shapeOf(option)])),
    // What is wrong is found later, where it is known which command is meant.
    strict: false,
    tokens: true,
  });
  const plain: string[] = [];
  const behind: string[] = [];
  const options: GivenOption[] = [];
  let ended = false;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') ended = true;
    else if (token.kind === 'positional') (ended ? behind : plain).push(token.value);
    else options.push({ name: token.name, written: token.rawName, value: valueOf(token) });
  }
  return { plain, options, behind: ended ? behind : undefined };
}

const shapeOf = (option: Option): { type: 'boolean' | 'string'; short?: string } =>
  option.kind === 'valued' ? { type: 'string' } : { type: 'boolean', ...(option.short && { short: option.short }) };

/** The next word is no value if it looks like an option: then the value was forgotten. */
function valueOf(token: {
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}): string | undefined {
  if (token.inlineValue === false && token.value?.startsWith('--') === true) {
    throw new UsageError(
      `${token.rawName} needs a value, and ${token.value} is none; for this very value write ${token.rawName}=${token.value}`,
    );
  }
  return token.value;
}

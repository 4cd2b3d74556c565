/** What no word of a command line contains. */
const MARK = '\0';

/**
 * The command line without its first `--`, and with a mark on each word behind that: yargs takes those for names and
 * values, whatever they look like, and it can be told later which they were. Behind `--` itself yargs looks for none.
 */
export function markedBehind(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return end === -1 ? [...args] : [...args.slice(0, end), ...args.slice(end + 1).map((word) => `${MARK}${word}`)];
}

export const isMarked = (word: string): boolean => word.startsWith(MARK);

/** The word as it was typed. */
export const asTyped = (word: string): string => (isMarked(word) ? word.slice(MARK.length) : word);

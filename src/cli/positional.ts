import type { AnyCommand } from './command.js';
import { missingPositional } from './complaint.js';
import { UsageError } from './usage-error.js';
import { asTyped, isMarked } from './words-behind.js';

/**
 * The positional as it was typed.
 *
 * @param given a word, or all that stand behind `--`
 * @throws UsageError for one that is empty, or on the wrong side of `--`
 */
export function positionalOf(command: AnyCommand, key: string, given: string | string[]): string | string[] {
  const { behind = false } = command.positionals[key]!;
  const anyBehind = Object.values(command.positionals).some((positional) => positional.behind);
  for (const word of [given].flat()) {
    const misplaced = anyBehind && isMarked(word) !== behind;
    if (misplaced || (!behind && asTyped(word) === '')) throw new UsageError(missingPositional(command, key));
  }
  return Array.isArray(given) ? given.map(asTyped) : asTyped(given);
}

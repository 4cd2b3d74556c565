import { nearestName } from '../common/nearest-name.js';
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
  const { oneOf } = command.positionals[key]!;
  const behind = command.positionals[key]!.behind !== undefined;
  const anyBehind = Object.values(command.positionals).some((positional) => positional.behind !== undefined);
  for (const word of [given].flat()) {
    const misplaced = anyBehind && isMarked(word) !== behind;
    if (misplaced || (!behind && asTyped(word) === '')) throw new UsageError(missingPositional(command, key));
    if (oneOf?.includes(asTyped(word)) === false) throw new UsageError(notOneOf(command, asTyped(word), oneOf));
  }
  return Array.isArray(given) ? given.map(asTyped) : asTyped(given);
}

function notOneOf({ name }: AnyCommand, word: string, oneOf: readonly string[]): string {
  const nearest = nearestName(word, oneOf);
  const meant = nearest === undefined ? `there is ${oneOf.join(' and ')}` : `did you mean ${JSON.stringify(nearest)}?`;
  return `there is no ${JSON.stringify(`${name} ${word}`)}; ${meant}`;
}

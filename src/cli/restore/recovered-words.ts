import type { RecoveredOrigin } from '../../offline/recover-origin.js';
import { printable } from '../printable.js';

/** What a state that was made of old directories may lack, for people: one line each. */
export function recoveredInWords(recovered: RecoveredOrigin): string[] {
  const { origin, wallMs, directories } = recovered;
  const time = wallMs === undefined ? '' : `, last written ${new Date(wallMs).toISOString()}`;
  return [
    `from ${origin.what}: slot ${origin.state.appliedUpTo}${time}`,
    ...directories.flatMap(({ directory, reach, problems }) => [
      `${directory}: known to be chosen up to slot ${reach}`,
      ...problems.map((problem) => `damaged: ${printable(problem)}`),
    ]),
    ...missingInWords(recovered),
  ];
}

function missingInWords({ cut, complete, takenUnsure, left, chosenUpTo }: RecoveredOrigin): string[] {
  if (cut) return ['later writes are left out, as asked'];
  if (complete) return ['a majority of the old cell is there: nothing that was acknowledged is missing'];
  return [
    `no majority of the old cell is there: writes that were acknowledged after slot ${chosenUpTo} may be missing`,
    ...(takenUnsure > 0
      ? [`taken: ${takenUnsure} later values that were accepted, and may have been acknowledged or not`]
      : []),
    ...(left > 0 ? [`left out: ${left} later slots, since what they rest on is not there`] : []),
  ];
}

const SECOND_MS = 1_000;
const UNITS = [
  ['d', 86_400 * SECOND_MS],
  ['h', 3_600 * SECOND_MS],
  ['min', 60 * SECOND_MS],
  ['s', SECOND_MS],
] as const;

/** A length of time for people, in its two largest units: `3 min 5 s`; below ten seconds with tenths. */
export function durationInWords(ms: number): string {
  if (ms < 10 * SECOND_MS) return `${(Math.max(0, ms) / SECOND_MS).toFixed(1)} s`;
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  let restMs = ms;
  const parts: string[] = [];
  for (const [name, unitMs] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(restMs / unitMs);
    if (count > 0) parts.push(`${count} ${name}`);
    restMs -= count * unitMs;
  }
  return parts.join(' ');
}

/** What is `ms` in the past by the clock of another machine, which may be ahead of this one's. */
export const agoInWords = (sinceWallMs: number): string => durationInWords(Math.max(0, Date.now() - sinceWallMs));

import type { Option } from './options.js';

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const AGO = /^(\d{1,9})([smhd])$/;
/** With its zone: what it means must not hang on the machine. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** A moment of the past, in milliseconds since 1970. */
export const moment = (describe: string): Option<number | undefined> => ({
  describe,
  takes: 'how long ago (90s, 10m, 2h, 3d) or a time with its zone (2026-01-31T08:30:00Z)',
  fallback: undefined,
  read: (given) => {
    if (typeof given !== 'string') return undefined;
    const [, count, unit] = AGO.exec(given) ?? [];
    if (count !== undefined) return Date.now() - Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
    const atMs = ISO.test(given) ? Date.parse(given) : NaN;
    return Number.isNaN(atMs) ? undefined : atMs;
  },
});

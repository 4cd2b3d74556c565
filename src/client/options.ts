import { LIMITS } from '../wire/limits.js';
import { isPrincipal } from '../wire/principal.js';
import { assertKnownOptions } from './arguments.js';
import { ChubbyError } from './chubby-error.js';

/** What every call takes. */
export interface CallOptions {
  /** Gives the call up when it fires. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Gives the call up after so many milliseconds. Until then it is repeated through lost connections and changes of
   * master, and executed once.
   */
  readonly timeoutMs?: number | undefined;
}

export interface ClientOptions {
  /** `host:port,host:port,...` or `dns:NAME:PORT`; one live replica is enough. CHUBBY_CELL unless given, else the local cell. */
  readonly cell?: string | undefined;
  /**
   * As whom the cell is to take this client, where it has no better way to know: at most 255 printable ASCII characters
   * without blanks. A cell without TLS believes it. CHUBBY_PRINCIPAL unless given, else `anybody`.
   */
  readonly principal?: string | undefined;
  /** For calls that name none; a minute unless given, which is more than a session can outlive its master. */
  readonly timeoutMs?: number | undefined;
  /**
   * The session lease asked for, 4,000 to 60,000: the longer, the later others have what a client held that died; the
   * cell's default unless given. A cell with many sessions may give a longer one.
   */
  readonly leaseMs?: number | undefined;
  /** How long a session in jeopardy may still be saved; 45 s unless given. */
  readonly graceMs?: number | undefined;
  /**
   * Whether to keep what was read, and show it again without asking the cell as long as it is true; true unless given. A
   * client that is killed delays writes to what it caches until its lease has run out. (DESIGN 5, [CH] 2.7)
   */
  readonly cache?: boolean | undefined;
  /** The cell's bound on the rate of any clock against any other's, as a part of 1; 0.1 unless given. */
  readonly maxClockDrift?: number | undefined;
}

/** What a client runs by. */
export type Settings = { readonly [Name in Exclude<keyof ClientOptions, 'cell' | 'principal' | 'cache'>]-?: number };

const DEFAULTS: Settings = {
  timeoutMs: 60_000,
  leaseMs: 0,
  graceMs: 45_000,
  maxClockDrift: 0.1,
};

/** What each may be if it is given, inclusive; a drift of a half would leave nothing of a lease. */
const RANGES: { readonly [Name in keyof Settings]: readonly [number, number] } = {
  timeoutMs: [1, Infinity],
  leaseMs: [LIMITS.sessionLeaseMinMs, LIMITS.sessionLeaseMaxMs],
  graceMs: [0, 3_600_000],
  maxClockDrift: [0, 0.5],
};

const LEASE_REMEDY =
  'leave it out for what the cell gives, or name one that it gives: a shorter one would not outlive a change of master, ' +
  'a longer one would keep the locks of a client that died for too long';

/** @throws ChubbyError BAD_ARGUMENT for a principal that cannot be one */
export function principalOf({ principal }: ClientOptions): string | undefined {
  if (principal === undefined || isPrincipal(principal)) return principal;
  const sentence = `principal is a text of 1 to ${LIMITS.principalBytes} printable ASCII characters without blanks`;
  throw new ChubbyError('BAD_ARGUMENT', sentence);
}

const OPTIONS = ['cell', 'principal', 'cache', ...Object.keys(DEFAULTS)];

/** @throws ChubbyError BAD_ARGUMENT for a number out of its range, and for an option that there is not */
export function settingsOf(options: ClientOptions): Settings {
  assertKnownOptions(options, OPTIONS);
  const settings: { -readonly [Name in keyof Settings]: number } = { ...DEFAULTS };
  for (const name of Object.keys(DEFAULTS) as (keyof Settings)[]) {
    const value = options[name];
    if (value === undefined) continue;
    const [min, max] = RANGES[name];
    if (!(value >= min && value <= max)) {
      const sentence = `${name} is a number from ${min} to ${max}, not ${String(value)}`;
      throw new ChubbyError('BAD_ARGUMENT', sentence, name === 'leaseMs' ? { remedy: LEASE_REMEDY } : {});
    }
    settings[name] = value;
  }
  return settings;
}

/** How long Client.close waits for the cell, which ends an abandoned session by itself. */
export const CLOSE_TIMEOUT_MS = 2_000;

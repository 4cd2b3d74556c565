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
  /** `host:port,host:port,...` or `dns:NAME:PORT`; one live replica is enough. The local cell unless given. */
  readonly cell?: string | undefined;
  /** For calls that name none; a minute unless given, which is more than a session can outlive its master. */
  readonly timeoutMs?: number | undefined;
  /** The session lease asked for; the cell's default unless given. */
  readonly leaseMs?: number | undefined;
  /** How long a session in jeopardy may still be saved; 45 s unless given. */
  readonly graceMs?: number | undefined;
  /** The cell's bound on the rate of any clock against any other's, as a part of 1; 0.1 unless given. */
  readonly maxClockDrift?: number | undefined;
}

export type Settings = { readonly [Name in Exclude<keyof ClientOptions, 'cell'>]-?: number };

export const DEFAULTS: Settings = {
  timeoutMs: 60_000,
  leaseMs: 0,
  graceMs: 45_000,
  maxClockDrift: 0.1,
};

/** How long Client.close waits for the cell, which ends an abandoned session by itself. */
export const CLOSE_TIMEOUT_MS = 2_000;

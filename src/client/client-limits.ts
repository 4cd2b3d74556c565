import { LIMITS } from '../wire/limits.js';

const MIB = 1024 * 1024;

/** Bounds of one client, so that a cell that does not answer cannot fill the caller's memory. */
export const CLIENT_LIMITS = {
  /** Requests sent and not answered: the cell keeps that many results of a session. */
  window: LIMITS.requestWindow,
  /** Of these, those that wait for locks: what lets a lock go finds room beside any number of them. */
  waitingCalls: 3_900,
  /** Of these, those that only what cannot wait may use. */
  reservedCalls: 64,
  /** Bytes of requests sent and not answered: one file of the largest size is always let through. */
  bytesInFlight: 8 * MIB,
  /** Calls that wait for their turn, and their bytes. Beyond it TOO_MANY_CALLS. */
  queuedCalls: 65_536,
  queuedBytes: 64 * MIB,
  /** Answers in the cache: as many as the cell lets one session cache. */
  cachedAnswers: 10_000,
  /** About what they take in memory. */
  cachedBytes: 64 * MIB,
  /** Handles and locks that are kept for whoever opens or takes the same again. */
  handlesKept: 100,
  locksKept: 100,
  /** Events that wait for one reader of a handle. Beyond it they are lost, and he is told so. */
  eventsWaiting: 1_024,
  /** Events of one handle that are kept for whoever listens first. */
  eventsUnheard: 64,
  /** Replicas remembered: more than any cell has. */
  addresses: 64,
} as const satisfies Record<string, number>;

// Every bound of the cell in one place (DESIGN 6). Beyond one the answer is RESOURCE_EXHAUSTED and names it.

const KIB = 1024;
const MIB = 1024 * KIB;

export const LIMITS = {
  /** A gRPC message either way: four times the largest file, so that a pipe can batch and nobody can fill the heap. */
  messageBytes: MIB,
  /** Inclusive. Chubby's own bound: it keeps people from using the cell as a store of bulk data ([CH] 2.2, 4.3). */
  contentsBytes: 256 * KIB,
  /** Of a whole name in UTF-8, `/ls/<cell>` included: names are keys and sit in every handle. */
  nameBytes: KIB,
  /** Components below `/ls/<cell>`: the depth is one byte of the key, and nobody needs more. */
  nameLevels: 64,
  /** Of one directory: a listing of more is a scan that belongs into another store. */
  childrenPerDirectory: 100_000,
  /** Entries of one ReadDir answer. */
  listingEntries: 1_000,
  /** Bytes of one ReadDir answer before it ends with `more`: leaves room for the rest of the message. */
  listingBytes: 768 * KIB,
  /** Keys and values of the whole database: it lives in every replica's memory. */
  databaseBytes: 1024 * MIB,
  /** Sessions of the cell: at 4 KB each, 256 MB of the master's memory. */
  sessions: 65_536,
  /** Open handles of one session: at 1 KB each, 4 MB. What the session's end must undo hangs on them. */
  handlesPerSession: 4_096,
  /** How far a request number may be above what the session acknowledged: the results the cell keeps for it. */
  requestWindow: 4_096,
  /** Handles that share one lock; the next ones wait. They stand in one record, rewritten with each of them. */
  sharersPerLock: 256,
  /** Waiting Acquires of one lock. */
  waitersPerLock: 10_000,
  /** Waiting Acquires of the cell. */
  waiters: 100_000,
  /** Requests computed or waiting for the log in the whole master. */
  pendingRequests: 65_536,
  /** Bytes of log values computed and not yet applied. */
  pendingBytes: 64 * MIB,
  /** A lock is held back for a minute at most after its holder's session expired ([CH] 2.4). */
  lockDelayMs: 60_000,
  /** Shorter session leases could not survive a change of master. */
  sessionLeaseMinMs: 4_000,
  /** Longer ones would keep a dead client's locks for too long ([CH] 2.8: up to 60 s under load). */
  sessionLeaseMaxMs: 60_000,
  /** An encoded sequencer: the longest name and what surrounds it. */
  sequencerBytes: 2 * KIB,
  /** An encoded handle, likewise. */
  handleBytes: 2 * KIB,
} as const satisfies Record<string, number>;

/** The bounds as a test or a simulation may set them lower. */
export type Limits = { readonly [Name in keyof typeof LIMITS]: number };

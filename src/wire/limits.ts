// Every bound of a replica towards others in one place (DESIGN 6); docs/LIMITS.md shows them, and so do the metrics.

const KIB = 1024;
const MIB = 1024 * KIB;

/** Of the cell's semantics. Beyond one the answer is RESOURCE_EXHAUSTED and names it. */
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
  /** Bytes of one ReadDir answer before it ends with a page token: leaves room for the rest of the message. */
  listingBytes: 768 * KIB,
  /** Directories of which a page was read and nothing changed since: another one's next page then begins anew. */
  listingsUnderWay: 10_000,
  /** Of a principal's name. */
  principalBytes: 255,
  /** Principals in access lists that the master keeps parsed, beside the list parsed last: some 20 MB. */
  cachedPrincipals: 200_000,
  /** Guards and operations of one MultiOp, those of both lists. */
  multiOpOperations: 128,
  /** What one MultiOp writes and reads together: it is one value of the log, and its answer is in it. */
  multiOpBytes: 1.5 * MIB,
  /** What the answer to a MultiOp takes: leaves room for the rest of the message. */
  multiOpResultBytes: 768 * KIB,
  /** Keys and values of the whole database: it lives in every replica's memory. */
  databaseBytes: 1024 * MIB,
  /** Sessions of the cell: at 4 KB each, 256 MB of the master's memory. */
  sessions: 65_536,
  /** Open handles of one session: at 1 KB each, 4 MB. What the session's end must undo hangs on them. */
  handlesPerSession: 4_096,
  /** Answers that one session may have in its cache: what is read beyond them is not to be cached. */
  cachedAnswersPerSession: 10_000,
  /** The same over all sessions: at some 200 bytes each, 100 MB of the master's memory. */
  cachedAnswers: 500_000,
  /** Cached answers that one Reattach asks about: what comes behind them is not kept. */
  revalidatedAnswers: 4_096,
  /** Entries of the listings among them, likewise: each is compared. */
  revalidatedEntries: 10_000,
  /** Handles of one session that want events. */
  subscriptionsPerSession: 2_048,
  /** The same over all sessions: at some 300 bytes each, 80 MB of the master's memory. */
  subscriptions: 262_144,
  /** Events of nodes that wait for one session's acknowledgement: over it they become one "events lost". */
  nodeEventsPerSession: 2_048,
  /** The same in bytes. */
  nodeEventBytesPerSession: 512 * KIB,
  /** The same over all sessions: over it those lose theirs that acknowledged nothing for the longest time. */
  nodeEventBytes: 32 * MIB,
  /** Events of one KeepAlive's answer: the rest goes with the next. */
  eventsPerReply: 1_024,
  /** The same in bytes: leaves room for the rest of the message. */
  eventBytesPerReply: 256 * KIB,
  /** Children that one Reattach has compared: who follows more is told to read again. */
  looksPerReattach: 10_000,
  /** Clients that wait to hear of a master: more are answered at once. */
  heldMasterQuestions: 16_384,
  /** How long each of them is held at most. */
  masterQuestionMs: 1_000,
  /** How far a request number may be above what the session acknowledged: the results the cell keeps for it. */
  requestWindow: 4_096,
  /** Handles that share one lock; the next ones wait. They stand in one record, rewritten with each of them. */
  sharersPerLock: 256,
  /** Waiting Acquires of one lock. */
  waitersPerLock: 10_000,
  /** Waiting Acquires of the cell; an AcquireAll counts once for each of its locks. */
  waiters: 100_000,
  /** The same of one session: it must not take all places. */
  waitersPerSession: 4_096,
  /** Requests computed or waiting for the log in the whole master. */
  pendingRequests: 65_536,
  /** Bytes of log values computed and not yet applied. */
  pendingBytes: 64 * MIB,
  /** Of these requests, those that wait for caches: writes of what nobody caches go on beside them. */
  deferredRequests: 32_768,
  /** The same in bytes. */
  deferredBytes: 32 * MIB,
  /** Of one session: each is compared with those before it. */
  deferredPerSession: 256,
  /** A lock is held back for a minute at most after its holder's session expired ([CH] 2.4). */
  lockDelayMs: 60_000,
  /** Shorter session leases could not survive a change of master. */
  sessionLeaseMinMs: 4_000,
  /** Longer ones would keep a dead client's locks for too long ([CH] 2.8: up to 60 s under load). */
  sessionLeaseMaxMs: 60_000,
  /** Locks that one AcquireAll or one sequencer speaks of. */
  locksTogether: 64,
  /** Backups that are taken at a time: each keeps what changes meanwhile a second time in the master's memory. */
  backups: 2,
  /** Former keys that still verify sequencers. */
  formerKeys: 16,
  /** Leases are stretched so that no more KeepAlives come in a second: each costs some 0.1 ms. */
  keepAlivesPerSecond: 1_000,
  /** No lease is stretched as long as this one is enough. */
  unstretchedLeaseMs: 12_000,
  /** A session without open handles and calls ends after a minute ([CH] 2.8). */
  idleSessionMs: 60_000,
  /** Handles that keep ephemeral nodes are given up a minute after every session knows of a fail-over ([CH] 2.9). */
  unshownHandleMs: 60_000,
  /** The replicas compare their states after so many values at the latest ... */
  checkSlots: 10_000,
  /** ... or so long after a value: one value of the log and two small messages for each replica. */
  checkMs: 60_000,
  /** What a replica remembers of what befell it: 100 changes of master and more. */
  historyEntries: 1_000,
  /** An encoded sequencer: as many of the longest names and what surrounds them. */
  sequencerBytes: 72 * KIB,
  /** An encoded handle: the longest name, and room for a sequencer of one lock more of this kind, or many short ones. */
  handleBytes: 4 * KIB,
} as const satisfies Record<string, number>;

/** The bounds as a test or a simulation may set them lower. */
export type Limits = { readonly [Name in keyof typeof LIMITS]: number };

/** Of the client port: what goes beyond one is cut off or waits, whatever it asks for. */
export const CLIENT_PORT_LIMITS = {
  /** Of the client port: at some 60 KB each. */
  connections: 4_096,
  /** From one address: a host of many clients must not shut out the others. */
  connectionsPerAddress: 2_048,
  /** Calls open at a time on one connection. */
  streamsPerConnection: 100,
  /** Memory of one connection within nghttp2, in megabytes: what 64 callers get by reading the largest file at once. */
  connectionMemoryMb: 32,
  /** A connection without a call, TLS and HTTP/2 handshakes included; a call of which nothing has come. */
  silenceMs: 10_000,
  /** From the first byte of a message to its last: then a whole one needs 280 kbit/s. */
  messageMs: 30_000,
  /** A connection that had calls and has none. */
  idleMs: 60_000,
  /** Then a connection is asked to go, so that what grpc-js keeps per connection cannot grow for ever. */
  connectionAgeMs: 3_600_000,
  /** For its open calls to end; longer than a held KeepAlive. */
  connectionAgeGraceMs: 90_000,
  /** Between two HTTP/2 pings to a client that says nothing. */
  keepaliveMs: 20_000,
  /** For its answer. */
  keepaliveTimeoutMs: 10_000,
  /** Requests of one connection not whole, or not looked at: what 100 writers of the largest file send at once. */
  heldBytesPerConnection: 32 * MIB,
  /** The same over all connections: beyond it the call of which most is held is ended. */
  heldBytes: 128 * MIB,
  /** Replies that one stream's reader has not taken yet. */
  queuedBytesPerStream: 16 * MIB,
  /** The same over all streams: beyond it the stream for which most waits is ended. */
  queuedBytes: 256 * MIB,
  /** Beyond this much unread, a Pipe's further requests wait unread in their turn. */
  highWaterBytes: MIB,
  /** How long a reader may take nothing while something waits for it. */
  drainMs: 10_000,
  /** Sessions kept alive over one stream. */
  keepAlivesPerStream: 4_096,
} as const satisfies Record<string, number>;

/** The bounds as tests may set them lower. */
export type ClientPortLimits = { readonly [Name in keyof typeof CLIENT_PORT_LIMITS]: number };

/** Of the port for the other replicas. */
export const PEER_PORT_LIMITS = {
  /** Three from each peer, twice as many while they dial anew, and strangers. */
  connections: 256,
  connectionsPerAddress: 128,
  /** A connection that was accepted and says nothing. */
  silenceMs: 5_000,
  /** A connection without a ping: several times the pause between a peer's pings. */
  idleMs: 15_000,
  /** One frame of messages between replicas: the largest message has room to spare. */
  frameBytes: 4 * MIB,
} as const satisfies Record<string, number>;

/** The bounds as tests may set them lower. */
export type PeerPortLimits = { readonly [Name in keyof typeof PEER_PORT_LIMITS]: number };

/** Of the library chubby/log (docs/LOG.md). */
export const LOG_LIMITS = {
  /** One command: half of what goes into one value of the log. */
  commandBytes: 512 * KIB,
  /** Commands proposed to a master and not carried out. */
  pendingCommands: 65_536,
  /** The same in bytes. */
  pendingBytes: 64 * MIB,
  /** The application's state, as its snapshot gives it: copied in one go, and hashed once a minute. */
  stateBytes: 256 * MIB,
} as const satisfies Record<string, number>;

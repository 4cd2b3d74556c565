const MIB = 1024 * 1024;

/** Bounds of the two gRPC ports that are no business of the cell's semantics; those are in wire/limits. */
export const RPC_LIMITS = {
  /** Of the client port: at some 60 KB each. */
  connections: 4_096,
  /** From one address: a host of many clients must not shut out the others. */
  connectionsPerAddress: 2_048,
  /** Calls open at a time on one connection. */
  streamsPerConnection: 100,
  /** Memory of one connection within nghttp2, in megabytes: what 64 callers get by reading the largest file at once. */
  connectionMemoryMb: 32,
  /** A connection without a call, TLS and HTTP/2 handshakes included, and a call without a message. */
  silenceMs: 10_000,
  /** A connection that had calls and has none. */
  idleMs: 60_000,
  /** Then a connection is asked to go, so that what grpc-js keeps per connection cannot grow for ever. */
  connectionAgeMs: 3_600_000,
  /** For its open calls to end; longer than a held KeepAlive. */
  connectionAgeGraceMs: 90_000,
  keepaliveMs: 20_000,
  keepaliveTimeoutMs: 10_000,
  /** Replies that one stream's reader has not taken yet. */
  queuedBytesPerStream: 16 * MIB,
  /** The same over all streams. */
  queuedBytes: 256 * MIB,
  /** Beyond this much unread, a Pipe's further requests wait unread in their turn. */
  highWaterBytes: MIB,
  /** How long a reader may take nothing while something waits for it. */
  drainMs: 10_000,
  /** Sessions kept alive over one stream. */
  keepAlivesPerStream: 4_096,
} as const satisfies Record<string, number>;

/** The bounds as tests may set them lower. */
export type RpcLimits = { readonly [Name in keyof typeof RPC_LIMITS]: number };

import { GRPC, REASONS } from '../wire/errors.js';

/** gRPC's INTERNAL: the other side broke the protocol. */
const INTERNAL = 13;

/** Reasons that no cell gives: what the library itself finds. They stand beside the cell's own table. */
export const CLIENT_REASONS = {
  BAD_ARGUMENT: { grpc: GRPC.INVALID_ARGUMENT, remedy: 'correct the argument that the message names' },
  CLIENT_CLOSED: { grpc: GRPC.CANCELLED, remedy: 'connect again: this client was closed' },
  LOCK_BUSY: { grpc: GRPC.DEADLINE_EXCEEDED, remedy: 'wait longer, or ask who holds the lock to release it' },
  LOCK_LOST: {
    grpc: GRPC.ABORTED,
    remedy: 'stop what the lock protects; what was sent meanwhile is for the fence (the sequencer) to judge',
  },
  TOO_MANY_CALLS: {
    grpc: GRPC.RESOURCE_EXHAUSTED,
    remedy: 'wait for answers before calling again: the cell is slower than this program',
  },
  UNREACHABLE: { grpc: GRPC.UNAVAILABLE, remedy: 'check the addresses of the cell, and whether its replicas run' },
  PROTOCOL: { grpc: INTERNAL, remedy: 'look whether what answers at this address is a replica of this version' },
} as const satisfies Record<string, ReasonFacts>;

interface ReasonFacts {
  /** gRPC status code. */
  readonly grpc: number;
  /** One sentence: what to do. */
  readonly remedy: string;
}

/** @inline so that the documentation lists them */
type CellReason = keyof typeof REASONS;

/** @inline as those */
export type ClientReason = keyof typeof CLIENT_REASONS;

/** What {@link ChubbyError.reason} can be. A cell newer than this library may give others. */
export type ErrorReason = CellReason | ClientReason | (string & Record<never, never>);

const TABLE = new Map<string, ReasonFacts>([...Object.entries(REASONS), ...Object.entries(CLIENT_REASONS)]);

/** What the tables say about a reason; nothing about one of a newer cell. */
export const factsOf = (reason: string): ReasonFacts | undefined => TABLE.get(reason);

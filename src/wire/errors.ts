import type { Failure } from './types.js';

/** Status codes of gRPC, as numbers: wire/ never meets grpc-js. */
export const GRPC = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/**
 * What a client library does about a reason, without asking its user.
 *
 * - `other-replica`: the same request, with the same number, to the master; it was not executed here.
 * - `same-number`: the same request with the same number; it may have been executed, and is not executed twice.
 * - `later`: the same request after `retry-after-ms`.
 * - `caller`: it was not executed, and waiting will hardly help: whoever asked decides.
 * - `new-number`: it was never executed and never will be under this number.
 * - `new-session`: the session is gone, and with it everything it held.
 * - `new-handle`: open the name again.
 * - `never`: the same request gets the same answer until somebody changes something.
 */
export type RetryAdvice =
  'other-replica' | 'same-number' | 'later' | 'caller' | 'new-number' | 'new-session' | 'new-handle' | 'never';

interface ReasonSpec {
  readonly grpc: number;
  readonly retry: RetryAdvice;
  /** One sentence to the person who reads the message. */
  readonly remedy: string;
}

/** The one table of reasons (DESIGN 6). A client matches on the key; never on a text. */
export const REASONS = {
  NOT_MASTER: {
    grpc: GRPC.FAILED_PRECONDITION,
    retry: 'other-replica',
    remedy: 'ask the replica named in chubby-master, or any other until one answers',
  },
  UNKNOWN_OUTCOME: {
    grpc: GRPC.UNAVAILABLE,
    retry: 'same-number',
    remedy: 'send the same request with the same number again: it is not executed twice',
  },

  UNKNOWN_SESSION: {
    grpc: GRPC.UNAUTHENTICATED,
    retry: 'new-session',
    remedy: 'create a new session: this one ended, or never was of this cell',
  },
  SESSION_EXPIRED: {
    grpc: GRPC.UNAUTHENTICATED,
    retry: 'new-session',
    remedy: 'create a new session (in the library: connect again); what this one held is released',
  },
  SESSION_IDLE: {
    grpc: GRPC.UNAUTHENTICATED,
    retry: 'new-session',
    remedy: 'create a new session: this one had nothing open and made no calls for a minute',
  },
  BAD_CREDENTIAL: {
    grpc: GRPC.UNAUTHENTICATED,
    retry: 'never',
    remedy: 'use id and secret as CreateSession returned them',
  },

  BAD_HANDLE: {
    grpc: GRPC.INVALID_ARGUMENT,
    retry: 'never',
    remedy: 'use the bytes of the handle as Open returned them, with the cell that returned them',
  },
  HANDLE_CLOSED: { grpc: GRPC.FAILED_PRECONDITION, retry: 'new-handle', remedy: 'open the name again' },
  HANDLE_POISONED: {
    grpc: GRPC.FAILED_PRECONDITION,
    retry: 'new-handle',
    remedy: 'the session itself poisoned the handle: close it and open the name again',
  },
  STALE_SEQUENCER: {
    grpc: GRPC.FAILED_PRECONDITION,
    retry: 'new-handle',
    remedy: 'the lock that the sequencer speaks of is lost: stop, and acquire it anew',
  },
  WRONG_SESSION: {
    grpc: GRPC.PERMISSION_DENIED,
    retry: 'never',
    remedy: 'a handle serves only the session that opened it: open the name in this session',
  },
  INSTANCE_GONE: {
    grpc: GRPC.NOT_FOUND,
    retry: 'new-handle',
    remedy: 'the node was deleted after Open: open the name again to see what is there now',
  },
  MODE_FORBIDS: {
    grpc: GRPC.PERMISSION_DENIED,
    retry: 'new-handle',
    remedy: 'open the name again and ask for the use that this call needs',
  },

  ACCESS_DENIED: {
    grpc: GRPC.PERMISSION_DENIED,
    retry: 'never',
    remedy: 'ask who may change the access list that the message names to add this principal',
  },

  MALFORMED_NAME: {
    grpc: GRPC.INVALID_ARGUMENT,
    retry: 'never',
    remedy: 'write /ls/<cell>/a/b: UTF-8, no empty component, no ".", no "..", no control character',
  },
  WRONG_CELL: {
    grpc: GRPC.INVALID_ARGUMENT,
    retry: 'never',
    remedy: 'ask the cell that the name belongs to, or write /ls/local/...',
  },
  MISSING_FIELD: { grpc: GRPC.INVALID_ARGUMENT, retry: 'never', remedy: 'set the field that the message names' },
  MALFORMED_REQUEST: { grpc: GRPC.INVALID_ARGUMENT, retry: 'never', remedy: 'correct what the message names' },

  UNKNOWN_METHOD: {
    grpc: GRPC.UNIMPLEMENTED,
    retry: 'never',
    remedy: 'ask replicas of a version that has this call, at their port for clients',
  },
  REQUEST_INCOMPLETE: {
    grpc: GRPC.DEADLINE_EXCEEDED,
    retry: 'same-number',
    remedy: 'send the first message as soon as the call is made, and each message to its end without a pause',
  },

  NOT_FOUND: { grpc: GRPC.NOT_FOUND, retry: 'never', remedy: 'create the node, or its directory, first' },
  ALREADY_EXISTS: { grpc: GRPC.ALREADY_EXISTS, retry: 'never', remedy: 'open the node that is there' },
  NOT_A_DIRECTORY: { grpc: GRPC.FAILED_PRECONDITION, retry: 'never', remedy: 'name a directory' },
  IS_A_DIRECTORY: { grpc: GRPC.FAILED_PRECONDITION, retry: 'never', remedy: 'name a file' },
  NOT_EMPTY: { grpc: GRPC.FAILED_PRECONDITION, retry: 'never', remedy: 'delete its children first' },
  PROTECTED_NODE: {
    grpc: GRPC.FAILED_PRECONDITION,
    retry: 'never',
    remedy: 'the root and the directory of access lists stay as long as the cell',
  },
  STALE_GENERATION: {
    grpc: GRPC.ABORTED,
    retry: 'never',
    remedy: 'read the file again and decide anew: somebody wrote it meanwhile',
  },

  LISTING_CHANGED: {
    grpc: GRPC.ABORTED,
    retry: 'never',
    remedy: 'read the directory again from its first page: it changed since',
  },

  LOCK_HELD_ALREADY: {
    grpc: GRPC.FAILED_PRECONDITION,
    retry: 'never',
    remedy: 'this handle holds the lock: release it first; a lock changes its mode only through free',
  },
  LOCK_NOT_HELD: { grpc: GRPC.FAILED_PRECONDITION, retry: 'never', remedy: 'acquire the lock first' },

  REQUEST_FORGOTTEN: {
    grpc: GRPC.FAILED_PRECONDITION,
    retry: 'new-number',
    remedy: 'the session acknowledged this number: its answer is gone, and it is not executed again',
  },
  WINDOW_EXCEEDED: {
    grpc: GRPC.RESOURCE_EXHAUSTED,
    retry: 'later',
    remedy: 'wait for answers, acknowledge them, then go on',
  },
  CANCELLED: { grpc: GRPC.CANCELLED, retry: 'never', remedy: 'none: the session itself cancelled the request' },
  TIME_LIMIT: { grpc: GRPC.DEADLINE_EXCEEDED, retry: 'new-number', remedy: 'ask again with a longer time limit' },

  TOO_LARGE: { grpc: GRPC.RESOURCE_EXHAUSTED, retry: 'never', remedy: 'send less in one request' },
  LIMIT_NAME: { grpc: GRPC.RESOURCE_EXHAUSTED, retry: 'never', remedy: 'use a shorter name of fewer levels' },
  LIMIT_CHILDREN: {
    grpc: GRPC.RESOURCE_EXHAUSTED,
    retry: 'never',
    remedy: 'spread the children over more directories',
  },
  LIMIT_SESSIONS: { grpc: GRPC.RESOURCE_EXHAUSTED, retry: 'later', remedy: 'close sessions that are not needed' },
  LIMIT_HANDLES: { grpc: GRPC.RESOURCE_EXHAUSTED, retry: 'never', remedy: 'close handles that are not needed' },
  LIMIT_OPERATIONS: {
    grpc: GRPC.RESOURCE_EXHAUSTED,
    retry: 'never',
    remedy: 'send fewer guards and operations in one MultiOp',
  },
  LIMIT_SUBSCRIPTIONS: {
    grpc: GRPC.RESOURCE_EXHAUSTED,
    retry: 'never',
    remedy: 'close handles that want events, or want fewer of them',
  },
  LIMIT_WAITERS: { grpc: GRPC.RESOURCE_EXHAUSTED, retry: 'later', remedy: 'too many wait for a lock: try later' },
  LIMIT_PENDING: { grpc: GRPC.RESOURCE_EXHAUSTED, retry: 'later', remedy: 'the master is overloaded: try later' },
  LIMIT_BACKUPS: { grpc: GRPC.RESOURCE_EXHAUSTED, retry: 'later', remedy: 'others take a backup now: try later' },
  LIMIT_KEYS: {
    grpc: GRPC.RESOURCE_EXHAUSTED,
    retry: 'never',
    remedy: 'rotate again when the time of a former key is over, or keep the key in use for no time',
  },
  LIMIT_DATABASE: {
    grpc: GRPC.RESOURCE_EXHAUSTED,
    retry: 'never',
    remedy: 'the cell is full: delete files; reading and deleting go on',
  },
  DISK_FULL: {
    grpc: GRPC.RESOURCE_EXHAUSTED,
    retry: 'caller',
    remedy: 'free space on the disks of a majority of the replicas; reading, releasing and deleting go on',
  },
  SLOW_CONSUMER: {
    grpc: GRPC.RESOURCE_EXHAUSTED,
    retry: 'same-number',
    remedy: 'read the stream as fast as it delivers; open requests are asked again by number',
  },
} as const satisfies Record<string, ReasonSpec>;

export type Reason = keyof typeof REASONS;

/** Keys of a failure's metadata. `remedy` and `retry` come from the table, the others from the place of refusal. */
export const METADATA = {
  remedy: 'remedy',
  retry: 'retry',
  retryAfterMs: 'retry-after-ms',
  master: 'chubby-master',
  /** Of a MultiOp: the index of the operation that could not be done, in the list that was to be done. */
  operation: 'operation',
  /** Of NOT_FOUND: the session may cache that the node is absent. As `cache_number` of an answer. */
  cacheNumber: 'cache-number',
} as const;

export const isReason = (text: string): text is Reason => Object.hasOwn(REASONS, text);

/**
 * A refusal as the wire carries it.
 *
 * @param sentence one sentence for people: what was found, without the remedy
 * @param metadata what the place of refusal adds, e.g. `retry-after-ms`, `chubby-master`
 */
export function refusal(reason: Reason, sentence: string, metadata?: Readonly<Record<string, string>>): Failure {
  const { grpc, retry, remedy } = REASONS[reason];
  return { code: grpc, reason, message: sentence, metadata: { remedy, retry, ...metadata } };
}

/** What a client does about a failure; a reason of a newer cell than this table is judged by its metadata. */
export function retryAdvice(failure: Failure): RetryAdvice {
  if (isReason(failure.reason)) return REASONS[failure.reason].retry;
  const advice = failure.metadata[METADATA.retry];
  const known = Object.values(REASONS).find((spec) => spec.retry === advice);
  return known?.retry ?? 'never';
}

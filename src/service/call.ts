import type { AdminCallTypes, CallTypes } from '../wire/calls.js';
import type { Failure, KeepAliveResponse, SessionCredential } from '../wire/types.js';

/** Who calls, as the connection proved it. */
export interface Caller {
  readonly principal: string;
  /** Where the connection comes from, for people to see. */
  readonly address: string;
}

export type CallName = keyof CallTypes;

/**
 * What stands around a request: from its RequestContext when it came alone, from the stream when it came through a
 * Pipe. `context` and `session` inside the request itself are not looked at.
 */
export interface Envelope {
  /** The session, where the caller named one. */
  readonly credential: SessionCredential | undefined;
  /** 0 when left out. */
  readonly number: number;
  readonly acknowledged: number;
  /**
   * How long the caller waits at most; 0 for no limit. Ends an Acquire, whether it waits or its grant is not chosen yet,
   * and nothing else: all others are answered within the master's lease, and that of sessions that must drop first what
   * they change.
   */
  readonly timeLimitMs: number;
}

export interface CallOf<Name extends CallName> extends Envelope {
  readonly name: Name;
  readonly request: CallTypes[Name]['request'];
}

export type Call = { [Name in CallName]: CallOf<Name> }[CallName];

export type AdminName = keyof AdminCallTypes;

const ADMIN_NAMES: Readonly<Record<AdminName, true>> = {
  listSessions: true,
  endSession: true,
  listLocks: true,
  explain: true,
  rotateKeys: true,
};

export const isAdminName = (name: string): name is AdminName => Object.hasOwn(ADMIN_NAMES, name);

/** A call of service Admin: of no session, and not numbered. */
export interface AdminCallOf<Name extends AdminName> {
  readonly name: Name;
  readonly request: AdminCallTypes[Name]['request'];
}

export type AdminCall = { [Name in AdminName]: AdminCallOf<Name> }[AdminName];

export type Response = CallTypes[CallName]['response'] | AdminCallTypes[AdminName]['response'];

/** The answer to a call: the response message that belongs to its name, or why there is none. */
export type Reply<R = Response> = { readonly response: R } | { readonly failure: Failure };

/** Called exactly once per call, possibly before {@link ChubbyService.call} returns; must not throw. */
export type Respond = (reply: Reply) => void;

/**
 * The answer to a KeepAlive. A session that is gone is a `response` whose own `failure` says so, since others may live
 * on the same stream; `failure` means that this replica can keep nobody alive (NOT_MASTER), and ends the stream.
 */
export type RespondKeepAlive = (reply: Reply<KeepAliveResponse>) => void;

/** A KeepAlive that is being held. */
export interface HeldKeepAlive {
  /** The client is gone: the answer is not needed, and the lease is not extended by it. Idempotent. */
  withdraw(): void;
}

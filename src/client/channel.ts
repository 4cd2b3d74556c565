import type { UnaryCalls } from '../wire/calls.js';
import type {
  BackupResponse,
  Failure,
  KeepAliveRequest,
  KeepAliveResponse,
  PipeCall,
  PipeReply,
  SessionCredential,
} from '../wire/types.js';

export type UnaryName = keyof UnaryCalls;

/**
 * The answer, or why there is none: a refusal of the cell as it sent it, or what the channel itself found (`UNREACHABLE`,
 * `PROTOCOL`). After UNREACHABLE nobody knows whether the call was executed.
 */
export type Outcome<Response> = { readonly response: Response } | { readonly failure: Failure };

/** What a Pipe tells. Never called from within a method of its connection. */
export interface PipeHandlers {
  /** Answers in the order in which they came; not that of the calls. */
  replies(replies: readonly PipeReply[]): void;
  /** The connection is over and what is open on it unknown. The last call; none after {@link PipeConnection.close}. */
  closed(failure: Failure): void;
}

/** One Pipe to one replica. */
export interface PipeConnection {
  /**
   * Bytes of calls that no message has taken along yet; 0 when the last acknowledgement given left with the last call.
   * Whoever sends bounds it: nothing here refuses.
   */
  readonly queuedBytes: number;
  /**
   * Sends calls, several of one turn of the event loop in one message. Too large a call is answered with a failure, as
   * any other that the cell refuses.
   *
   * @param acknowledged the answers of every request up to here have come, waiting Acquires left out
   */
  send(calls: readonly PipeCall[], acknowledged: number): void;
  /** Nothing is told any more. Idempotent. */
  close(): void;
}

/** What a stream of KeepAlives tells. Never called from within a method of its connection. */
export interface KeepAliveHandlers {
  answered(response: KeepAliveResponse): void;
  /** As {@link PipeHandlers.closed}. */
  closed(failure: Failure): void;
}

/** One KeepAlive stream to one replica. */
export interface KeepAliveConnection {
  send(request: KeepAliveRequest): void;
  /** Nothing is told any more. Idempotent. */
  close(): void;
}

/**
 * A client's way to one replica: over gRPC, or straight into one that runs in the same process. Requests are whole
 * messages, as the replica is to find them: every field present, a oneof as its member and its name.
 *
 * It connects when it is first used and again whenever it must. A replica that is away is told at once, not waited for.
 */
export interface Channel {
  /** `host:port`. */
  readonly address: string;
  /** @param timeLimitMs how long to wait for the answer at most, above 0; the replica is told, too */
  call<Name extends UnaryName>(
    name: Name,
    request: UnaryCalls[Name]['request'],
    timeLimitMs: number,
  ): Promise<Outcome<UnaryCalls[Name]['response']>>;
  /**
   * The messages of a backup, as fast as they are asked for; whoever leaves early ends it. Behind the last one there is
   * nothing, or the failure that cut it short.
   */
  backup(): AsyncIterable<Outcome<BackupResponse>>;
  openPipe(session: SessionCredential, handlers: PipeHandlers): PipeConnection;
  openKeepAlive(handlers: KeepAliveHandlers): KeepAliveConnection;
  /** Ends all that is open: calls and streams fail as UNREACHABLE. Idempotent; nothing is begun afterwards. */
  close(): void;
}

/** Makes the channel to the replica at `host:port`. */
export type ChannelFactory = (address: string) => Channel;

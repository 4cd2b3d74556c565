import type {
  AcquireRequest,
  AcquireResponse,
  CancelRequest,
  CancelResponse,
  CheckSequencerRequest,
  CheckSequencerResponse,
  CloseRequest,
  CloseResponse,
  CloseSessionRequest,
  CloseSessionResponse,
  CreateSessionRequest,
  CreateSessionResponse,
  DeleteRequest,
  DeleteResponse,
  Failure,
  GetContentsAndStatRequest,
  GetContentsAndStatResponse,
  GetMasterResponse,
  GetSequencerRequest,
  GetSequencerResponse,
  GetStatRequest,
  GetStatResponse,
  GetStatusResponse,
  KeepAliveRequest,
  KeepAliveResponse,
  OpenRequest,
  OpenResponse,
  PipeCall,
  PipeReply,
  ReadDirRequest,
  ReadDirResponse,
  ReleaseRequest,
  ReleaseResponse,
  SessionCredential,
  SetContentsRequest,
  SetContentsResponse,
  TryAcquireRequest,
} from '../wire/types.js';

type Nothing = Readonly<Record<string, never>>;

/** The calls of one request and one answer: the RPCs of services Chubby and Admin, streams left out. */
export interface UnaryCalls {
  getMaster: { readonly request: Nothing; readonly response: GetMasterResponse };
  getStatus: { readonly request: Nothing; readonly response: GetStatusResponse };
  createSession: { readonly request: CreateSessionRequest; readonly response: CreateSessionResponse };
  closeSession: { readonly request: CloseSessionRequest; readonly response: CloseSessionResponse };
  open: { readonly request: OpenRequest; readonly response: OpenResponse };
  close: { readonly request: CloseRequest; readonly response: CloseResponse };
  getContentsAndStat: { readonly request: GetContentsAndStatRequest; readonly response: GetContentsAndStatResponse };
  getStat: { readonly request: GetStatRequest; readonly response: GetStatResponse };
  readDir: { readonly request: ReadDirRequest; readonly response: ReadDirResponse };
  setContents: { readonly request: SetContentsRequest; readonly response: SetContentsResponse };
  delete: { readonly request: DeleteRequest; readonly response: DeleteResponse };
  acquire: { readonly request: AcquireRequest; readonly response: AcquireResponse };
  tryAcquire: { readonly request: TryAcquireRequest; readonly response: AcquireResponse };
  release: { readonly request: ReleaseRequest; readonly response: ReleaseResponse };
  cancel: { readonly request: CancelRequest; readonly response: CancelResponse };
  getSequencer: { readonly request: GetSequencerRequest; readonly response: GetSequencerResponse };
  checkSequencer: { readonly request: CheckSequencerRequest; readonly response: CheckSequencerResponse };
}

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
  openPipe(session: SessionCredential, handlers: PipeHandlers): PipeConnection;
  openKeepAlive(handlers: KeepAliveHandlers): KeepAliveConnection;
  /** Ends all that is open: calls and streams fail as UNREACHABLE. Idempotent; nothing is begun afterwards. */
  close(): void;
}

/** Makes the channel to the replica at `host:port`. */
export type ChannelFactory = (address: string) => Channel;

import type {
  AcquireAllRequest,
  AcquireAllResponse,
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
  EndSessionRequest,
  EndSessionResponse,
  ExplainRequest,
  ExplainResponse,
  GetContentsAndStatRequest,
  GetContentsAndStatResponse,
  GetSequencerRequest,
  GetSequencerResponse,
  GetStatRequest,
  GetStatResponse,
  ListHistoryRequest,
  ListHistoryResponse,
  ListLocksRequest,
  ListLocksResponse,
  ListSessionsRequest,
  ListSessionsResponse,
  MultiOpRequest,
  MultiOpResponse,
  OpenRequest,
  OpenResponse,
  PoisonRequest,
  PoisonResponse,
  ReadDirRequest,
  ReadDirResponse,
  ReattachRequest,
  ReattachResponse,
  ReleaseRequest,
  ReleaseResponse,
  RotateKeysRequest,
  RotateKeysResponse,
  SetAclRequest,
  SetAclResponse,
  SetContentsRequest,
  SetContentsResponse,
  SetSequencerRequest,
  SetSequencerResponse,
  TryAcquireRequest,
  GetMasterRequest,
  GetMasterResponse,
  GetStatusResponse,
} from './types.js';

/** The calls with one request and one answer: as the members of PipeCall's oneof are named, and the two of a session. */
export interface CallTypes {
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
  poison: { readonly request: PoisonRequest; readonly response: PoisonResponse };
  reattach: { readonly request: ReattachRequest; readonly response: ReattachResponse };
  setAcl: { readonly request: SetAclRequest; readonly response: SetAclResponse };
  multiOp: { readonly request: MultiOpRequest; readonly response: MultiOpResponse };
  acquireAll: { readonly request: AcquireAllRequest; readonly response: AcquireAllResponse };
  setSequencer: { readonly request: SetSequencerRequest; readonly response: SetSequencerResponse };
}

type Nothing = Readonly<Record<string, never>>;

/** The calls of service Admin that the master answers. */
export interface AdminCallTypes {
  listSessions: { readonly request: ListSessionsRequest; readonly response: ListSessionsResponse };
  endSession: { readonly request: EndSessionRequest; readonly response: EndSessionResponse };
  listLocks: { readonly request: ListLocksRequest; readonly response: ListLocksResponse };
  explain: { readonly request: ExplainRequest; readonly response: ExplainResponse };
  rotateKeys: { readonly request: RotateKeysRequest; readonly response: RotateKeysResponse };
}

/** The RPCs of services Chubby and Admin, streams left out: those calls, and what any replica answers of itself. */
export interface UnaryCalls extends CallTypes, AdminCallTypes {
  getMaster: { readonly request: GetMasterRequest; readonly response: GetMasterResponse };
  getStatus: { readonly request: Nothing; readonly response: GetStatusResponse };
  listHistory: { readonly request: ListHistoryRequest; readonly response: ListHistoryResponse };
}

// Original file: proto/chubby/v1/chubby.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AcquireAllRequestFields as _chubby_v1_AcquireAllRequestFields, AcquireAllRequest as _chubby_v1_AcquireAllRequest } from '../../chubby/v1/AcquireAllRequest.js';
import type { AcquireAllResponseFields as _chubby_v1_AcquireAllResponseFields, AcquireAllResponse as _chubby_v1_AcquireAllResponse } from '../../chubby/v1/AcquireAllResponse.js';
import type { AcquireRequestFields as _chubby_v1_AcquireRequestFields, AcquireRequest as _chubby_v1_AcquireRequest } from '../../chubby/v1/AcquireRequest.js';
import type { AcquireResponseFields as _chubby_v1_AcquireResponseFields, AcquireResponse as _chubby_v1_AcquireResponse } from '../../chubby/v1/AcquireResponse.js';
import type { CancelRequestFields as _chubby_v1_CancelRequestFields, CancelRequest as _chubby_v1_CancelRequest } from '../../chubby/v1/CancelRequest.js';
import type { CancelResponseFields as _chubby_v1_CancelResponseFields, CancelResponse as _chubby_v1_CancelResponse } from '../../chubby/v1/CancelResponse.js';
import type { CheckSequencerRequestFields as _chubby_v1_CheckSequencerRequestFields, CheckSequencerRequest as _chubby_v1_CheckSequencerRequest } from '../../chubby/v1/CheckSequencerRequest.js';
import type { CheckSequencerResponseFields as _chubby_v1_CheckSequencerResponseFields, CheckSequencerResponse as _chubby_v1_CheckSequencerResponse } from '../../chubby/v1/CheckSequencerResponse.js';
import type { CloseRequestFields as _chubby_v1_CloseRequestFields, CloseRequest as _chubby_v1_CloseRequest } from '../../chubby/v1/CloseRequest.js';
import type { CloseResponseFields as _chubby_v1_CloseResponseFields, CloseResponse as _chubby_v1_CloseResponse } from '../../chubby/v1/CloseResponse.js';
import type { CloseSessionRequestFields as _chubby_v1_CloseSessionRequestFields, CloseSessionRequest as _chubby_v1_CloseSessionRequest } from '../../chubby/v1/CloseSessionRequest.js';
import type { CloseSessionResponseFields as _chubby_v1_CloseSessionResponseFields, CloseSessionResponse as _chubby_v1_CloseSessionResponse } from '../../chubby/v1/CloseSessionResponse.js';
import type { CreateSessionRequestFields as _chubby_v1_CreateSessionRequestFields, CreateSessionRequest as _chubby_v1_CreateSessionRequest } from '../../chubby/v1/CreateSessionRequest.js';
import type { CreateSessionResponseFields as _chubby_v1_CreateSessionResponseFields, CreateSessionResponse as _chubby_v1_CreateSessionResponse } from '../../chubby/v1/CreateSessionResponse.js';
import type { DeleteRequestFields as _chubby_v1_DeleteRequestFields, DeleteRequest as _chubby_v1_DeleteRequest } from '../../chubby/v1/DeleteRequest.js';
import type { DeleteResponseFields as _chubby_v1_DeleteResponseFields, DeleteResponse as _chubby_v1_DeleteResponse } from '../../chubby/v1/DeleteResponse.js';
import type { GetContentsAndStatRequestFields as _chubby_v1_GetContentsAndStatRequestFields, GetContentsAndStatRequest as _chubby_v1_GetContentsAndStatRequest } from '../../chubby/v1/GetContentsAndStatRequest.js';
import type { GetContentsAndStatResponseFields as _chubby_v1_GetContentsAndStatResponseFields, GetContentsAndStatResponse as _chubby_v1_GetContentsAndStatResponse } from '../../chubby/v1/GetContentsAndStatResponse.js';
import type { GetMasterRequestFields as _chubby_v1_GetMasterRequestFields, GetMasterRequest as _chubby_v1_GetMasterRequest } from '../../chubby/v1/GetMasterRequest.js';
import type { GetMasterResponseFields as _chubby_v1_GetMasterResponseFields, GetMasterResponse as _chubby_v1_GetMasterResponse } from '../../chubby/v1/GetMasterResponse.js';
import type { GetSequencerRequestFields as _chubby_v1_GetSequencerRequestFields, GetSequencerRequest as _chubby_v1_GetSequencerRequest } from '../../chubby/v1/GetSequencerRequest.js';
import type { GetSequencerResponseFields as _chubby_v1_GetSequencerResponseFields, GetSequencerResponse as _chubby_v1_GetSequencerResponse } from '../../chubby/v1/GetSequencerResponse.js';
import type { GetStatRequestFields as _chubby_v1_GetStatRequestFields, GetStatRequest as _chubby_v1_GetStatRequest } from '../../chubby/v1/GetStatRequest.js';
import type { GetStatResponseFields as _chubby_v1_GetStatResponseFields, GetStatResponse as _chubby_v1_GetStatResponse } from '../../chubby/v1/GetStatResponse.js';
import type { KeepAliveRequestFields as _chubby_v1_KeepAliveRequestFields, KeepAliveRequest as _chubby_v1_KeepAliveRequest } from '../../chubby/v1/KeepAliveRequest.js';
import type { KeepAliveResponseFields as _chubby_v1_KeepAliveResponseFields, KeepAliveResponse as _chubby_v1_KeepAliveResponse } from '../../chubby/v1/KeepAliveResponse.js';
import type { MultiOpRequestFields as _chubby_v1_MultiOpRequestFields, MultiOpRequest as _chubby_v1_MultiOpRequest } from '../../chubby/v1/MultiOpRequest.js';
import type { MultiOpResponseFields as _chubby_v1_MultiOpResponseFields, MultiOpResponse as _chubby_v1_MultiOpResponse } from '../../chubby/v1/MultiOpResponse.js';
import type { OpenRequestFields as _chubby_v1_OpenRequestFields, OpenRequest as _chubby_v1_OpenRequest } from '../../chubby/v1/OpenRequest.js';
import type { OpenResponseFields as _chubby_v1_OpenResponseFields, OpenResponse as _chubby_v1_OpenResponse } from '../../chubby/v1/OpenResponse.js';
import type { PipeRequestFields as _chubby_v1_PipeRequestFields, PipeRequest as _chubby_v1_PipeRequest } from '../../chubby/v1/PipeRequest.js';
import type { PipeResponseFields as _chubby_v1_PipeResponseFields, PipeResponse as _chubby_v1_PipeResponse } from '../../chubby/v1/PipeResponse.js';
import type { PoisonRequestFields as _chubby_v1_PoisonRequestFields, PoisonRequest as _chubby_v1_PoisonRequest } from '../../chubby/v1/PoisonRequest.js';
import type { PoisonResponseFields as _chubby_v1_PoisonResponseFields, PoisonResponse as _chubby_v1_PoisonResponse } from '../../chubby/v1/PoisonResponse.js';
import type { ReadDirRequestFields as _chubby_v1_ReadDirRequestFields, ReadDirRequest as _chubby_v1_ReadDirRequest } from '../../chubby/v1/ReadDirRequest.js';
import type { ReadDirResponseFields as _chubby_v1_ReadDirResponseFields, ReadDirResponse as _chubby_v1_ReadDirResponse } from '../../chubby/v1/ReadDirResponse.js';
import type { ReattachRequestFields as _chubby_v1_ReattachRequestFields, ReattachRequest as _chubby_v1_ReattachRequest } from '../../chubby/v1/ReattachRequest.js';
import type { ReattachResponseFields as _chubby_v1_ReattachResponseFields, ReattachResponse as _chubby_v1_ReattachResponse } from '../../chubby/v1/ReattachResponse.js';
import type { ReleaseRequestFields as _chubby_v1_ReleaseRequestFields, ReleaseRequest as _chubby_v1_ReleaseRequest } from '../../chubby/v1/ReleaseRequest.js';
import type { ReleaseResponseFields as _chubby_v1_ReleaseResponseFields, ReleaseResponse as _chubby_v1_ReleaseResponse } from '../../chubby/v1/ReleaseResponse.js';
import type { SetAclRequestFields as _chubby_v1_SetAclRequestFields, SetAclRequest as _chubby_v1_SetAclRequest } from '../../chubby/v1/SetAclRequest.js';
import type { SetAclResponseFields as _chubby_v1_SetAclResponseFields, SetAclResponse as _chubby_v1_SetAclResponse } from '../../chubby/v1/SetAclResponse.js';
import type { SetContentsRequestFields as _chubby_v1_SetContentsRequestFields, SetContentsRequest as _chubby_v1_SetContentsRequest } from '../../chubby/v1/SetContentsRequest.js';
import type { SetContentsResponseFields as _chubby_v1_SetContentsResponseFields, SetContentsResponse as _chubby_v1_SetContentsResponse } from '../../chubby/v1/SetContentsResponse.js';
import type { SetSequencerRequestFields as _chubby_v1_SetSequencerRequestFields, SetSequencerRequest as _chubby_v1_SetSequencerRequest } from '../../chubby/v1/SetSequencerRequest.js';
import type { SetSequencerResponseFields as _chubby_v1_SetSequencerResponseFields, SetSequencerResponse as _chubby_v1_SetSequencerResponse } from '../../chubby/v1/SetSequencerResponse.js';
import type { TryAcquireRequestFields as _chubby_v1_TryAcquireRequestFields, TryAcquireRequest as _chubby_v1_TryAcquireRequest } from '../../chubby/v1/TryAcquireRequest.js';

export interface ChubbyClient extends grpc.Client {
  /**
   * Waits in a fair queue until the lock is granted, the time limit is over (an answer with `granted` false, not an
   * error), or the request is cancelled.
   */
  Acquire(argument: _chubby_v1_AcquireRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  Acquire(argument: _chubby_v1_AcquireRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  Acquire(argument: _chubby_v1_AcquireRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  Acquire(argument: _chubby_v1_AcquireRequestFields, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  /**
   * Waits in a fair queue until the lock is granted, the time limit is over (an answer with `granted` false, not an
   * error), or the request is cancelled.
   */
  acquire(argument: _chubby_v1_AcquireRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  acquire(argument: _chubby_v1_AcquireRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  acquire(argument: _chubby_v1_AcquireRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  acquire(argument: _chubby_v1_AcquireRequestFields, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  
  /**
   * Several locks, all or nothing; waits in the queue of each.
   */
  AcquireAll(argument: _chubby_v1_AcquireAllRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireAllResponse>): grpc.ClientUnaryCall;
  AcquireAll(argument: _chubby_v1_AcquireAllRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_AcquireAllResponse>): grpc.ClientUnaryCall;
  AcquireAll(argument: _chubby_v1_AcquireAllRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireAllResponse>): grpc.ClientUnaryCall;
  AcquireAll(argument: _chubby_v1_AcquireAllRequestFields, callback: grpc.requestCallback<_chubby_v1_AcquireAllResponse>): grpc.ClientUnaryCall;
  /**
   * Several locks, all or nothing; waits in the queue of each.
   */
  acquireAll(argument: _chubby_v1_AcquireAllRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireAllResponse>): grpc.ClientUnaryCall;
  acquireAll(argument: _chubby_v1_AcquireAllRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_AcquireAllResponse>): grpc.ClientUnaryCall;
  acquireAll(argument: _chubby_v1_AcquireAllRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireAllResponse>): grpc.ClientUnaryCall;
  acquireAll(argument: _chubby_v1_AcquireAllRequestFields, callback: grpc.requestCallback<_chubby_v1_AcquireAllResponse>): grpc.ClientUnaryCall;
  
  /**
   * Cancels a waiting Acquire of the same session by its request number. If its grant came first the lock is released
   * before the answer leaves.
   */
  Cancel(argument: _chubby_v1_CancelRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CancelResponse>): grpc.ClientUnaryCall;
  Cancel(argument: _chubby_v1_CancelRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_CancelResponse>): grpc.ClientUnaryCall;
  Cancel(argument: _chubby_v1_CancelRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CancelResponse>): grpc.ClientUnaryCall;
  Cancel(argument: _chubby_v1_CancelRequestFields, callback: grpc.requestCallback<_chubby_v1_CancelResponse>): grpc.ClientUnaryCall;
  /**
   * Cancels a waiting Acquire of the same session by its request number. If its grant came first the lock is released
   * before the answer leaves.
   */
  cancel(argument: _chubby_v1_CancelRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CancelResponse>): grpc.ClientUnaryCall;
  cancel(argument: _chubby_v1_CancelRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_CancelResponse>): grpc.ClientUnaryCall;
  cancel(argument: _chubby_v1_CancelRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CancelResponse>): grpc.ClientUnaryCall;
  cancel(argument: _chubby_v1_CancelRequestFields, callback: grpc.requestCallback<_chubby_v1_CancelResponse>): grpc.ClientUnaryCall;
  
  CheckSequencer(argument: _chubby_v1_CheckSequencerRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CheckSequencerResponse>): grpc.ClientUnaryCall;
  CheckSequencer(argument: _chubby_v1_CheckSequencerRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_CheckSequencerResponse>): grpc.ClientUnaryCall;
  CheckSequencer(argument: _chubby_v1_CheckSequencerRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CheckSequencerResponse>): grpc.ClientUnaryCall;
  CheckSequencer(argument: _chubby_v1_CheckSequencerRequestFields, callback: grpc.requestCallback<_chubby_v1_CheckSequencerResponse>): grpc.ClientUnaryCall;
  checkSequencer(argument: _chubby_v1_CheckSequencerRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CheckSequencerResponse>): grpc.ClientUnaryCall;
  checkSequencer(argument: _chubby_v1_CheckSequencerRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_CheckSequencerResponse>): grpc.ClientUnaryCall;
  checkSequencer(argument: _chubby_v1_CheckSequencerRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CheckSequencerResponse>): grpc.ClientUnaryCall;
  checkSequencer(argument: _chubby_v1_CheckSequencerRequestFields, callback: grpc.requestCallback<_chubby_v1_CheckSequencerResponse>): grpc.ClientUnaryCall;
  
  /**
   * Never fails for a handle that is unknown or closed already. Releases the handle's lock, removes its waiting calls,
   * and deletes an ephemeral node that the session made and has open no more.
   */
  Close(argument: _chubby_v1_CloseRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CloseResponse>): grpc.ClientUnaryCall;
  Close(argument: _chubby_v1_CloseRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_CloseResponse>): grpc.ClientUnaryCall;
  Close(argument: _chubby_v1_CloseRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CloseResponse>): grpc.ClientUnaryCall;
  Close(argument: _chubby_v1_CloseRequestFields, callback: grpc.requestCallback<_chubby_v1_CloseResponse>): grpc.ClientUnaryCall;
  
  /**
   * Ends the session: its handles, locks, waiting calls and ephemeral nodes go with it. Ending an unknown session is
   * not an error.
   */
  CloseSession(argument: _chubby_v1_CloseSessionRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CloseSessionResponse>): grpc.ClientUnaryCall;
  CloseSession(argument: _chubby_v1_CloseSessionRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_CloseSessionResponse>): grpc.ClientUnaryCall;
  CloseSession(argument: _chubby_v1_CloseSessionRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CloseSessionResponse>): grpc.ClientUnaryCall;
  CloseSession(argument: _chubby_v1_CloseSessionRequestFields, callback: grpc.requestCallback<_chubby_v1_CloseSessionResponse>): grpc.ClientUnaryCall;
  /**
   * Ends the session: its handles, locks, waiting calls and ephemeral nodes go with it. Ending an unknown session is
   * not an error.
   */
  closeSession(argument: _chubby_v1_CloseSessionRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CloseSessionResponse>): grpc.ClientUnaryCall;
  closeSession(argument: _chubby_v1_CloseSessionRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_CloseSessionResponse>): grpc.ClientUnaryCall;
  closeSession(argument: _chubby_v1_CloseSessionRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CloseSessionResponse>): grpc.ClientUnaryCall;
  closeSession(argument: _chubby_v1_CloseSessionRequestFields, callback: grpc.requestCallback<_chubby_v1_CloseSessionResponse>): grpc.ClientUnaryCall;
  
  CreateSession(argument: _chubby_v1_CreateSessionRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CreateSessionResponse>): grpc.ClientUnaryCall;
  CreateSession(argument: _chubby_v1_CreateSessionRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_CreateSessionResponse>): grpc.ClientUnaryCall;
  CreateSession(argument: _chubby_v1_CreateSessionRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CreateSessionResponse>): grpc.ClientUnaryCall;
  CreateSession(argument: _chubby_v1_CreateSessionRequestFields, callback: grpc.requestCallback<_chubby_v1_CreateSessionResponse>): grpc.ClientUnaryCall;
  createSession(argument: _chubby_v1_CreateSessionRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CreateSessionResponse>): grpc.ClientUnaryCall;
  createSession(argument: _chubby_v1_CreateSessionRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_CreateSessionResponse>): grpc.ClientUnaryCall;
  createSession(argument: _chubby_v1_CreateSessionRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_CreateSessionResponse>): grpc.ClientUnaryCall;
  createSession(argument: _chubby_v1_CreateSessionRequestFields, callback: grpc.requestCallback<_chubby_v1_CreateSessionResponse>): grpc.ClientUnaryCall;
  
  Delete(argument: _chubby_v1_DeleteRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_DeleteResponse>): grpc.ClientUnaryCall;
  Delete(argument: _chubby_v1_DeleteRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_DeleteResponse>): grpc.ClientUnaryCall;
  Delete(argument: _chubby_v1_DeleteRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_DeleteResponse>): grpc.ClientUnaryCall;
  Delete(argument: _chubby_v1_DeleteRequestFields, callback: grpc.requestCallback<_chubby_v1_DeleteResponse>): grpc.ClientUnaryCall;
  delete(argument: _chubby_v1_DeleteRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_DeleteResponse>): grpc.ClientUnaryCall;
  delete(argument: _chubby_v1_DeleteRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_DeleteResponse>): grpc.ClientUnaryCall;
  delete(argument: _chubby_v1_DeleteRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_DeleteResponse>): grpc.ClientUnaryCall;
  delete(argument: _chubby_v1_DeleteRequestFields, callback: grpc.requestCallback<_chubby_v1_DeleteResponse>): grpc.ClientUnaryCall;
  
  GetContentsAndStat(argument: _chubby_v1_GetContentsAndStatRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetContentsAndStatResponse>): grpc.ClientUnaryCall;
  GetContentsAndStat(argument: _chubby_v1_GetContentsAndStatRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetContentsAndStatResponse>): grpc.ClientUnaryCall;
  GetContentsAndStat(argument: _chubby_v1_GetContentsAndStatRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetContentsAndStatResponse>): grpc.ClientUnaryCall;
  GetContentsAndStat(argument: _chubby_v1_GetContentsAndStatRequestFields, callback: grpc.requestCallback<_chubby_v1_GetContentsAndStatResponse>): grpc.ClientUnaryCall;
  getContentsAndStat(argument: _chubby_v1_GetContentsAndStatRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetContentsAndStatResponse>): grpc.ClientUnaryCall;
  getContentsAndStat(argument: _chubby_v1_GetContentsAndStatRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetContentsAndStatResponse>): grpc.ClientUnaryCall;
  getContentsAndStat(argument: _chubby_v1_GetContentsAndStatRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetContentsAndStatResponse>): grpc.ClientUnaryCall;
  getContentsAndStat(argument: _chubby_v1_GetContentsAndStatRequestFields, callback: grpc.requestCallback<_chubby_v1_GetContentsAndStatResponse>): grpc.ClientUnaryCall;
  
  /**
   * Who is master, as far as this replica knows. Any replica answers.
   */
  GetMaster(argument: _chubby_v1_GetMasterRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetMasterResponse>): grpc.ClientUnaryCall;
  GetMaster(argument: _chubby_v1_GetMasterRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetMasterResponse>): grpc.ClientUnaryCall;
  GetMaster(argument: _chubby_v1_GetMasterRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetMasterResponse>): grpc.ClientUnaryCall;
  GetMaster(argument: _chubby_v1_GetMasterRequestFields, callback: grpc.requestCallback<_chubby_v1_GetMasterResponse>): grpc.ClientUnaryCall;
  /**
   * Who is master, as far as this replica knows. Any replica answers.
   */
  getMaster(argument: _chubby_v1_GetMasterRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetMasterResponse>): grpc.ClientUnaryCall;
  getMaster(argument: _chubby_v1_GetMasterRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetMasterResponse>): grpc.ClientUnaryCall;
  getMaster(argument: _chubby_v1_GetMasterRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetMasterResponse>): grpc.ClientUnaryCall;
  getMaster(argument: _chubby_v1_GetMasterRequestFields, callback: grpc.requestCallback<_chubby_v1_GetMasterResponse>): grpc.ClientUnaryCall;
  
  GetSequencer(argument: _chubby_v1_GetSequencerRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetSequencerResponse>): grpc.ClientUnaryCall;
  GetSequencer(argument: _chubby_v1_GetSequencerRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetSequencerResponse>): grpc.ClientUnaryCall;
  GetSequencer(argument: _chubby_v1_GetSequencerRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetSequencerResponse>): grpc.ClientUnaryCall;
  GetSequencer(argument: _chubby_v1_GetSequencerRequestFields, callback: grpc.requestCallback<_chubby_v1_GetSequencerResponse>): grpc.ClientUnaryCall;
  getSequencer(argument: _chubby_v1_GetSequencerRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetSequencerResponse>): grpc.ClientUnaryCall;
  getSequencer(argument: _chubby_v1_GetSequencerRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetSequencerResponse>): grpc.ClientUnaryCall;
  getSequencer(argument: _chubby_v1_GetSequencerRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetSequencerResponse>): grpc.ClientUnaryCall;
  getSequencer(argument: _chubby_v1_GetSequencerRequestFields, callback: grpc.requestCallback<_chubby_v1_GetSequencerResponse>): grpc.ClientUnaryCall;
  
  GetStat(argument: _chubby_v1_GetStatRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetStatResponse>): grpc.ClientUnaryCall;
  GetStat(argument: _chubby_v1_GetStatRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetStatResponse>): grpc.ClientUnaryCall;
  GetStat(argument: _chubby_v1_GetStatRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetStatResponse>): grpc.ClientUnaryCall;
  GetStat(argument: _chubby_v1_GetStatRequestFields, callback: grpc.requestCallback<_chubby_v1_GetStatResponse>): grpc.ClientUnaryCall;
  getStat(argument: _chubby_v1_GetStatRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetStatResponse>): grpc.ClientUnaryCall;
  getStat(argument: _chubby_v1_GetStatRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetStatResponse>): grpc.ClientUnaryCall;
  getStat(argument: _chubby_v1_GetStatRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetStatResponse>): grpc.ClientUnaryCall;
  getStat(argument: _chubby_v1_GetStatRequestFields, callback: grpc.requestCallback<_chubby_v1_GetStatResponse>): grpc.ClientUnaryCall;
  
  /**
   * Keeps sessions alive: each request is held until its lease is nearly over, then answered. Many sessions may share
   * one stream.
   */
  KeepAlive(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_v1_KeepAliveRequestFields, _chubby_v1_KeepAliveResponse>;
  KeepAlive(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_v1_KeepAliveRequestFields, _chubby_v1_KeepAliveResponse>;
  /**
   * Keeps sessions alive: each request is held until its lease is nearly over, then answered. Many sessions may share
   * one stream.
   */
  keepAlive(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_v1_KeepAliveRequestFields, _chubby_v1_KeepAliveResponse>;
  keepAlive(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_v1_KeepAliveRequestFields, _chubby_v1_KeepAliveResponse>;
  
  /**
   * Tests, then one of two lists of operations: all of them or none, under one revision.
   */
  MultiOp(argument: _chubby_v1_MultiOpRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_MultiOpResponse>): grpc.ClientUnaryCall;
  MultiOp(argument: _chubby_v1_MultiOpRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_MultiOpResponse>): grpc.ClientUnaryCall;
  MultiOp(argument: _chubby_v1_MultiOpRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_MultiOpResponse>): grpc.ClientUnaryCall;
  MultiOp(argument: _chubby_v1_MultiOpRequestFields, callback: grpc.requestCallback<_chubby_v1_MultiOpResponse>): grpc.ClientUnaryCall;
  /**
   * Tests, then one of two lists of operations: all of them or none, under one revision.
   */
  multiOp(argument: _chubby_v1_MultiOpRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_MultiOpResponse>): grpc.ClientUnaryCall;
  multiOp(argument: _chubby_v1_MultiOpRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_MultiOpResponse>): grpc.ClientUnaryCall;
  multiOp(argument: _chubby_v1_MultiOpRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_MultiOpResponse>): grpc.ClientUnaryCall;
  multiOp(argument: _chubby_v1_MultiOpRequestFields, callback: grpc.requestCallback<_chubby_v1_MultiOpResponse>): grpc.ClientUnaryCall;
  
  Open(argument: _chubby_v1_OpenRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_OpenResponse>): grpc.ClientUnaryCall;
  Open(argument: _chubby_v1_OpenRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_OpenResponse>): grpc.ClientUnaryCall;
  Open(argument: _chubby_v1_OpenRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_OpenResponse>): grpc.ClientUnaryCall;
  Open(argument: _chubby_v1_OpenRequestFields, callback: grpc.requestCallback<_chubby_v1_OpenResponse>): grpc.ClientUnaryCall;
  open(argument: _chubby_v1_OpenRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_OpenResponse>): grpc.ClientUnaryCall;
  open(argument: _chubby_v1_OpenRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_OpenResponse>): grpc.ClientUnaryCall;
  open(argument: _chubby_v1_OpenRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_OpenResponse>): grpc.ClientUnaryCall;
  open(argument: _chubby_v1_OpenRequestFields, callback: grpc.requestCallback<_chubby_v1_OpenResponse>): grpc.ClientUnaryCall;
  
  /**
   * Many of the requests above over one stream, answered out of order by number. The first message names the session.
   * When the stream breaks, what is open is unknown: ask again with the same numbers on a new one.
   */
  Pipe(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_v1_PipeRequestFields, _chubby_v1_PipeResponse>;
  Pipe(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_v1_PipeRequestFields, _chubby_v1_PipeResponse>;
  /**
   * Many of the requests above over one stream, answered out of order by number. The first message names the session.
   * When the stream breaks, what is open is unknown: ask again with the same numbers on a new one.
   */
  pipe(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_v1_PipeRequestFields, _chubby_v1_PipeResponse>;
  pipe(options?: grpc.CallOptions): grpc.ClientDuplexStream<_chubby_v1_PipeRequestFields, _chubby_v1_PipeResponse>;
  
  /**
   * Ends every use of the handle without closing it: what waits through it, and each later call on it, is refused as
   * HANDLE_POISONED; only Close is left. Another master does not know of it: poison the handle there again.
   */
  Poison(argument: _chubby_v1_PoisonRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_PoisonResponse>): grpc.ClientUnaryCall;
  Poison(argument: _chubby_v1_PoisonRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_PoisonResponse>): grpc.ClientUnaryCall;
  Poison(argument: _chubby_v1_PoisonRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_PoisonResponse>): grpc.ClientUnaryCall;
  Poison(argument: _chubby_v1_PoisonRequestFields, callback: grpc.requestCallback<_chubby_v1_PoisonResponse>): grpc.ClientUnaryCall;
  /**
   * Ends every use of the handle without closing it: what waits through it, and each later call on it, is refused as
   * HANDLE_POISONED; only Close is left. Another master does not know of it: poison the handle there again.
   */
  poison(argument: _chubby_v1_PoisonRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_PoisonResponse>): grpc.ClientUnaryCall;
  poison(argument: _chubby_v1_PoisonRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_PoisonResponse>): grpc.ClientUnaryCall;
  poison(argument: _chubby_v1_PoisonRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_PoisonResponse>): grpc.ClientUnaryCall;
  poison(argument: _chubby_v1_PoisonRequestFields, callback: grpc.requestCallback<_chubby_v1_PoisonResponse>): grpc.ClientUnaryCall;
  
  ReadDir(argument: _chubby_v1_ReadDirRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReadDirResponse>): grpc.ClientUnaryCall;
  ReadDir(argument: _chubby_v1_ReadDirRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ReadDirResponse>): grpc.ClientUnaryCall;
  ReadDir(argument: _chubby_v1_ReadDirRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReadDirResponse>): grpc.ClientUnaryCall;
  ReadDir(argument: _chubby_v1_ReadDirRequestFields, callback: grpc.requestCallback<_chubby_v1_ReadDirResponse>): grpc.ClientUnaryCall;
  readDir(argument: _chubby_v1_ReadDirRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReadDirResponse>): grpc.ClientUnaryCall;
  readDir(argument: _chubby_v1_ReadDirRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ReadDirResponse>): grpc.ClientUnaryCall;
  readDir(argument: _chubby_v1_ReadDirRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReadDirResponse>): grpc.ClientUnaryCall;
  readDir(argument: _chubby_v1_ReadDirRequestFields, callback: grpc.requestCallback<_chubby_v1_ReadDirResponse>): grpc.ClientUnaryCall;
  
  /**
   * After a change of master: what the session has open and caches, in one call or several. The handles' subscriptions
   * go on, with one event for each node that changed since, and what is cached is kept where it is still true.
   */
  Reattach(argument: _chubby_v1_ReattachRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReattachResponse>): grpc.ClientUnaryCall;
  Reattach(argument: _chubby_v1_ReattachRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ReattachResponse>): grpc.ClientUnaryCall;
  Reattach(argument: _chubby_v1_ReattachRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReattachResponse>): grpc.ClientUnaryCall;
  Reattach(argument: _chubby_v1_ReattachRequestFields, callback: grpc.requestCallback<_chubby_v1_ReattachResponse>): grpc.ClientUnaryCall;
  /**
   * After a change of master: what the session has open and caches, in one call or several. The handles' subscriptions
   * go on, with one event for each node that changed since, and what is cached is kept where it is still true.
   */
  reattach(argument: _chubby_v1_ReattachRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReattachResponse>): grpc.ClientUnaryCall;
  reattach(argument: _chubby_v1_ReattachRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ReattachResponse>): grpc.ClientUnaryCall;
  reattach(argument: _chubby_v1_ReattachRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReattachResponse>): grpc.ClientUnaryCall;
  reattach(argument: _chubby_v1_ReattachRequestFields, callback: grpc.requestCallback<_chubby_v1_ReattachResponse>): grpc.ClientUnaryCall;
  
  Release(argument: _chubby_v1_ReleaseRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReleaseResponse>): grpc.ClientUnaryCall;
  Release(argument: _chubby_v1_ReleaseRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ReleaseResponse>): grpc.ClientUnaryCall;
  Release(argument: _chubby_v1_ReleaseRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReleaseResponse>): grpc.ClientUnaryCall;
  Release(argument: _chubby_v1_ReleaseRequestFields, callback: grpc.requestCallback<_chubby_v1_ReleaseResponse>): grpc.ClientUnaryCall;
  release(argument: _chubby_v1_ReleaseRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReleaseResponse>): grpc.ClientUnaryCall;
  release(argument: _chubby_v1_ReleaseRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ReleaseResponse>): grpc.ClientUnaryCall;
  release(argument: _chubby_v1_ReleaseRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ReleaseResponse>): grpc.ClientUnaryCall;
  release(argument: _chubby_v1_ReleaseRequestFields, callback: grpc.requestCallback<_chubby_v1_ReleaseResponse>): grpc.ClientUnaryCall;
  
  /**
   * Replaces the names of a node's access lists.
   */
  SetAcl(argument: _chubby_v1_SetAclRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetAclResponse>): grpc.ClientUnaryCall;
  SetAcl(argument: _chubby_v1_SetAclRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_SetAclResponse>): grpc.ClientUnaryCall;
  SetAcl(argument: _chubby_v1_SetAclRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetAclResponse>): grpc.ClientUnaryCall;
  SetAcl(argument: _chubby_v1_SetAclRequestFields, callback: grpc.requestCallback<_chubby_v1_SetAclResponse>): grpc.ClientUnaryCall;
  /**
   * Replaces the names of a node's access lists.
   */
  setAcl(argument: _chubby_v1_SetAclRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetAclResponse>): grpc.ClientUnaryCall;
  setAcl(argument: _chubby_v1_SetAclRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_SetAclResponse>): grpc.ClientUnaryCall;
  setAcl(argument: _chubby_v1_SetAclRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetAclResponse>): grpc.ClientUnaryCall;
  setAcl(argument: _chubby_v1_SetAclRequestFields, callback: grpc.requestCallback<_chubby_v1_SetAclResponse>): grpc.ClientUnaryCall;
  
  SetContents(argument: _chubby_v1_SetContentsRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetContentsResponse>): grpc.ClientUnaryCall;
  SetContents(argument: _chubby_v1_SetContentsRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_SetContentsResponse>): grpc.ClientUnaryCall;
  SetContents(argument: _chubby_v1_SetContentsRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetContentsResponse>): grpc.ClientUnaryCall;
  SetContents(argument: _chubby_v1_SetContentsRequestFields, callback: grpc.requestCallback<_chubby_v1_SetContentsResponse>): grpc.ClientUnaryCall;
  setContents(argument: _chubby_v1_SetContentsRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetContentsResponse>): grpc.ClientUnaryCall;
  setContents(argument: _chubby_v1_SetContentsRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_SetContentsResponse>): grpc.ClientUnaryCall;
  setContents(argument: _chubby_v1_SetContentsRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetContentsResponse>): grpc.ClientUnaryCall;
  setContents(argument: _chubby_v1_SetContentsRequestFields, callback: grpc.requestCallback<_chubby_v1_SetContentsResponse>): grpc.ClientUnaryCall;
  
  /**
   * A new handle on the same node, of which every use is refused as STALE_SEQUENCER once the sequencer is no longer
   * valid, under this master and each later one. It wants no events, and rests on what the given one rests on, too.
   */
  SetSequencer(argument: _chubby_v1_SetSequencerRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetSequencerResponse>): grpc.ClientUnaryCall;
  SetSequencer(argument: _chubby_v1_SetSequencerRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_SetSequencerResponse>): grpc.ClientUnaryCall;
  SetSequencer(argument: _chubby_v1_SetSequencerRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetSequencerResponse>): grpc.ClientUnaryCall;
  SetSequencer(argument: _chubby_v1_SetSequencerRequestFields, callback: grpc.requestCallback<_chubby_v1_SetSequencerResponse>): grpc.ClientUnaryCall;
  /**
   * A new handle on the same node, of which every use is refused as STALE_SEQUENCER once the sequencer is no longer
   * valid, under this master and each later one. It wants no events, and rests on what the given one rests on, too.
   */
  setSequencer(argument: _chubby_v1_SetSequencerRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetSequencerResponse>): grpc.ClientUnaryCall;
  setSequencer(argument: _chubby_v1_SetSequencerRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_SetSequencerResponse>): grpc.ClientUnaryCall;
  setSequencer(argument: _chubby_v1_SetSequencerRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_SetSequencerResponse>): grpc.ClientUnaryCall;
  setSequencer(argument: _chubby_v1_SetSequencerRequestFields, callback: grpc.requestCallback<_chubby_v1_SetSequencerResponse>): grpc.ClientUnaryCall;
  
  /**
   * As Acquire, but answers at once.
   */
  TryAcquire(argument: _chubby_v1_TryAcquireRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  TryAcquire(argument: _chubby_v1_TryAcquireRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  TryAcquire(argument: _chubby_v1_TryAcquireRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  TryAcquire(argument: _chubby_v1_TryAcquireRequestFields, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  /**
   * As Acquire, but answers at once.
   */
  tryAcquire(argument: _chubby_v1_TryAcquireRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  tryAcquire(argument: _chubby_v1_TryAcquireRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  tryAcquire(argument: _chubby_v1_TryAcquireRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  tryAcquire(argument: _chubby_v1_TryAcquireRequestFields, callback: grpc.requestCallback<_chubby_v1_AcquireResponse>): grpc.ClientUnaryCall;
  
}

export interface ChubbyHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Waits in a fair queue until the lock is granted, the time limit is over (an answer with `granted` false, not an
   * error), or the request is cancelled.
   */
  Acquire: grpc.handleUnaryCall<_chubby_v1_AcquireRequest, _chubby_v1_AcquireResponseFields>;
  
  /**
   * Several locks, all or nothing; waits in the queue of each.
   */
  AcquireAll: grpc.handleUnaryCall<_chubby_v1_AcquireAllRequest, _chubby_v1_AcquireAllResponseFields>;
  
  /**
   * Cancels a waiting Acquire of the same session by its request number. If its grant came first the lock is released
   * before the answer leaves.
   */
  Cancel: grpc.handleUnaryCall<_chubby_v1_CancelRequest, _chubby_v1_CancelResponseFields>;
  
  CheckSequencer: grpc.handleUnaryCall<_chubby_v1_CheckSequencerRequest, _chubby_v1_CheckSequencerResponseFields>;
  
  /**
   * Never fails for a handle that is unknown or closed already. Releases the handle's lock, removes its waiting calls,
   * and deletes an ephemeral node that the session made and has open no more.
   */
  Close: grpc.handleUnaryCall<_chubby_v1_CloseRequest, _chubby_v1_CloseResponseFields>;
  
  /**
   * Ends the session: its handles, locks, waiting calls and ephemeral nodes go with it. Ending an unknown session is
   * not an error.
   */
  CloseSession: grpc.handleUnaryCall<_chubby_v1_CloseSessionRequest, _chubby_v1_CloseSessionResponseFields>;
  
  CreateSession: grpc.handleUnaryCall<_chubby_v1_CreateSessionRequest, _chubby_v1_CreateSessionResponseFields>;
  
  Delete: grpc.handleUnaryCall<_chubby_v1_DeleteRequest, _chubby_v1_DeleteResponseFields>;
  
  GetContentsAndStat: grpc.handleUnaryCall<_chubby_v1_GetContentsAndStatRequest, _chubby_v1_GetContentsAndStatResponseFields>;
  
  /**
   * Who is master, as far as this replica knows. Any replica answers.
   */
  GetMaster: grpc.handleUnaryCall<_chubby_v1_GetMasterRequest, _chubby_v1_GetMasterResponseFields>;
  
  GetSequencer: grpc.handleUnaryCall<_chubby_v1_GetSequencerRequest, _chubby_v1_GetSequencerResponseFields>;
  
  GetStat: grpc.handleUnaryCall<_chubby_v1_GetStatRequest, _chubby_v1_GetStatResponseFields>;
  
  /**
   * Keeps sessions alive: each request is held until its lease is nearly over, then answered. Many sessions may share
   * one stream.
   */
  KeepAlive: grpc.handleBidiStreamingCall<_chubby_v1_KeepAliveRequest, _chubby_v1_KeepAliveResponseFields>;
  
  /**
   * Tests, then one of two lists of operations: all of them or none, under one revision.
   */
  MultiOp: grpc.handleUnaryCall<_chubby_v1_MultiOpRequest, _chubby_v1_MultiOpResponseFields>;
  
  Open: grpc.handleUnaryCall<_chubby_v1_OpenRequest, _chubby_v1_OpenResponseFields>;
  
  /**
   * Many of the requests above over one stream, answered out of order by number. The first message names the session.
   * When the stream breaks, what is open is unknown: ask again with the same numbers on a new one.
   */
  Pipe: grpc.handleBidiStreamingCall<_chubby_v1_PipeRequest, _chubby_v1_PipeResponseFields>;
  
  /**
   * Ends every use of the handle without closing it: what waits through it, and each later call on it, is refused as
   * HANDLE_POISONED; only Close is left. Another master does not know of it: poison the handle there again.
   */
  Poison: grpc.handleUnaryCall<_chubby_v1_PoisonRequest, _chubby_v1_PoisonResponseFields>;
  
  ReadDir: grpc.handleUnaryCall<_chubby_v1_ReadDirRequest, _chubby_v1_ReadDirResponseFields>;
  
  /**
   * After a change of master: what the session has open and caches, in one call or several. The handles' subscriptions
   * go on, with one event for each node that changed since, and what is cached is kept where it is still true.
   */
  Reattach: grpc.handleUnaryCall<_chubby_v1_ReattachRequest, _chubby_v1_ReattachResponseFields>;
  
  Release: grpc.handleUnaryCall<_chubby_v1_ReleaseRequest, _chubby_v1_ReleaseResponseFields>;
  
  /**
   * Replaces the names of a node's access lists.
   */
  SetAcl: grpc.handleUnaryCall<_chubby_v1_SetAclRequest, _chubby_v1_SetAclResponseFields>;
  
  SetContents: grpc.handleUnaryCall<_chubby_v1_SetContentsRequest, _chubby_v1_SetContentsResponseFields>;
  
  /**
   * A new handle on the same node, of which every use is refused as STALE_SEQUENCER once the sequencer is no longer
   * valid, under this master and each later one. It wants no events, and rests on what the given one rests on, too.
   */
  SetSequencer: grpc.handleUnaryCall<_chubby_v1_SetSequencerRequest, _chubby_v1_SetSequencerResponseFields>;
  
  /**
   * As Acquire, but answers at once.
   */
  TryAcquire: grpc.handleUnaryCall<_chubby_v1_TryAcquireRequest, _chubby_v1_AcquireResponseFields>;
  
}

export interface ChubbyDefinition extends grpc.ServiceDefinition {
  Acquire: MethodDefinition<_chubby_v1_AcquireRequestFields, _chubby_v1_AcquireResponseFields, _chubby_v1_AcquireRequest, _chubby_v1_AcquireResponse>
  AcquireAll: MethodDefinition<_chubby_v1_AcquireAllRequestFields, _chubby_v1_AcquireAllResponseFields, _chubby_v1_AcquireAllRequest, _chubby_v1_AcquireAllResponse>
  Cancel: MethodDefinition<_chubby_v1_CancelRequestFields, _chubby_v1_CancelResponseFields, _chubby_v1_CancelRequest, _chubby_v1_CancelResponse>
  CheckSequencer: MethodDefinition<_chubby_v1_CheckSequencerRequestFields, _chubby_v1_CheckSequencerResponseFields, _chubby_v1_CheckSequencerRequest, _chubby_v1_CheckSequencerResponse>
  Close: MethodDefinition<_chubby_v1_CloseRequestFields, _chubby_v1_CloseResponseFields, _chubby_v1_CloseRequest, _chubby_v1_CloseResponse>
  CloseSession: MethodDefinition<_chubby_v1_CloseSessionRequestFields, _chubby_v1_CloseSessionResponseFields, _chubby_v1_CloseSessionRequest, _chubby_v1_CloseSessionResponse>
  CreateSession: MethodDefinition<_chubby_v1_CreateSessionRequestFields, _chubby_v1_CreateSessionResponseFields, _chubby_v1_CreateSessionRequest, _chubby_v1_CreateSessionResponse>
  Delete: MethodDefinition<_chubby_v1_DeleteRequestFields, _chubby_v1_DeleteResponseFields, _chubby_v1_DeleteRequest, _chubby_v1_DeleteResponse>
  GetContentsAndStat: MethodDefinition<_chubby_v1_GetContentsAndStatRequestFields, _chubby_v1_GetContentsAndStatResponseFields, _chubby_v1_GetContentsAndStatRequest, _chubby_v1_GetContentsAndStatResponse>
  GetMaster: MethodDefinition<_chubby_v1_GetMasterRequestFields, _chubby_v1_GetMasterResponseFields, _chubby_v1_GetMasterRequest, _chubby_v1_GetMasterResponse>
  GetSequencer: MethodDefinition<_chubby_v1_GetSequencerRequestFields, _chubby_v1_GetSequencerResponseFields, _chubby_v1_GetSequencerRequest, _chubby_v1_GetSequencerResponse>
  GetStat: MethodDefinition<_chubby_v1_GetStatRequestFields, _chubby_v1_GetStatResponseFields, _chubby_v1_GetStatRequest, _chubby_v1_GetStatResponse>
  KeepAlive: MethodDefinition<_chubby_v1_KeepAliveRequestFields, _chubby_v1_KeepAliveResponseFields, _chubby_v1_KeepAliveRequest, _chubby_v1_KeepAliveResponse>
  MultiOp: MethodDefinition<_chubby_v1_MultiOpRequestFields, _chubby_v1_MultiOpResponseFields, _chubby_v1_MultiOpRequest, _chubby_v1_MultiOpResponse>
  Open: MethodDefinition<_chubby_v1_OpenRequestFields, _chubby_v1_OpenResponseFields, _chubby_v1_OpenRequest, _chubby_v1_OpenResponse>
  Pipe: MethodDefinition<_chubby_v1_PipeRequestFields, _chubby_v1_PipeResponseFields, _chubby_v1_PipeRequest, _chubby_v1_PipeResponse>
  Poison: MethodDefinition<_chubby_v1_PoisonRequestFields, _chubby_v1_PoisonResponseFields, _chubby_v1_PoisonRequest, _chubby_v1_PoisonResponse>
  ReadDir: MethodDefinition<_chubby_v1_ReadDirRequestFields, _chubby_v1_ReadDirResponseFields, _chubby_v1_ReadDirRequest, _chubby_v1_ReadDirResponse>
  Reattach: MethodDefinition<_chubby_v1_ReattachRequestFields, _chubby_v1_ReattachResponseFields, _chubby_v1_ReattachRequest, _chubby_v1_ReattachResponse>
  Release: MethodDefinition<_chubby_v1_ReleaseRequestFields, _chubby_v1_ReleaseResponseFields, _chubby_v1_ReleaseRequest, _chubby_v1_ReleaseResponse>
  SetAcl: MethodDefinition<_chubby_v1_SetAclRequestFields, _chubby_v1_SetAclResponseFields, _chubby_v1_SetAclRequest, _chubby_v1_SetAclResponse>
  SetContents: MethodDefinition<_chubby_v1_SetContentsRequestFields, _chubby_v1_SetContentsResponseFields, _chubby_v1_SetContentsRequest, _chubby_v1_SetContentsResponse>
  SetSequencer: MethodDefinition<_chubby_v1_SetSequencerRequestFields, _chubby_v1_SetSequencerResponseFields, _chubby_v1_SetSequencerRequest, _chubby_v1_SetSequencerResponse>
  TryAcquire: MethodDefinition<_chubby_v1_TryAcquireRequestFields, _chubby_v1_AcquireResponseFields, _chubby_v1_TryAcquireRequest, _chubby_v1_AcquireResponse>
}

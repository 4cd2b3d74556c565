// Original file: proto/chubby/v1/chubby.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { BackupRequestFields as _chubby_v1_BackupRequestFields, BackupRequest as _chubby_v1_BackupRequest } from '../../chubby/v1/BackupRequest.js';
import type { BackupResponseFields as _chubby_v1_BackupResponseFields, BackupResponse as _chubby_v1_BackupResponse } from '../../chubby/v1/BackupResponse.js';
import type { EndSessionRequestFields as _chubby_v1_EndSessionRequestFields, EndSessionRequest as _chubby_v1_EndSessionRequest } from '../../chubby/v1/EndSessionRequest.js';
import type { EndSessionResponseFields as _chubby_v1_EndSessionResponseFields, EndSessionResponse as _chubby_v1_EndSessionResponse } from '../../chubby/v1/EndSessionResponse.js';
import type { ExplainRequestFields as _chubby_v1_ExplainRequestFields, ExplainRequest as _chubby_v1_ExplainRequest } from '../../chubby/v1/ExplainRequest.js';
import type { ExplainResponseFields as _chubby_v1_ExplainResponseFields, ExplainResponse as _chubby_v1_ExplainResponse } from '../../chubby/v1/ExplainResponse.js';
import type { GetStatusRequestFields as _chubby_v1_GetStatusRequestFields, GetStatusRequest as _chubby_v1_GetStatusRequest } from '../../chubby/v1/GetStatusRequest.js';
import type { GetStatusResponseFields as _chubby_v1_GetStatusResponseFields, GetStatusResponse as _chubby_v1_GetStatusResponse } from '../../chubby/v1/GetStatusResponse.js';
import type { ListHistoryRequestFields as _chubby_v1_ListHistoryRequestFields, ListHistoryRequest as _chubby_v1_ListHistoryRequest } from '../../chubby/v1/ListHistoryRequest.js';
import type { ListHistoryResponseFields as _chubby_v1_ListHistoryResponseFields, ListHistoryResponse as _chubby_v1_ListHistoryResponse } from '../../chubby/v1/ListHistoryResponse.js';
import type { ListLocksRequestFields as _chubby_v1_ListLocksRequestFields, ListLocksRequest as _chubby_v1_ListLocksRequest } from '../../chubby/v1/ListLocksRequest.js';
import type { ListLocksResponseFields as _chubby_v1_ListLocksResponseFields, ListLocksResponse as _chubby_v1_ListLocksResponse } from '../../chubby/v1/ListLocksResponse.js';
import type { ListSessionsRequestFields as _chubby_v1_ListSessionsRequestFields, ListSessionsRequest as _chubby_v1_ListSessionsRequest } from '../../chubby/v1/ListSessionsRequest.js';
import type { ListSessionsResponseFields as _chubby_v1_ListSessionsResponseFields, ListSessionsResponse as _chubby_v1_ListSessionsResponse } from '../../chubby/v1/ListSessionsResponse.js';
import type { RotateKeysRequestFields as _chubby_v1_RotateKeysRequestFields, RotateKeysRequest as _chubby_v1_RotateKeysRequest } from '../../chubby/v1/RotateKeysRequest.js';
import type { RotateKeysResponseFields as _chubby_v1_RotateKeysResponseFields, RotateKeysResponse as _chubby_v1_RotateKeysResponse } from '../../chubby/v1/RotateKeysResponse.js';

export interface AdminClient extends grpc.Client {
  /**
   * The master's state as it is now, without secrets and sessions, as fast as it is read: the bytes of a snapshot file.
   */
  Backup(argument: _chubby_v1_BackupRequestFields, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_chubby_v1_BackupResponse>;
  Backup(argument: _chubby_v1_BackupRequestFields, options?: grpc.CallOptions): grpc.ClientReadableStream<_chubby_v1_BackupResponse>;
  /**
   * The master's state as it is now, without secrets and sessions, as fast as it is read: the bytes of a snapshot file.
   */
  backup(argument: _chubby_v1_BackupRequestFields, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_chubby_v1_BackupResponse>;
  backup(argument: _chubby_v1_BackupRequestFields, options?: grpc.CallOptions): grpc.ClientReadableStream<_chubby_v1_BackupResponse>;
  
  /**
   * Ends a session as if its lease had run out: its locks are held back for their lock-delay.
   */
  EndSession(argument: _chubby_v1_EndSessionRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_EndSessionResponse>): grpc.ClientUnaryCall;
  EndSession(argument: _chubby_v1_EndSessionRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_EndSessionResponse>): grpc.ClientUnaryCall;
  EndSession(argument: _chubby_v1_EndSessionRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_EndSessionResponse>): grpc.ClientUnaryCall;
  EndSession(argument: _chubby_v1_EndSessionRequestFields, callback: grpc.requestCallback<_chubby_v1_EndSessionResponse>): grpc.ClientUnaryCall;
  /**
   * Ends a session as if its lease had run out: its locks are held back for their lock-delay.
   */
  endSession(argument: _chubby_v1_EndSessionRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_EndSessionResponse>): grpc.ClientUnaryCall;
  endSession(argument: _chubby_v1_EndSessionRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_EndSessionResponse>): grpc.ClientUnaryCall;
  endSession(argument: _chubby_v1_EndSessionRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_EndSessionResponse>): grpc.ClientUnaryCall;
  endSession(argument: _chubby_v1_EndSessionRequestFields, callback: grpc.requestCallback<_chubby_v1_EndSessionResponse>): grpc.ClientUnaryCall;
  
  /**
   * Who holds a node's lock, since when and from where; who waits for it; what it waits for itself.
   */
  Explain(argument: _chubby_v1_ExplainRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ExplainResponse>): grpc.ClientUnaryCall;
  Explain(argument: _chubby_v1_ExplainRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ExplainResponse>): grpc.ClientUnaryCall;
  Explain(argument: _chubby_v1_ExplainRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ExplainResponse>): grpc.ClientUnaryCall;
  Explain(argument: _chubby_v1_ExplainRequestFields, callback: grpc.requestCallback<_chubby_v1_ExplainResponse>): grpc.ClientUnaryCall;
  /**
   * Who holds a node's lock, since when and from where; who waits for it; what it waits for itself.
   */
  explain(argument: _chubby_v1_ExplainRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ExplainResponse>): grpc.ClientUnaryCall;
  explain(argument: _chubby_v1_ExplainRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ExplainResponse>): grpc.ClientUnaryCall;
  explain(argument: _chubby_v1_ExplainRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ExplainResponse>): grpc.ClientUnaryCall;
  explain(argument: _chubby_v1_ExplainRequestFields, callback: grpc.requestCallback<_chubby_v1_ExplainResponse>): grpc.ClientUnaryCall;
  
  /**
   * What this replica says of itself, also without a master or a quorum.
   */
  GetStatus(argument: _chubby_v1_GetStatusRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _chubby_v1_GetStatusRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _chubby_v1_GetStatusRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _chubby_v1_GetStatusRequestFields, callback: grpc.requestCallback<_chubby_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  /**
   * What this replica says of itself, also without a master or a quorum.
   */
  getStatus(argument: _chubby_v1_GetStatusRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _chubby_v1_GetStatusRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _chubby_v1_GetStatusRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _chubby_v1_GetStatusRequestFields, callback: grpc.requestCallback<_chubby_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  
  /**
   * What befell this replica, its reigns above all; any replica answers. At most the newest 1,000.
   */
  ListHistory(argument: _chubby_v1_ListHistoryRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  ListHistory(argument: _chubby_v1_ListHistoryRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  ListHistory(argument: _chubby_v1_ListHistoryRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  ListHistory(argument: _chubby_v1_ListHistoryRequestFields, callback: grpc.requestCallback<_chubby_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  /**
   * What befell this replica, its reigns above all; any replica answers. At most the newest 1,000.
   */
  listHistory(argument: _chubby_v1_ListHistoryRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  listHistory(argument: _chubby_v1_ListHistoryRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  listHistory(argument: _chubby_v1_ListHistoryRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  listHistory(argument: _chubby_v1_ListHistoryRequestFields, callback: grpc.requestCallback<_chubby_v1_ListHistoryResponse>): grpc.ClientUnaryCall;
  
  /**
   * Locks that are held, held back, or waited for.
   */
  ListLocks(argument: _chubby_v1_ListLocksRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListLocksResponse>): grpc.ClientUnaryCall;
  ListLocks(argument: _chubby_v1_ListLocksRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ListLocksResponse>): grpc.ClientUnaryCall;
  ListLocks(argument: _chubby_v1_ListLocksRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListLocksResponse>): grpc.ClientUnaryCall;
  ListLocks(argument: _chubby_v1_ListLocksRequestFields, callback: grpc.requestCallback<_chubby_v1_ListLocksResponse>): grpc.ClientUnaryCall;
  /**
   * Locks that are held, held back, or waited for.
   */
  listLocks(argument: _chubby_v1_ListLocksRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListLocksResponse>): grpc.ClientUnaryCall;
  listLocks(argument: _chubby_v1_ListLocksRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ListLocksResponse>): grpc.ClientUnaryCall;
  listLocks(argument: _chubby_v1_ListLocksRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListLocksResponse>): grpc.ClientUnaryCall;
  listLocks(argument: _chubby_v1_ListLocksRequestFields, callback: grpc.requestCallback<_chubby_v1_ListLocksResponse>): grpc.ClientUnaryCall;
  
  ListSessions(argument: _chubby_v1_ListSessionsRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  ListSessions(argument: _chubby_v1_ListSessionsRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  ListSessions(argument: _chubby_v1_ListSessionsRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  ListSessions(argument: _chubby_v1_ListSessionsRequestFields, callback: grpc.requestCallback<_chubby_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  listSessions(argument: _chubby_v1_ListSessionsRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  listSessions(argument: _chubby_v1_ListSessionsRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  listSessions(argument: _chubby_v1_ListSessionsRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  listSessions(argument: _chubby_v1_ListSessionsRequestFields, callback: grpc.requestCallback<_chubby_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  
  /**
   * Draws a new key to sign sequencers with. The former one verifies for a while.
   */
  RotateKeys(argument: _chubby_v1_RotateKeysRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_RotateKeysResponse>): grpc.ClientUnaryCall;
  RotateKeys(argument: _chubby_v1_RotateKeysRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_RotateKeysResponse>): grpc.ClientUnaryCall;
  RotateKeys(argument: _chubby_v1_RotateKeysRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_RotateKeysResponse>): grpc.ClientUnaryCall;
  RotateKeys(argument: _chubby_v1_RotateKeysRequestFields, callback: grpc.requestCallback<_chubby_v1_RotateKeysResponse>): grpc.ClientUnaryCall;
  /**
   * Draws a new key to sign sequencers with. The former one verifies for a while.
   */
  rotateKeys(argument: _chubby_v1_RotateKeysRequestFields, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_RotateKeysResponse>): grpc.ClientUnaryCall;
  rotateKeys(argument: _chubby_v1_RotateKeysRequestFields, metadata: grpc.Metadata, callback: grpc.requestCallback<_chubby_v1_RotateKeysResponse>): grpc.ClientUnaryCall;
  rotateKeys(argument: _chubby_v1_RotateKeysRequestFields, options: grpc.CallOptions, callback: grpc.requestCallback<_chubby_v1_RotateKeysResponse>): grpc.ClientUnaryCall;
  rotateKeys(argument: _chubby_v1_RotateKeysRequestFields, callback: grpc.requestCallback<_chubby_v1_RotateKeysResponse>): grpc.ClientUnaryCall;
  
}

export interface AdminHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The master's state as it is now, without secrets and sessions, as fast as it is read: the bytes of a snapshot file.
   */
  Backup: grpc.handleServerStreamingCall<_chubby_v1_BackupRequest, _chubby_v1_BackupResponseFields>;
  
  /**
   * Ends a session as if its lease had run out: its locks are held back for their lock-delay.
   */
  EndSession: grpc.handleUnaryCall<_chubby_v1_EndSessionRequest, _chubby_v1_EndSessionResponseFields>;
  
  /**
   * Who holds a node's lock, since when and from where; who waits for it; what it waits for itself.
   */
  Explain: grpc.handleUnaryCall<_chubby_v1_ExplainRequest, _chubby_v1_ExplainResponseFields>;
  
  /**
   * What this replica says of itself, also without a master or a quorum.
   */
  GetStatus: grpc.handleUnaryCall<_chubby_v1_GetStatusRequest, _chubby_v1_GetStatusResponseFields>;
  
  /**
   * What befell this replica, its reigns above all; any replica answers. At most the newest 1,000.
   */
  ListHistory: grpc.handleUnaryCall<_chubby_v1_ListHistoryRequest, _chubby_v1_ListHistoryResponseFields>;
  
  /**
   * Locks that are held, held back, or waited for.
   */
  ListLocks: grpc.handleUnaryCall<_chubby_v1_ListLocksRequest, _chubby_v1_ListLocksResponseFields>;
  
  ListSessions: grpc.handleUnaryCall<_chubby_v1_ListSessionsRequest, _chubby_v1_ListSessionsResponseFields>;
  
  /**
   * Draws a new key to sign sequencers with. The former one verifies for a while.
   */
  RotateKeys: grpc.handleUnaryCall<_chubby_v1_RotateKeysRequest, _chubby_v1_RotateKeysResponseFields>;
  
}

export interface AdminDefinition extends grpc.ServiceDefinition {
  Backup: MethodDefinition<_chubby_v1_BackupRequestFields, _chubby_v1_BackupResponseFields, _chubby_v1_BackupRequest, _chubby_v1_BackupResponse>
  EndSession: MethodDefinition<_chubby_v1_EndSessionRequestFields, _chubby_v1_EndSessionResponseFields, _chubby_v1_EndSessionRequest, _chubby_v1_EndSessionResponse>
  Explain: MethodDefinition<_chubby_v1_ExplainRequestFields, _chubby_v1_ExplainResponseFields, _chubby_v1_ExplainRequest, _chubby_v1_ExplainResponse>
  GetStatus: MethodDefinition<_chubby_v1_GetStatusRequestFields, _chubby_v1_GetStatusResponseFields, _chubby_v1_GetStatusRequest, _chubby_v1_GetStatusResponse>
  ListHistory: MethodDefinition<_chubby_v1_ListHistoryRequestFields, _chubby_v1_ListHistoryResponseFields, _chubby_v1_ListHistoryRequest, _chubby_v1_ListHistoryResponse>
  ListLocks: MethodDefinition<_chubby_v1_ListLocksRequestFields, _chubby_v1_ListLocksResponseFields, _chubby_v1_ListLocksRequest, _chubby_v1_ListLocksResponse>
  ListSessions: MethodDefinition<_chubby_v1_ListSessionsRequestFields, _chubby_v1_ListSessionsResponseFields, _chubby_v1_ListSessionsRequest, _chubby_v1_ListSessionsResponse>
  RotateKeys: MethodDefinition<_chubby_v1_RotateKeysRequestFields, _chubby_v1_RotateKeysResponseFields, _chubby_v1_RotateKeysRequest, _chubby_v1_RotateKeysResponse>
}

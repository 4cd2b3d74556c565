// Original file: proto/chubby/v1/chubby.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetStatusRequestFields as _chubby_v1_GetStatusRequestFields, GetStatusRequest as _chubby_v1_GetStatusRequest } from '../../chubby/v1/GetStatusRequest.js';
import type { GetStatusResponseFields as _chubby_v1_GetStatusResponseFields, GetStatusResponse as _chubby_v1_GetStatusResponse } from '../../chubby/v1/GetStatusResponse.js';

export interface AdminClient extends grpc.Client {
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
  
}

export interface AdminHandlers extends grpc.UntypedServiceImplementation {
  /**
   * What this replica says of itself, also without a master or a quorum.
   */
  GetStatus: grpc.handleUnaryCall<_chubby_v1_GetStatusRequest, _chubby_v1_GetStatusResponseFields>;
  
}

export interface AdminDefinition extends grpc.ServiceDefinition {
  GetStatus: MethodDefinition<_chubby_v1_GetStatusRequestFields, _chubby_v1_GetStatusResponseFields, _chubby_v1_GetStatusRequest, _chubby_v1_GetStatusResponse>
}

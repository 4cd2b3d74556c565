import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AcquireRequestFields as _chubby_v1_AcquireRequestFields, AcquireRequest as _chubby_v1_AcquireRequest } from './chubby/v1/AcquireRequest.js';
import type { AcquireResponseFields as _chubby_v1_AcquireResponseFields, AcquireResponse as _chubby_v1_AcquireResponse } from './chubby/v1/AcquireResponse.js';
import type { AdminClient as _chubby_v1_AdminClient, AdminDefinition as _chubby_v1_AdminDefinition } from './chubby/v1/Admin.js';
import type { CancelRequestFields as _chubby_v1_CancelRequestFields, CancelRequest as _chubby_v1_CancelRequest } from './chubby/v1/CancelRequest.js';
import type { CancelResponseFields as _chubby_v1_CancelResponseFields, CancelResponse as _chubby_v1_CancelResponse } from './chubby/v1/CancelResponse.js';
import type { CheckSequencerRequestFields as _chubby_v1_CheckSequencerRequestFields, CheckSequencerRequest as _chubby_v1_CheckSequencerRequest } from './chubby/v1/CheckSequencerRequest.js';
import type { CheckSequencerResponseFields as _chubby_v1_CheckSequencerResponseFields, CheckSequencerResponse as _chubby_v1_CheckSequencerResponse } from './chubby/v1/CheckSequencerResponse.js';
import type { ChubbyClient as _chubby_v1_ChubbyClient, ChubbyDefinition as _chubby_v1_ChubbyDefinition } from './chubby/v1/Chubby.js';
import type { CloseRequestFields as _chubby_v1_CloseRequestFields, CloseRequest as _chubby_v1_CloseRequest } from './chubby/v1/CloseRequest.js';
import type { CloseResponseFields as _chubby_v1_CloseResponseFields, CloseResponse as _chubby_v1_CloseResponse } from './chubby/v1/CloseResponse.js';
import type { CloseSessionRequestFields as _chubby_v1_CloseSessionRequestFields, CloseSessionRequest as _chubby_v1_CloseSessionRequest } from './chubby/v1/CloseSessionRequest.js';
import type { CloseSessionResponseFields as _chubby_v1_CloseSessionResponseFields, CloseSessionResponse as _chubby_v1_CloseSessionResponse } from './chubby/v1/CloseSessionResponse.js';
import type { CreateSessionRequestFields as _chubby_v1_CreateSessionRequestFields, CreateSessionRequest as _chubby_v1_CreateSessionRequest } from './chubby/v1/CreateSessionRequest.js';
import type { CreateSessionResponseFields as _chubby_v1_CreateSessionResponseFields, CreateSessionResponse as _chubby_v1_CreateSessionResponse } from './chubby/v1/CreateSessionResponse.js';
import type { DeleteRequestFields as _chubby_v1_DeleteRequestFields, DeleteRequest as _chubby_v1_DeleteRequest } from './chubby/v1/DeleteRequest.js';
import type { DeleteResponseFields as _chubby_v1_DeleteResponseFields, DeleteResponse as _chubby_v1_DeleteResponse } from './chubby/v1/DeleteResponse.js';
import type { DirectoryEntryFields as _chubby_v1_DirectoryEntryFields, DirectoryEntry as _chubby_v1_DirectoryEntry } from './chubby/v1/DirectoryEntry.js';
import type { EventFields as _chubby_v1_EventFields, Event as _chubby_v1_Event } from './chubby/v1/Event.js';
import type { FailureFields as _chubby_v1_FailureFields, Failure as _chubby_v1_Failure } from './chubby/v1/Failure.js';
import type { GetContentsAndStatRequestFields as _chubby_v1_GetContentsAndStatRequestFields, GetContentsAndStatRequest as _chubby_v1_GetContentsAndStatRequest } from './chubby/v1/GetContentsAndStatRequest.js';
import type { GetContentsAndStatResponseFields as _chubby_v1_GetContentsAndStatResponseFields, GetContentsAndStatResponse as _chubby_v1_GetContentsAndStatResponse } from './chubby/v1/GetContentsAndStatResponse.js';
import type { GetMasterRequestFields as _chubby_v1_GetMasterRequestFields, GetMasterRequest as _chubby_v1_GetMasterRequest } from './chubby/v1/GetMasterRequest.js';
import type { GetMasterResponseFields as _chubby_v1_GetMasterResponseFields, GetMasterResponse as _chubby_v1_GetMasterResponse } from './chubby/v1/GetMasterResponse.js';
import type { GetSequencerRequestFields as _chubby_v1_GetSequencerRequestFields, GetSequencerRequest as _chubby_v1_GetSequencerRequest } from './chubby/v1/GetSequencerRequest.js';
import type { GetSequencerResponseFields as _chubby_v1_GetSequencerResponseFields, GetSequencerResponse as _chubby_v1_GetSequencerResponse } from './chubby/v1/GetSequencerResponse.js';
import type { GetStatRequestFields as _chubby_v1_GetStatRequestFields, GetStatRequest as _chubby_v1_GetStatRequest } from './chubby/v1/GetStatRequest.js';
import type { GetStatResponseFields as _chubby_v1_GetStatResponseFields, GetStatResponse as _chubby_v1_GetStatResponse } from './chubby/v1/GetStatResponse.js';
import type { GetStatusRequestFields as _chubby_v1_GetStatusRequestFields, GetStatusRequest as _chubby_v1_GetStatusRequest } from './chubby/v1/GetStatusRequest.js';
import type { GetStatusResponseFields as _chubby_v1_GetStatusResponseFields, GetStatusResponse as _chubby_v1_GetStatusResponse } from './chubby/v1/GetStatusResponse.js';
import type { KeepAliveRequestFields as _chubby_v1_KeepAliveRequestFields, KeepAliveRequest as _chubby_v1_KeepAliveRequest } from './chubby/v1/KeepAliveRequest.js';
import type { KeepAliveResponseFields as _chubby_v1_KeepAliveResponseFields, KeepAliveResponse as _chubby_v1_KeepAliveResponse } from './chubby/v1/KeepAliveResponse.js';
import type { MasterFailedOverFields as _chubby_v1_MasterFailedOverFields, MasterFailedOver as _chubby_v1_MasterFailedOver } from './chubby/v1/MasterFailedOver.js';
import type { OpenRequestFields as _chubby_v1_OpenRequestFields, OpenRequest as _chubby_v1_OpenRequest } from './chubby/v1/OpenRequest.js';
import type { OpenResponseFields as _chubby_v1_OpenResponseFields, OpenResponse as _chubby_v1_OpenResponse } from './chubby/v1/OpenResponse.js';
import type { PipeCallFields as _chubby_v1_PipeCallFields, PipeCall as _chubby_v1_PipeCall } from './chubby/v1/PipeCall.js';
import type { PipeReplyFields as _chubby_v1_PipeReplyFields, PipeReply as _chubby_v1_PipeReply } from './chubby/v1/PipeReply.js';
import type { PipeRequestFields as _chubby_v1_PipeRequestFields, PipeRequest as _chubby_v1_PipeRequest } from './chubby/v1/PipeRequest.js';
import type { PipeResponseFields as _chubby_v1_PipeResponseFields, PipeResponse as _chubby_v1_PipeResponse } from './chubby/v1/PipeResponse.js';
import type { ReadDirRequestFields as _chubby_v1_ReadDirRequestFields, ReadDirRequest as _chubby_v1_ReadDirRequest } from './chubby/v1/ReadDirRequest.js';
import type { ReadDirResponseFields as _chubby_v1_ReadDirResponseFields, ReadDirResponse as _chubby_v1_ReadDirResponse } from './chubby/v1/ReadDirResponse.js';
import type { ReleaseRequestFields as _chubby_v1_ReleaseRequestFields, ReleaseRequest as _chubby_v1_ReleaseRequest } from './chubby/v1/ReleaseRequest.js';
import type { ReleaseResponseFields as _chubby_v1_ReleaseResponseFields, ReleaseResponse as _chubby_v1_ReleaseResponse } from './chubby/v1/ReleaseResponse.js';
import type { ReplicaAddressFields as _chubby_v1_ReplicaAddressFields, ReplicaAddress as _chubby_v1_ReplicaAddress } from './chubby/v1/ReplicaAddress.js';
import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from './chubby/v1/RequestContext.js';
import type { SessionCredentialFields as _chubby_v1_SessionCredentialFields, SessionCredential as _chubby_v1_SessionCredential } from './chubby/v1/SessionCredential.js';
import type { SetContentsRequestFields as _chubby_v1_SetContentsRequestFields, SetContentsRequest as _chubby_v1_SetContentsRequest } from './chubby/v1/SetContentsRequest.js';
import type { SetContentsResponseFields as _chubby_v1_SetContentsResponseFields, SetContentsResponse as _chubby_v1_SetContentsResponse } from './chubby/v1/SetContentsResponse.js';
import type { SigningKeyFields as _chubby_v1_SigningKeyFields, SigningKey as _chubby_v1_SigningKey } from './chubby/v1/SigningKey.js';
import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from './chubby/v1/Stat.js';
import type { TryAcquireRequestFields as _chubby_v1_TryAcquireRequestFields, TryAcquireRequest as _chubby_v1_TryAcquireRequest } from './chubby/v1/TryAcquireRequest.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  chubby: {
    v1: {
      AcquireRequest: MessageTypeDefinition<_chubby_v1_AcquireRequestFields, _chubby_v1_AcquireRequest>
      AcquireResponse: MessageTypeDefinition<_chubby_v1_AcquireResponseFields, _chubby_v1_AcquireResponse>
      Admin: SubtypeConstructor<typeof grpc.Client, _chubby_v1_AdminClient> & { service: _chubby_v1_AdminDefinition }
      CancelRequest: MessageTypeDefinition<_chubby_v1_CancelRequestFields, _chubby_v1_CancelRequest>
      CancelResponse: MessageTypeDefinition<_chubby_v1_CancelResponseFields, _chubby_v1_CancelResponse>
      CheckSequencerRequest: MessageTypeDefinition<_chubby_v1_CheckSequencerRequestFields, _chubby_v1_CheckSequencerRequest>
      CheckSequencerResponse: MessageTypeDefinition<_chubby_v1_CheckSequencerResponseFields, _chubby_v1_CheckSequencerResponse>
      Chubby: SubtypeConstructor<typeof grpc.Client, _chubby_v1_ChubbyClient> & { service: _chubby_v1_ChubbyDefinition }
      CloseRequest: MessageTypeDefinition<_chubby_v1_CloseRequestFields, _chubby_v1_CloseRequest>
      CloseResponse: MessageTypeDefinition<_chubby_v1_CloseResponseFields, _chubby_v1_CloseResponse>
      CloseSessionRequest: MessageTypeDefinition<_chubby_v1_CloseSessionRequestFields, _chubby_v1_CloseSessionRequest>
      CloseSessionResponse: MessageTypeDefinition<_chubby_v1_CloseSessionResponseFields, _chubby_v1_CloseSessionResponse>
      CreateMode: EnumTypeDefinition
      CreateSessionRequest: MessageTypeDefinition<_chubby_v1_CreateSessionRequestFields, _chubby_v1_CreateSessionRequest>
      CreateSessionResponse: MessageTypeDefinition<_chubby_v1_CreateSessionResponseFields, _chubby_v1_CreateSessionResponse>
      DeleteRequest: MessageTypeDefinition<_chubby_v1_DeleteRequestFields, _chubby_v1_DeleteRequest>
      DeleteResponse: MessageTypeDefinition<_chubby_v1_DeleteResponseFields, _chubby_v1_DeleteResponse>
      DirectoryEntry: MessageTypeDefinition<_chubby_v1_DirectoryEntryFields, _chubby_v1_DirectoryEntry>
      Event: MessageTypeDefinition<_chubby_v1_EventFields, _chubby_v1_Event>
      Failure: MessageTypeDefinition<_chubby_v1_FailureFields, _chubby_v1_Failure>
      GetContentsAndStatRequest: MessageTypeDefinition<_chubby_v1_GetContentsAndStatRequestFields, _chubby_v1_GetContentsAndStatRequest>
      GetContentsAndStatResponse: MessageTypeDefinition<_chubby_v1_GetContentsAndStatResponseFields, _chubby_v1_GetContentsAndStatResponse>
      GetMasterRequest: MessageTypeDefinition<_chubby_v1_GetMasterRequestFields, _chubby_v1_GetMasterRequest>
      GetMasterResponse: MessageTypeDefinition<_chubby_v1_GetMasterResponseFields, _chubby_v1_GetMasterResponse>
      GetSequencerRequest: MessageTypeDefinition<_chubby_v1_GetSequencerRequestFields, _chubby_v1_GetSequencerRequest>
      GetSequencerResponse: MessageTypeDefinition<_chubby_v1_GetSequencerResponseFields, _chubby_v1_GetSequencerResponse>
      GetStatRequest: MessageTypeDefinition<_chubby_v1_GetStatRequestFields, _chubby_v1_GetStatRequest>
      GetStatResponse: MessageTypeDefinition<_chubby_v1_GetStatResponseFields, _chubby_v1_GetStatResponse>
      GetStatusRequest: MessageTypeDefinition<_chubby_v1_GetStatusRequestFields, _chubby_v1_GetStatusRequest>
      GetStatusResponse: MessageTypeDefinition<_chubby_v1_GetStatusResponseFields, _chubby_v1_GetStatusResponse>
      KeepAliveRequest: MessageTypeDefinition<_chubby_v1_KeepAliveRequestFields, _chubby_v1_KeepAliveRequest>
      KeepAliveResponse: MessageTypeDefinition<_chubby_v1_KeepAliveResponseFields, _chubby_v1_KeepAliveResponse>
      LockMode: EnumTypeDefinition
      MasterFailedOver: MessageTypeDefinition<_chubby_v1_MasterFailedOverFields, _chubby_v1_MasterFailedOver>
      NodeKind: EnumTypeDefinition
      OpenRequest: MessageTypeDefinition<_chubby_v1_OpenRequestFields, _chubby_v1_OpenRequest>
      OpenResponse: MessageTypeDefinition<_chubby_v1_OpenResponseFields, _chubby_v1_OpenResponse>
      PipeCall: MessageTypeDefinition<_chubby_v1_PipeCallFields, _chubby_v1_PipeCall>
      PipeReply: MessageTypeDefinition<_chubby_v1_PipeReplyFields, _chubby_v1_PipeReply>
      PipeRequest: MessageTypeDefinition<_chubby_v1_PipeRequestFields, _chubby_v1_PipeRequest>
      PipeResponse: MessageTypeDefinition<_chubby_v1_PipeResponseFields, _chubby_v1_PipeResponse>
      ReadDirRequest: MessageTypeDefinition<_chubby_v1_ReadDirRequestFields, _chubby_v1_ReadDirRequest>
      ReadDirResponse: MessageTypeDefinition<_chubby_v1_ReadDirResponseFields, _chubby_v1_ReadDirResponse>
      ReleaseRequest: MessageTypeDefinition<_chubby_v1_ReleaseRequestFields, _chubby_v1_ReleaseRequest>
      ReleaseResponse: MessageTypeDefinition<_chubby_v1_ReleaseResponseFields, _chubby_v1_ReleaseResponse>
      ReplicaAddress: MessageTypeDefinition<_chubby_v1_ReplicaAddressFields, _chubby_v1_ReplicaAddress>
      ReplicaRole: EnumTypeDefinition
      RequestContext: MessageTypeDefinition<_chubby_v1_RequestContextFields, _chubby_v1_RequestContext>
      SessionCredential: MessageTypeDefinition<_chubby_v1_SessionCredentialFields, _chubby_v1_SessionCredential>
      SetContentsRequest: MessageTypeDefinition<_chubby_v1_SetContentsRequestFields, _chubby_v1_SetContentsRequest>
      SetContentsResponse: MessageTypeDefinition<_chubby_v1_SetContentsResponseFields, _chubby_v1_SetContentsResponse>
      SigningKey: MessageTypeDefinition<_chubby_v1_SigningKeyFields, _chubby_v1_SigningKey>
      Stat: MessageTypeDefinition<_chubby_v1_StatFields, _chubby_v1_Stat>
      TryAcquireRequest: MessageTypeDefinition<_chubby_v1_TryAcquireRequestFields, _chubby_v1_TryAcquireRequest>
    }
  }
}


import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AclNamesFields as _chubby_v1_AclNamesFields, AclNames as _chubby_v1_AclNames } from './chubby/v1/AclNames.js';
import type { AcquireAllRequestFields as _chubby_v1_AcquireAllRequestFields, AcquireAllRequest as _chubby_v1_AcquireAllRequest } from './chubby/v1/AcquireAllRequest.js';
import type { AcquireAllResponseFields as _chubby_v1_AcquireAllResponseFields, AcquireAllResponse as _chubby_v1_AcquireAllResponse } from './chubby/v1/AcquireAllResponse.js';
import type { AcquireRequestFields as _chubby_v1_AcquireRequestFields, AcquireRequest as _chubby_v1_AcquireRequest } from './chubby/v1/AcquireRequest.js';
import type { AcquireResponseFields as _chubby_v1_AcquireResponseFields, AcquireResponse as _chubby_v1_AcquireResponse } from './chubby/v1/AcquireResponse.js';
import type { AdminClient as _chubby_v1_AdminClient, AdminDefinition as _chubby_v1_AdminDefinition } from './chubby/v1/Admin.js';
import type { BackupRequestFields as _chubby_v1_BackupRequestFields, BackupRequest as _chubby_v1_BackupRequest } from './chubby/v1/BackupRequest.js';
import type { BackupResponseFields as _chubby_v1_BackupResponseFields, BackupResponse as _chubby_v1_BackupResponse } from './chubby/v1/BackupResponse.js';
import type { BackupSummaryFields as _chubby_v1_BackupSummaryFields, BackupSummary as _chubby_v1_BackupSummary } from './chubby/v1/BackupSummary.js';
import type { CachedAnswerFields as _chubby_v1_CachedAnswerFields, CachedAnswer as _chubby_v1_CachedAnswer } from './chubby/v1/CachedAnswer.js';
import type { CancelRequestFields as _chubby_v1_CancelRequestFields, CancelRequest as _chubby_v1_CancelRequest } from './chubby/v1/CancelRequest.js';
import type { CancelResponseFields as _chubby_v1_CancelResponseFields, CancelResponse as _chubby_v1_CancelResponse } from './chubby/v1/CancelResponse.js';
import type { CheckSequencerRequestFields as _chubby_v1_CheckSequencerRequestFields, CheckSequencerRequest as _chubby_v1_CheckSequencerRequest } from './chubby/v1/CheckSequencerRequest.js';
import type { CheckSequencerResponseFields as _chubby_v1_CheckSequencerResponseFields, CheckSequencerResponse as _chubby_v1_CheckSequencerResponse } from './chubby/v1/CheckSequencerResponse.js';
import type { ChubbyClient as _chubby_v1_ChubbyClient, ChubbyDefinition as _chubby_v1_ChubbyDefinition } from './chubby/v1/Chubby.js';
import type { CloseRequestFields as _chubby_v1_CloseRequestFields, CloseRequest as _chubby_v1_CloseRequest } from './chubby/v1/CloseRequest.js';
import type { CloseResponseFields as _chubby_v1_CloseResponseFields, CloseResponse as _chubby_v1_CloseResponse } from './chubby/v1/CloseResponse.js';
import type { CloseSessionRequestFields as _chubby_v1_CloseSessionRequestFields, CloseSessionRequest as _chubby_v1_CloseSessionRequest } from './chubby/v1/CloseSessionRequest.js';
import type { CloseSessionResponseFields as _chubby_v1_CloseSessionResponseFields, CloseSessionResponse as _chubby_v1_CloseSessionResponse } from './chubby/v1/CloseSessionResponse.js';
import type { ContentGenerationFields as _chubby_v1_ContentGenerationFields, ContentGeneration as _chubby_v1_ContentGeneration } from './chubby/v1/ContentGeneration.js';
import type { CreateOperationFields as _chubby_v1_CreateOperationFields, CreateOperation as _chubby_v1_CreateOperation } from './chubby/v1/CreateOperation.js';
import type { CreateSessionRequestFields as _chubby_v1_CreateSessionRequestFields, CreateSessionRequest as _chubby_v1_CreateSessionRequest } from './chubby/v1/CreateSessionRequest.js';
import type { CreateSessionResponseFields as _chubby_v1_CreateSessionResponseFields, CreateSessionResponse as _chubby_v1_CreateSessionResponse } from './chubby/v1/CreateSessionResponse.js';
import type { DeleteRequestFields as _chubby_v1_DeleteRequestFields, DeleteRequest as _chubby_v1_DeleteRequest } from './chubby/v1/DeleteRequest.js';
import type { DeleteResponseFields as _chubby_v1_DeleteResponseFields, DeleteResponse as _chubby_v1_DeleteResponse } from './chubby/v1/DeleteResponse.js';
import type { DirectoryEntryFields as _chubby_v1_DirectoryEntryFields, DirectoryEntry as _chubby_v1_DirectoryEntry } from './chubby/v1/DirectoryEntry.js';
import type { EndSessionRequestFields as _chubby_v1_EndSessionRequestFields, EndSessionRequest as _chubby_v1_EndSessionRequest } from './chubby/v1/EndSessionRequest.js';
import type { EndSessionResponseFields as _chubby_v1_EndSessionResponseFields, EndSessionResponse as _chubby_v1_EndSessionResponse } from './chubby/v1/EndSessionResponse.js';
import type { EventFields as _chubby_v1_EventFields, Event as _chubby_v1_Event } from './chubby/v1/Event.js';
import type { EventsLostFields as _chubby_v1_EventsLostFields, EventsLost as _chubby_v1_EventsLost } from './chubby/v1/EventsLost.js';
import type { ExplainRequestFields as _chubby_v1_ExplainRequestFields, ExplainRequest as _chubby_v1_ExplainRequest } from './chubby/v1/ExplainRequest.js';
import type { ExplainResponseFields as _chubby_v1_ExplainResponseFields, ExplainResponse as _chubby_v1_ExplainResponse } from './chubby/v1/ExplainResponse.js';
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
import type { HistoryEntryFields as _chubby_v1_HistoryEntryFields, HistoryEntry as _chubby_v1_HistoryEntry } from './chubby/v1/HistoryEntry.js';
import type { InvalidationFields as _chubby_v1_InvalidationFields, Invalidation as _chubby_v1_Invalidation } from './chubby/v1/Invalidation.js';
import type { KeepAliveRequestFields as _chubby_v1_KeepAliveRequestFields, KeepAliveRequest as _chubby_v1_KeepAliveRequest } from './chubby/v1/KeepAliveRequest.js';
import type { KeepAliveResponseFields as _chubby_v1_KeepAliveResponseFields, KeepAliveResponse as _chubby_v1_KeepAliveResponse } from './chubby/v1/KeepAliveResponse.js';
import type { ListHistoryRequestFields as _chubby_v1_ListHistoryRequestFields, ListHistoryRequest as _chubby_v1_ListHistoryRequest } from './chubby/v1/ListHistoryRequest.js';
import type { ListHistoryResponseFields as _chubby_v1_ListHistoryResponseFields, ListHistoryResponse as _chubby_v1_ListHistoryResponse } from './chubby/v1/ListHistoryResponse.js';
import type { ListLocksRequestFields as _chubby_v1_ListLocksRequestFields, ListLocksRequest as _chubby_v1_ListLocksRequest } from './chubby/v1/ListLocksRequest.js';
import type { ListLocksResponseFields as _chubby_v1_ListLocksResponseFields, ListLocksResponse as _chubby_v1_ListLocksResponse } from './chubby/v1/ListLocksResponse.js';
import type { ListSessionsRequestFields as _chubby_v1_ListSessionsRequestFields, ListSessionsRequest as _chubby_v1_ListSessionsRequest } from './chubby/v1/ListSessionsRequest.js';
import type { ListSessionsResponseFields as _chubby_v1_ListSessionsResponseFields, ListSessionsResponse as _chubby_v1_ListSessionsResponse } from './chubby/v1/ListSessionsResponse.js';
import type { LockDescriptionFields as _chubby_v1_LockDescriptionFields, LockDescription as _chubby_v1_LockDescription } from './chubby/v1/LockDescription.js';
import type { LockHoldingFields as _chubby_v1_LockHoldingFields, LockHolding as _chubby_v1_LockHolding } from './chubby/v1/LockHolding.js';
import type { LockWaiterFields as _chubby_v1_LockWaiterFields, LockWaiter as _chubby_v1_LockWaiter } from './chubby/v1/LockWaiter.js';
import type { LockWantedFields as _chubby_v1_LockWantedFields, LockWanted as _chubby_v1_LockWanted } from './chubby/v1/LockWanted.js';
import type { MasterFailedOverFields as _chubby_v1_MasterFailedOverFields, MasterFailedOver as _chubby_v1_MasterFailedOver } from './chubby/v1/MasterFailedOver.js';
import type { MultiOpGuardFields as _chubby_v1_MultiOpGuardFields, MultiOpGuard as _chubby_v1_MultiOpGuard } from './chubby/v1/MultiOpGuard.js';
import type { MultiOpOperationFields as _chubby_v1_MultiOpOperationFields, MultiOpOperation as _chubby_v1_MultiOpOperation } from './chubby/v1/MultiOpOperation.js';
import type { MultiOpRequestFields as _chubby_v1_MultiOpRequestFields, MultiOpRequest as _chubby_v1_MultiOpRequest } from './chubby/v1/MultiOpRequest.js';
import type { MultiOpResponseFields as _chubby_v1_MultiOpResponseFields, MultiOpResponse as _chubby_v1_MultiOpResponse } from './chubby/v1/MultiOpResponse.js';
import type { MultiOpResultFields as _chubby_v1_MultiOpResultFields, MultiOpResult as _chubby_v1_MultiOpResult } from './chubby/v1/MultiOpResult.js';
import type { NodeEventFields as _chubby_v1_NodeEventFields, NodeEvent as _chubby_v1_NodeEvent } from './chubby/v1/NodeEvent.js';
import type { OpenRequestFields as _chubby_v1_OpenRequestFields, OpenRequest as _chubby_v1_OpenRequest } from './chubby/v1/OpenRequest.js';
import type { OpenResponseFields as _chubby_v1_OpenResponseFields, OpenResponse as _chubby_v1_OpenResponse } from './chubby/v1/OpenResponse.js';
import type { PeerHealthFields as _chubby_v1_PeerHealthFields, PeerHealth as _chubby_v1_PeerHealth } from './chubby/v1/PeerHealth.js';
import type { PipeCallFields as _chubby_v1_PipeCallFields, PipeCall as _chubby_v1_PipeCall } from './chubby/v1/PipeCall.js';
import type { PipeReplyFields as _chubby_v1_PipeReplyFields, PipeReply as _chubby_v1_PipeReply } from './chubby/v1/PipeReply.js';
import type { PipeRequestFields as _chubby_v1_PipeRequestFields, PipeRequest as _chubby_v1_PipeRequest } from './chubby/v1/PipeRequest.js';
import type { PipeResponseFields as _chubby_v1_PipeResponseFields, PipeResponse as _chubby_v1_PipeResponse } from './chubby/v1/PipeResponse.js';
import type { PoisonRequestFields as _chubby_v1_PoisonRequestFields, PoisonRequest as _chubby_v1_PoisonRequest } from './chubby/v1/PoisonRequest.js';
import type { PoisonResponseFields as _chubby_v1_PoisonResponseFields, PoisonResponse as _chubby_v1_PoisonResponse } from './chubby/v1/PoisonResponse.js';
import type { ReadDirRequestFields as _chubby_v1_ReadDirRequestFields, ReadDirRequest as _chubby_v1_ReadDirRequest } from './chubby/v1/ReadDirRequest.js';
import type { ReadDirResponseFields as _chubby_v1_ReadDirResponseFields, ReadDirResponse as _chubby_v1_ReadDirResponse } from './chubby/v1/ReadDirResponse.js';
import type { ReattachRequestFields as _chubby_v1_ReattachRequestFields, ReattachRequest as _chubby_v1_ReattachRequest } from './chubby/v1/ReattachRequest.js';
import type { ReattachResponseFields as _chubby_v1_ReattachResponseFields, ReattachResponse as _chubby_v1_ReattachResponse } from './chubby/v1/ReattachResponse.js';
import type { ReattachedHandleFields as _chubby_v1_ReattachedHandleFields, ReattachedHandle as _chubby_v1_ReattachedHandle } from './chubby/v1/ReattachedHandle.js';
import type { ReleaseRequestFields as _chubby_v1_ReleaseRequestFields, ReleaseRequest as _chubby_v1_ReleaseRequest } from './chubby/v1/ReleaseRequest.js';
import type { ReleaseResponseFields as _chubby_v1_ReleaseResponseFields, ReleaseResponse as _chubby_v1_ReleaseResponse } from './chubby/v1/ReleaseResponse.js';
import type { ReplicaAddressFields as _chubby_v1_ReplicaAddressFields, ReplicaAddress as _chubby_v1_ReplicaAddress } from './chubby/v1/ReplicaAddress.js';
import type { ReplicaHealthFields as _chubby_v1_ReplicaHealthFields, ReplicaHealth as _chubby_v1_ReplicaHealth } from './chubby/v1/ReplicaHealth.js';
import type { RequestContextFields as _chubby_v1_RequestContextFields, RequestContext as _chubby_v1_RequestContext } from './chubby/v1/RequestContext.js';
import type { RotateKeysRequestFields as _chubby_v1_RotateKeysRequestFields, RotateKeysRequest as _chubby_v1_RotateKeysRequest } from './chubby/v1/RotateKeysRequest.js';
import type { RotateKeysResponseFields as _chubby_v1_RotateKeysResponseFields, RotateKeysResponse as _chubby_v1_RotateKeysResponse } from './chubby/v1/RotateKeysResponse.js';
import type { SessionCredentialFields as _chubby_v1_SessionCredentialFields, SessionCredential as _chubby_v1_SessionCredential } from './chubby/v1/SessionCredential.js';
import type { SessionDescriptionFields as _chubby_v1_SessionDescriptionFields, SessionDescription as _chubby_v1_SessionDescription } from './chubby/v1/SessionDescription.js';
import type { SetAclRequestFields as _chubby_v1_SetAclRequestFields, SetAclRequest as _chubby_v1_SetAclRequest } from './chubby/v1/SetAclRequest.js';
import type { SetAclResponseFields as _chubby_v1_SetAclResponseFields, SetAclResponse as _chubby_v1_SetAclResponse } from './chubby/v1/SetAclResponse.js';
import type { SetContentsOperationFields as _chubby_v1_SetContentsOperationFields, SetContentsOperation as _chubby_v1_SetContentsOperation } from './chubby/v1/SetContentsOperation.js';
import type { SetContentsRequestFields as _chubby_v1_SetContentsRequestFields, SetContentsRequest as _chubby_v1_SetContentsRequest } from './chubby/v1/SetContentsRequest.js';
import type { SetContentsResponseFields as _chubby_v1_SetContentsResponseFields, SetContentsResponse as _chubby_v1_SetContentsResponse } from './chubby/v1/SetContentsResponse.js';
import type { SetSequencerRequestFields as _chubby_v1_SetSequencerRequestFields, SetSequencerRequest as _chubby_v1_SetSequencerRequest } from './chubby/v1/SetSequencerRequest.js';
import type { SetSequencerResponseFields as _chubby_v1_SetSequencerResponseFields, SetSequencerResponse as _chubby_v1_SetSequencerResponse } from './chubby/v1/SetSequencerResponse.js';
import type { SigningKeyFields as _chubby_v1_SigningKeyFields, SigningKey as _chubby_v1_SigningKey } from './chubby/v1/SigningKey.js';
import type { StatFields as _chubby_v1_StatFields, Stat as _chubby_v1_Stat } from './chubby/v1/Stat.js';
import type { TryAcquireRequestFields as _chubby_v1_TryAcquireRequestFields, TryAcquireRequest as _chubby_v1_TryAcquireRequest } from './chubby/v1/TryAcquireRequest.js';
import type { WaitsForFields as _chubby_v1_WaitsForFields, WaitsFor as _chubby_v1_WaitsFor } from './chubby/v1/WaitsFor.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  chubby: {
    v1: {
      AclNames: MessageTypeDefinition<_chubby_v1_AclNamesFields, _chubby_v1_AclNames>
      AcquireAllRequest: MessageTypeDefinition<_chubby_v1_AcquireAllRequestFields, _chubby_v1_AcquireAllRequest>
      AcquireAllResponse: MessageTypeDefinition<_chubby_v1_AcquireAllResponseFields, _chubby_v1_AcquireAllResponse>
      AcquireRequest: MessageTypeDefinition<_chubby_v1_AcquireRequestFields, _chubby_v1_AcquireRequest>
      AcquireResponse: MessageTypeDefinition<_chubby_v1_AcquireResponseFields, _chubby_v1_AcquireResponse>
      Admin: SubtypeConstructor<typeof grpc.Client, _chubby_v1_AdminClient> & { service: _chubby_v1_AdminDefinition }
      BackupRequest: MessageTypeDefinition<_chubby_v1_BackupRequestFields, _chubby_v1_BackupRequest>
      BackupResponse: MessageTypeDefinition<_chubby_v1_BackupResponseFields, _chubby_v1_BackupResponse>
      BackupSummary: MessageTypeDefinition<_chubby_v1_BackupSummaryFields, _chubby_v1_BackupSummary>
      CachedAnswer: MessageTypeDefinition<_chubby_v1_CachedAnswerFields, _chubby_v1_CachedAnswer>
      CachedKind: EnumTypeDefinition
      CancelRequest: MessageTypeDefinition<_chubby_v1_CancelRequestFields, _chubby_v1_CancelRequest>
      CancelResponse: MessageTypeDefinition<_chubby_v1_CancelResponseFields, _chubby_v1_CancelResponse>
      CheckSequencerRequest: MessageTypeDefinition<_chubby_v1_CheckSequencerRequestFields, _chubby_v1_CheckSequencerRequest>
      CheckSequencerResponse: MessageTypeDefinition<_chubby_v1_CheckSequencerResponseFields, _chubby_v1_CheckSequencerResponse>
      Chubby: SubtypeConstructor<typeof grpc.Client, _chubby_v1_ChubbyClient> & { service: _chubby_v1_ChubbyDefinition }
      CloseRequest: MessageTypeDefinition<_chubby_v1_CloseRequestFields, _chubby_v1_CloseRequest>
      CloseResponse: MessageTypeDefinition<_chubby_v1_CloseResponseFields, _chubby_v1_CloseResponse>
      CloseSessionRequest: MessageTypeDefinition<_chubby_v1_CloseSessionRequestFields, _chubby_v1_CloseSessionRequest>
      CloseSessionResponse: MessageTypeDefinition<_chubby_v1_CloseSessionResponseFields, _chubby_v1_CloseSessionResponse>
      ContentGeneration: MessageTypeDefinition<_chubby_v1_ContentGenerationFields, _chubby_v1_ContentGeneration>
      CreateMode: EnumTypeDefinition
      CreateOperation: MessageTypeDefinition<_chubby_v1_CreateOperationFields, _chubby_v1_CreateOperation>
      CreateSessionRequest: MessageTypeDefinition<_chubby_v1_CreateSessionRequestFields, _chubby_v1_CreateSessionRequest>
      CreateSessionResponse: MessageTypeDefinition<_chubby_v1_CreateSessionResponseFields, _chubby_v1_CreateSessionResponse>
      DeleteRequest: MessageTypeDefinition<_chubby_v1_DeleteRequestFields, _chubby_v1_DeleteRequest>
      DeleteResponse: MessageTypeDefinition<_chubby_v1_DeleteResponseFields, _chubby_v1_DeleteResponse>
      DirectoryEntry: MessageTypeDefinition<_chubby_v1_DirectoryEntryFields, _chubby_v1_DirectoryEntry>
      EndSessionRequest: MessageTypeDefinition<_chubby_v1_EndSessionRequestFields, _chubby_v1_EndSessionRequest>
      EndSessionResponse: MessageTypeDefinition<_chubby_v1_EndSessionResponseFields, _chubby_v1_EndSessionResponse>
      Event: MessageTypeDefinition<_chubby_v1_EventFields, _chubby_v1_Event>
      EventKind: EnumTypeDefinition
      EventsLost: MessageTypeDefinition<_chubby_v1_EventsLostFields, _chubby_v1_EventsLost>
      ExplainRequest: MessageTypeDefinition<_chubby_v1_ExplainRequestFields, _chubby_v1_ExplainRequest>
      ExplainResponse: MessageTypeDefinition<_chubby_v1_ExplainResponseFields, _chubby_v1_ExplainResponse>
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
      HistoryEntry: MessageTypeDefinition<_chubby_v1_HistoryEntryFields, _chubby_v1_HistoryEntry>
      Invalidation: MessageTypeDefinition<_chubby_v1_InvalidationFields, _chubby_v1_Invalidation>
      KeepAliveRequest: MessageTypeDefinition<_chubby_v1_KeepAliveRequestFields, _chubby_v1_KeepAliveRequest>
      KeepAliveResponse: MessageTypeDefinition<_chubby_v1_KeepAliveResponseFields, _chubby_v1_KeepAliveResponse>
      ListHistoryRequest: MessageTypeDefinition<_chubby_v1_ListHistoryRequestFields, _chubby_v1_ListHistoryRequest>
      ListHistoryResponse: MessageTypeDefinition<_chubby_v1_ListHistoryResponseFields, _chubby_v1_ListHistoryResponse>
      ListLocksRequest: MessageTypeDefinition<_chubby_v1_ListLocksRequestFields, _chubby_v1_ListLocksRequest>
      ListLocksResponse: MessageTypeDefinition<_chubby_v1_ListLocksResponseFields, _chubby_v1_ListLocksResponse>
      ListSessionsRequest: MessageTypeDefinition<_chubby_v1_ListSessionsRequestFields, _chubby_v1_ListSessionsRequest>
      ListSessionsResponse: MessageTypeDefinition<_chubby_v1_ListSessionsResponseFields, _chubby_v1_ListSessionsResponse>
      LockDescription: MessageTypeDefinition<_chubby_v1_LockDescriptionFields, _chubby_v1_LockDescription>
      LockHolding: MessageTypeDefinition<_chubby_v1_LockHoldingFields, _chubby_v1_LockHolding>
      LockMode: EnumTypeDefinition
      LockWaiter: MessageTypeDefinition<_chubby_v1_LockWaiterFields, _chubby_v1_LockWaiter>
      LockWanted: MessageTypeDefinition<_chubby_v1_LockWantedFields, _chubby_v1_LockWanted>
      MasterFailedOver: MessageTypeDefinition<_chubby_v1_MasterFailedOverFields, _chubby_v1_MasterFailedOver>
      MultiOpGuard: MessageTypeDefinition<_chubby_v1_MultiOpGuardFields, _chubby_v1_MultiOpGuard>
      MultiOpOperation: MessageTypeDefinition<_chubby_v1_MultiOpOperationFields, _chubby_v1_MultiOpOperation>
      MultiOpRequest: MessageTypeDefinition<_chubby_v1_MultiOpRequestFields, _chubby_v1_MultiOpRequest>
      MultiOpResponse: MessageTypeDefinition<_chubby_v1_MultiOpResponseFields, _chubby_v1_MultiOpResponse>
      MultiOpResult: MessageTypeDefinition<_chubby_v1_MultiOpResultFields, _chubby_v1_MultiOpResult>
      NodeEvent: MessageTypeDefinition<_chubby_v1_NodeEventFields, _chubby_v1_NodeEvent>
      NodeKind: EnumTypeDefinition
      OpenRequest: MessageTypeDefinition<_chubby_v1_OpenRequestFields, _chubby_v1_OpenRequest>
      OpenResponse: MessageTypeDefinition<_chubby_v1_OpenResponseFields, _chubby_v1_OpenResponse>
      PeerHealth: MessageTypeDefinition<_chubby_v1_PeerHealthFields, _chubby_v1_PeerHealth>
      PipeCall: MessageTypeDefinition<_chubby_v1_PipeCallFields, _chubby_v1_PipeCall>
      PipeReply: MessageTypeDefinition<_chubby_v1_PipeReplyFields, _chubby_v1_PipeReply>
      PipeRequest: MessageTypeDefinition<_chubby_v1_PipeRequestFields, _chubby_v1_PipeRequest>
      PipeResponse: MessageTypeDefinition<_chubby_v1_PipeResponseFields, _chubby_v1_PipeResponse>
      PoisonRequest: MessageTypeDefinition<_chubby_v1_PoisonRequestFields, _chubby_v1_PoisonRequest>
      PoisonResponse: MessageTypeDefinition<_chubby_v1_PoisonResponseFields, _chubby_v1_PoisonResponse>
      ReadDirRequest: MessageTypeDefinition<_chubby_v1_ReadDirRequestFields, _chubby_v1_ReadDirRequest>
      ReadDirResponse: MessageTypeDefinition<_chubby_v1_ReadDirResponseFields, _chubby_v1_ReadDirResponse>
      ReattachRequest: MessageTypeDefinition<_chubby_v1_ReattachRequestFields, _chubby_v1_ReattachRequest>
      ReattachResponse: MessageTypeDefinition<_chubby_v1_ReattachResponseFields, _chubby_v1_ReattachResponse>
      ReattachedHandle: MessageTypeDefinition<_chubby_v1_ReattachedHandleFields, _chubby_v1_ReattachedHandle>
      ReleaseRequest: MessageTypeDefinition<_chubby_v1_ReleaseRequestFields, _chubby_v1_ReleaseRequest>
      ReleaseResponse: MessageTypeDefinition<_chubby_v1_ReleaseResponseFields, _chubby_v1_ReleaseResponse>
      ReplicaAddress: MessageTypeDefinition<_chubby_v1_ReplicaAddressFields, _chubby_v1_ReplicaAddress>
      ReplicaHealth: MessageTypeDefinition<_chubby_v1_ReplicaHealthFields, _chubby_v1_ReplicaHealth>
      ReplicaRole: EnumTypeDefinition
      RequestContext: MessageTypeDefinition<_chubby_v1_RequestContextFields, _chubby_v1_RequestContext>
      RotateKeysRequest: MessageTypeDefinition<_chubby_v1_RotateKeysRequestFields, _chubby_v1_RotateKeysRequest>
      RotateKeysResponse: MessageTypeDefinition<_chubby_v1_RotateKeysResponseFields, _chubby_v1_RotateKeysResponse>
      SessionCredential: MessageTypeDefinition<_chubby_v1_SessionCredentialFields, _chubby_v1_SessionCredential>
      SessionDescription: MessageTypeDefinition<_chubby_v1_SessionDescriptionFields, _chubby_v1_SessionDescription>
      SetAclRequest: MessageTypeDefinition<_chubby_v1_SetAclRequestFields, _chubby_v1_SetAclRequest>
      SetAclResponse: MessageTypeDefinition<_chubby_v1_SetAclResponseFields, _chubby_v1_SetAclResponse>
      SetContentsOperation: MessageTypeDefinition<_chubby_v1_SetContentsOperationFields, _chubby_v1_SetContentsOperation>
      SetContentsRequest: MessageTypeDefinition<_chubby_v1_SetContentsRequestFields, _chubby_v1_SetContentsRequest>
      SetContentsResponse: MessageTypeDefinition<_chubby_v1_SetContentsResponseFields, _chubby_v1_SetContentsResponse>
      SetSequencerRequest: MessageTypeDefinition<_chubby_v1_SetSequencerRequestFields, _chubby_v1_SetSequencerRequest>
      SetSequencerResponse: MessageTypeDefinition<_chubby_v1_SetSequencerResponseFields, _chubby_v1_SetSequencerResponse>
      SigningKey: MessageTypeDefinition<_chubby_v1_SigningKeyFields, _chubby_v1_SigningKey>
      Stat: MessageTypeDefinition<_chubby_v1_StatFields, _chubby_v1_Stat>
      TryAcquireRequest: MessageTypeDefinition<_chubby_v1_TryAcquireRequestFields, _chubby_v1_TryAcquireRequest>
      WaitsFor: MessageTypeDefinition<_chubby_v1_WaitsForFields, _chubby_v1_WaitsFor>
    }
  }
}


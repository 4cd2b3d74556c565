// Original file: proto/chubby/v1/chubby.proto

import type { FailureFields as _chubby_v1_FailureFields, Failure as _chubby_v1_Failure } from '../../chubby/v1/Failure.js';
import type { OpenResponseFields as _chubby_v1_OpenResponseFields, OpenResponse as _chubby_v1_OpenResponse } from '../../chubby/v1/OpenResponse.js';
import type { CloseResponseFields as _chubby_v1_CloseResponseFields, CloseResponse as _chubby_v1_CloseResponse } from '../../chubby/v1/CloseResponse.js';
import type { GetContentsAndStatResponseFields as _chubby_v1_GetContentsAndStatResponseFields, GetContentsAndStatResponse as _chubby_v1_GetContentsAndStatResponse } from '../../chubby/v1/GetContentsAndStatResponse.js';
import type { GetStatResponseFields as _chubby_v1_GetStatResponseFields, GetStatResponse as _chubby_v1_GetStatResponse } from '../../chubby/v1/GetStatResponse.js';
import type { ReadDirResponseFields as _chubby_v1_ReadDirResponseFields, ReadDirResponse as _chubby_v1_ReadDirResponse } from '../../chubby/v1/ReadDirResponse.js';
import type { SetContentsResponseFields as _chubby_v1_SetContentsResponseFields, SetContentsResponse as _chubby_v1_SetContentsResponse } from '../../chubby/v1/SetContentsResponse.js';
import type { DeleteResponseFields as _chubby_v1_DeleteResponseFields, DeleteResponse as _chubby_v1_DeleteResponse } from '../../chubby/v1/DeleteResponse.js';
import type { AcquireResponseFields as _chubby_v1_AcquireResponseFields, AcquireResponse as _chubby_v1_AcquireResponse } from '../../chubby/v1/AcquireResponse.js';
import type { ReleaseResponseFields as _chubby_v1_ReleaseResponseFields, ReleaseResponse as _chubby_v1_ReleaseResponse } from '../../chubby/v1/ReleaseResponse.js';
import type { CancelResponseFields as _chubby_v1_CancelResponseFields, CancelResponse as _chubby_v1_CancelResponse } from '../../chubby/v1/CancelResponse.js';
import type { GetSequencerResponseFields as _chubby_v1_GetSequencerResponseFields, GetSequencerResponse as _chubby_v1_GetSequencerResponse } from '../../chubby/v1/GetSequencerResponse.js';
import type { CheckSequencerResponseFields as _chubby_v1_CheckSequencerResponseFields, CheckSequencerResponse as _chubby_v1_CheckSequencerResponse } from '../../chubby/v1/CheckSequencerResponse.js';
import type { PoisonResponseFields as _chubby_v1_PoisonResponseFields, PoisonResponse as _chubby_v1_PoisonResponse } from '../../chubby/v1/PoisonResponse.js';
import type { ReattachResponseFields as _chubby_v1_ReattachResponseFields, ReattachResponse as _chubby_v1_ReattachResponse } from '../../chubby/v1/ReattachResponse.js';
import type { SetAclResponseFields as _chubby_v1_SetAclResponseFields, SetAclResponse as _chubby_v1_SetAclResponse } from '../../chubby/v1/SetAclResponse.js';
import type { MultiOpResponseFields as _chubby_v1_MultiOpResponseFields, MultiOpResponse as _chubby_v1_MultiOpResponse } from '../../chubby/v1/MultiOpResponse.js';
import type { AcquireAllResponseFields as _chubby_v1_AcquireAllResponseFields, AcquireAllResponse as _chubby_v1_AcquireAllResponse } from '../../chubby/v1/AcquireAllResponse.js';
import type { SetSequencerResponseFields as _chubby_v1_SetSequencerResponseFields, SetSequencerResponse as _chubby_v1_SetSequencerResponse } from '../../chubby/v1/SetSequencerResponse.js';
import type { Long } from '@grpc/proto-loader';

export interface PipeReplyFields {
  'number'?: (number | string | Long);
  'failure'?: (_chubby_v1_FailureFields | null);
  'open'?: (_chubby_v1_OpenResponseFields | null);
  'close'?: (_chubby_v1_CloseResponseFields | null);
  'getContentsAndStat'?: (_chubby_v1_GetContentsAndStatResponseFields | null);
  'getStat'?: (_chubby_v1_GetStatResponseFields | null);
  'readDir'?: (_chubby_v1_ReadDirResponseFields | null);
  'setContents'?: (_chubby_v1_SetContentsResponseFields | null);
  'delete'?: (_chubby_v1_DeleteResponseFields | null);
  'acquire'?: (_chubby_v1_AcquireResponseFields | null);
  'tryAcquire'?: (_chubby_v1_AcquireResponseFields | null);
  'release'?: (_chubby_v1_ReleaseResponseFields | null);
  'cancel'?: (_chubby_v1_CancelResponseFields | null);
  'getSequencer'?: (_chubby_v1_GetSequencerResponseFields | null);
  'checkSequencer'?: (_chubby_v1_CheckSequencerResponseFields | null);
  'poison'?: (_chubby_v1_PoisonResponseFields | null);
  'reattach'?: (_chubby_v1_ReattachResponseFields | null);
  'setAcl'?: (_chubby_v1_SetAclResponseFields | null);
  'multiOp'?: (_chubby_v1_MultiOpResponseFields | null);
  'acquireAll'?: (_chubby_v1_AcquireAllResponseFields | null);
  'setSequencer'?: (_chubby_v1_SetSequencerResponseFields | null);
  'reply'?: "failure"|"open"|"close"|"getContentsAndStat"|"getStat"|"readDir"|"setContents"|"delete"|"acquire"|"tryAcquire"|"release"|"cancel"|"getSequencer"|"checkSequencer"|"poison"|"reattach"|"setAcl"|"multiOp"|"acquireAll"|"setSequencer";
}

export interface PipeReply {
  'number': (number);
  'failure'?: (_chubby_v1_Failure | null);
  'open'?: (_chubby_v1_OpenResponse | null);
  'close'?: (_chubby_v1_CloseResponse | null);
  'getContentsAndStat'?: (_chubby_v1_GetContentsAndStatResponse | null);
  'getStat'?: (_chubby_v1_GetStatResponse | null);
  'readDir'?: (_chubby_v1_ReadDirResponse | null);
  'setContents'?: (_chubby_v1_SetContentsResponse | null);
  'delete'?: (_chubby_v1_DeleteResponse | null);
  'acquire'?: (_chubby_v1_AcquireResponse | null);
  'tryAcquire'?: (_chubby_v1_AcquireResponse | null);
  'release'?: (_chubby_v1_ReleaseResponse | null);
  'cancel'?: (_chubby_v1_CancelResponse | null);
  'getSequencer'?: (_chubby_v1_GetSequencerResponse | null);
  'checkSequencer'?: (_chubby_v1_CheckSequencerResponse | null);
  'poison'?: (_chubby_v1_PoisonResponse | null);
  'reattach'?: (_chubby_v1_ReattachResponse | null);
  'setAcl'?: (_chubby_v1_SetAclResponse | null);
  'multiOp'?: (_chubby_v1_MultiOpResponse | null);
  'acquireAll'?: (_chubby_v1_AcquireAllResponse | null);
  'setSequencer'?: (_chubby_v1_SetSequencerResponse | null);
  'reply'?: "failure"|"open"|"close"|"getContentsAndStat"|"getStat"|"readDir"|"setContents"|"delete"|"acquire"|"tryAcquire"|"release"|"cancel"|"getSequencer"|"checkSequencer"|"poison"|"reattach"|"setAcl"|"multiOp"|"acquireAll"|"setSequencer";
}

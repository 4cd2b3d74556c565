// Original file: proto/chubby/v1/chubby.proto

import type { OpenRequestFields as _chubby_v1_OpenRequestFields, OpenRequest as _chubby_v1_OpenRequest } from '../../chubby/v1/OpenRequest.js';
import type { CloseRequestFields as _chubby_v1_CloseRequestFields, CloseRequest as _chubby_v1_CloseRequest } from '../../chubby/v1/CloseRequest.js';
import type { GetContentsAndStatRequestFields as _chubby_v1_GetContentsAndStatRequestFields, GetContentsAndStatRequest as _chubby_v1_GetContentsAndStatRequest } from '../../chubby/v1/GetContentsAndStatRequest.js';
import type { GetStatRequestFields as _chubby_v1_GetStatRequestFields, GetStatRequest as _chubby_v1_GetStatRequest } from '../../chubby/v1/GetStatRequest.js';
import type { ReadDirRequestFields as _chubby_v1_ReadDirRequestFields, ReadDirRequest as _chubby_v1_ReadDirRequest } from '../../chubby/v1/ReadDirRequest.js';
import type { SetContentsRequestFields as _chubby_v1_SetContentsRequestFields, SetContentsRequest as _chubby_v1_SetContentsRequest } from '../../chubby/v1/SetContentsRequest.js';
import type { DeleteRequestFields as _chubby_v1_DeleteRequestFields, DeleteRequest as _chubby_v1_DeleteRequest } from '../../chubby/v1/DeleteRequest.js';
import type { AcquireRequestFields as _chubby_v1_AcquireRequestFields, AcquireRequest as _chubby_v1_AcquireRequest } from '../../chubby/v1/AcquireRequest.js';
import type { TryAcquireRequestFields as _chubby_v1_TryAcquireRequestFields, TryAcquireRequest as _chubby_v1_TryAcquireRequest } from '../../chubby/v1/TryAcquireRequest.js';
import type { ReleaseRequestFields as _chubby_v1_ReleaseRequestFields, ReleaseRequest as _chubby_v1_ReleaseRequest } from '../../chubby/v1/ReleaseRequest.js';
import type { CancelRequestFields as _chubby_v1_CancelRequestFields, CancelRequest as _chubby_v1_CancelRequest } from '../../chubby/v1/CancelRequest.js';
import type { GetSequencerRequestFields as _chubby_v1_GetSequencerRequestFields, GetSequencerRequest as _chubby_v1_GetSequencerRequest } from '../../chubby/v1/GetSequencerRequest.js';
import type { CheckSequencerRequestFields as _chubby_v1_CheckSequencerRequestFields, CheckSequencerRequest as _chubby_v1_CheckSequencerRequest } from '../../chubby/v1/CheckSequencerRequest.js';
import type { PoisonRequestFields as _chubby_v1_PoisonRequestFields, PoisonRequest as _chubby_v1_PoisonRequest } from '../../chubby/v1/PoisonRequest.js';
import type { ReattachRequestFields as _chubby_v1_ReattachRequestFields, ReattachRequest as _chubby_v1_ReattachRequest } from '../../chubby/v1/ReattachRequest.js';
import type { SetAclRequestFields as _chubby_v1_SetAclRequestFields, SetAclRequest as _chubby_v1_SetAclRequest } from '../../chubby/v1/SetAclRequest.js';
import type { MultiOpRequestFields as _chubby_v1_MultiOpRequestFields, MultiOpRequest as _chubby_v1_MultiOpRequest } from '../../chubby/v1/MultiOpRequest.js';
import type { AcquireAllRequestFields as _chubby_v1_AcquireAllRequestFields, AcquireAllRequest as _chubby_v1_AcquireAllRequest } from '../../chubby/v1/AcquireAllRequest.js';
import type { SetSequencerRequestFields as _chubby_v1_SetSequencerRequestFields, SetSequencerRequest as _chubby_v1_SetSequencerRequest } from '../../chubby/v1/SetSequencerRequest.js';
import type { Long } from '@grpc/proto-loader';

export interface PipeCallFields {
  'number'?: (number | string | Long);
  /**
   * How long the client waits for the answer at most; 0 for no limit.
   */
  'timeLimitMs'?: (number);
  'open'?: (_chubby_v1_OpenRequestFields | null);
  'close'?: (_chubby_v1_CloseRequestFields | null);
  'getContentsAndStat'?: (_chubby_v1_GetContentsAndStatRequestFields | null);
  'getStat'?: (_chubby_v1_GetStatRequestFields | null);
  'readDir'?: (_chubby_v1_ReadDirRequestFields | null);
  'setContents'?: (_chubby_v1_SetContentsRequestFields | null);
  'delete'?: (_chubby_v1_DeleteRequestFields | null);
  'acquire'?: (_chubby_v1_AcquireRequestFields | null);
  'tryAcquire'?: (_chubby_v1_TryAcquireRequestFields | null);
  'release'?: (_chubby_v1_ReleaseRequestFields | null);
  'cancel'?: (_chubby_v1_CancelRequestFields | null);
  'getSequencer'?: (_chubby_v1_GetSequencerRequestFields | null);
  'checkSequencer'?: (_chubby_v1_CheckSequencerRequestFields | null);
  'poison'?: (_chubby_v1_PoisonRequestFields | null);
  'reattach'?: (_chubby_v1_ReattachRequestFields | null);
  'setAcl'?: (_chubby_v1_SetAclRequestFields | null);
  'multiOp'?: (_chubby_v1_MultiOpRequestFields | null);
  'acquireAll'?: (_chubby_v1_AcquireAllRequestFields | null);
  'setSequencer'?: (_chubby_v1_SetSequencerRequestFields | null);
  'call'?: "open"|"close"|"getContentsAndStat"|"getStat"|"readDir"|"setContents"|"delete"|"acquire"|"tryAcquire"|"release"|"cancel"|"getSequencer"|"checkSequencer"|"poison"|"reattach"|"setAcl"|"multiOp"|"acquireAll"|"setSequencer";
}

export interface PipeCall {
  'number': (number);
  /**
   * How long the client waits for the answer at most; 0 for no limit.
   */
  'timeLimitMs': (number);
  'open'?: (_chubby_v1_OpenRequest | null);
  'close'?: (_chubby_v1_CloseRequest | null);
  'getContentsAndStat'?: (_chubby_v1_GetContentsAndStatRequest | null);
  'getStat'?: (_chubby_v1_GetStatRequest | null);
  'readDir'?: (_chubby_v1_ReadDirRequest | null);
  'setContents'?: (_chubby_v1_SetContentsRequest | null);
  'delete'?: (_chubby_v1_DeleteRequest | null);
  'acquire'?: (_chubby_v1_AcquireRequest | null);
  'tryAcquire'?: (_chubby_v1_TryAcquireRequest | null);
  'release'?: (_chubby_v1_ReleaseRequest | null);
  'cancel'?: (_chubby_v1_CancelRequest | null);
  'getSequencer'?: (_chubby_v1_GetSequencerRequest | null);
  'checkSequencer'?: (_chubby_v1_CheckSequencerRequest | null);
  'poison'?: (_chubby_v1_PoisonRequest | null);
  'reattach'?: (_chubby_v1_ReattachRequest | null);
  'setAcl'?: (_chubby_v1_SetAclRequest | null);
  'multiOp'?: (_chubby_v1_MultiOpRequest | null);
  'acquireAll'?: (_chubby_v1_AcquireAllRequest | null);
  'setSequencer'?: (_chubby_v1_SetSequencerRequest | null);
  'call'?: "open"|"close"|"getContentsAndStat"|"getStat"|"readDir"|"setContents"|"delete"|"acquire"|"tryAcquire"|"release"|"cancel"|"getSequencer"|"checkSequencer"|"poison"|"reattach"|"setAcl"|"multiOp"|"acquireAll"|"setSequencer";
}

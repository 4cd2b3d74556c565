import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AcceptFields as _chubby_peer_v1_AcceptFields, Accept as _chubby_peer_v1_Accept } from './chubby/peer/v1/Accept.js';
import type { AcceptedFields as _chubby_peer_v1_AcceptedFields, Accepted as _chubby_peer_v1_Accepted } from './chubby/peer/v1/Accepted.js';
import type { AcceptedRecordFields as _chubby_peer_v1_AcceptedRecordFields, AcceptedRecord as _chubby_peer_v1_AcceptedRecord } from './chubby/peer/v1/AcceptedRecord.js';
import type { BallotFields as _chubby_peer_v1_BallotFields, Ballot as _chubby_peer_v1_Ballot } from './chubby/peer/v1/Ballot.js';
import type { BirthAnnouncementFields as _chubby_peer_v1_BirthAnnouncementFields, BirthAnnouncement as _chubby_peer_v1_BirthAnnouncement } from './chubby/peer/v1/BirthAnnouncement.js';
import type { CatchUpReplyFields as _chubby_peer_v1_CatchUpReplyFields, CatchUpReply as _chubby_peer_v1_CatchUpReply } from './chubby/peer/v1/CatchUpReply.js';
import type { CatchUpRequestFields as _chubby_peer_v1_CatchUpRequestFields, CatchUpRequest as _chubby_peer_v1_CatchUpRequest } from './chubby/peer/v1/CatchUpRequest.js';
import type { DigestReportFields as _chubby_peer_v1_DigestReportFields, DigestReport as _chubby_peer_v1_DigestReport } from './chubby/peer/v1/DigestReport.js';
import type { DigestVerdictFields as _chubby_peer_v1_DigestVerdictFields, DigestVerdict as _chubby_peer_v1_DigestVerdict } from './chubby/peer/v1/DigestVerdict.js';
import type { FrameFields as _chubby_peer_v1_FrameFields, Frame as _chubby_peer_v1_Frame } from './chubby/peer/v1/Frame.js';
import type { HeartbeatFields as _chubby_peer_v1_HeartbeatFields, Heartbeat as _chubby_peer_v1_Heartbeat } from './chubby/peer/v1/Heartbeat.js';
import type { HeartbeatReplyFields as _chubby_peer_v1_HeartbeatReplyFields, HeartbeatReply as _chubby_peer_v1_HeartbeatReply } from './chubby/peer/v1/HeartbeatReply.js';
import type { IdentityFields as _chubby_peer_v1_IdentityFields, Identity as _chubby_peer_v1_Identity } from './chubby/peer/v1/Identity.js';
import type { JoinRequestFields as _chubby_peer_v1_JoinRequestFields, JoinRequest as _chubby_peer_v1_JoinRequest } from './chubby/peer/v1/JoinRequest.js';
import type { MessageFields as _chubby_peer_v1_MessageFields, Message as _chubby_peer_v1_Message } from './chubby/peer/v1/Message.js';
import type { NackFields as _chubby_peer_v1_NackFields, Nack as _chubby_peer_v1_Nack } from './chubby/peer/v1/Nack.js';
import type { PeerClient as _chubby_peer_v1_PeerClient, PeerDefinition as _chubby_peer_v1_PeerDefinition } from './chubby/peer/v1/Peer.js';
import type { PreVoteFields as _chubby_peer_v1_PreVoteFields, PreVote as _chubby_peer_v1_PreVote } from './chubby/peer/v1/PreVote.js';
import type { PreVoteReplyFields as _chubby_peer_v1_PreVoteReplyFields, PreVoteReply as _chubby_peer_v1_PreVoteReply } from './chubby/peer/v1/PreVoteReply.js';
import type { PrepareFields as _chubby_peer_v1_PrepareFields, Prepare as _chubby_peer_v1_Prepare } from './chubby/peer/v1/Prepare.js';
import type { PromiseFields as _chubby_peer_v1_PromiseFields, Promise as _chubby_peer_v1_Promise } from './chubby/peer/v1/Promise.js';
import type { ReleaseFields as _chubby_peer_v1_ReleaseFields, Release as _chubby_peer_v1_Release } from './chubby/peer/v1/Release.js';
import type { SnapshotPieceFields as _chubby_peer_v1_SnapshotPieceFields, SnapshotPiece as _chubby_peer_v1_SnapshotPiece } from './chubby/peer/v1/SnapshotPiece.js';
import type { SnapshotRequestFields as _chubby_peer_v1_SnapshotRequestFields, SnapshotRequest as _chubby_peer_v1_SnapshotRequest } from './chubby/peer/v1/SnapshotRequest.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  chubby: {
    peer: {
      v1: {
        Accept: MessageTypeDefinition<_chubby_peer_v1_AcceptFields, _chubby_peer_v1_Accept>
        Accepted: MessageTypeDefinition<_chubby_peer_v1_AcceptedFields, _chubby_peer_v1_Accepted>
        AcceptedRecord: MessageTypeDefinition<_chubby_peer_v1_AcceptedRecordFields, _chubby_peer_v1_AcceptedRecord>
        Ballot: MessageTypeDefinition<_chubby_peer_v1_BallotFields, _chubby_peer_v1_Ballot>
        BirthAnnouncement: MessageTypeDefinition<_chubby_peer_v1_BirthAnnouncementFields, _chubby_peer_v1_BirthAnnouncement>
        CatchUpReply: MessageTypeDefinition<_chubby_peer_v1_CatchUpReplyFields, _chubby_peer_v1_CatchUpReply>
        CatchUpRequest: MessageTypeDefinition<_chubby_peer_v1_CatchUpRequestFields, _chubby_peer_v1_CatchUpRequest>
        DigestReport: MessageTypeDefinition<_chubby_peer_v1_DigestReportFields, _chubby_peer_v1_DigestReport>
        DigestVerdict: MessageTypeDefinition<_chubby_peer_v1_DigestVerdictFields, _chubby_peer_v1_DigestVerdict>
        Frame: MessageTypeDefinition<_chubby_peer_v1_FrameFields, _chubby_peer_v1_Frame>
        Heartbeat: MessageTypeDefinition<_chubby_peer_v1_HeartbeatFields, _chubby_peer_v1_Heartbeat>
        HeartbeatReply: MessageTypeDefinition<_chubby_peer_v1_HeartbeatReplyFields, _chubby_peer_v1_HeartbeatReply>
        Identity: MessageTypeDefinition<_chubby_peer_v1_IdentityFields, _chubby_peer_v1_Identity>
        JoinRequest: MessageTypeDefinition<_chubby_peer_v1_JoinRequestFields, _chubby_peer_v1_JoinRequest>
        Message: MessageTypeDefinition<_chubby_peer_v1_MessageFields, _chubby_peer_v1_Message>
        Nack: MessageTypeDefinition<_chubby_peer_v1_NackFields, _chubby_peer_v1_Nack>
        Peer: SubtypeConstructor<typeof grpc.Client, _chubby_peer_v1_PeerClient> & { service: _chubby_peer_v1_PeerDefinition }
        PreVote: MessageTypeDefinition<_chubby_peer_v1_PreVoteFields, _chubby_peer_v1_PreVote>
        PreVoteReply: MessageTypeDefinition<_chubby_peer_v1_PreVoteReplyFields, _chubby_peer_v1_PreVoteReply>
        Prepare: MessageTypeDefinition<_chubby_peer_v1_PrepareFields, _chubby_peer_v1_Prepare>
        Promise: MessageTypeDefinition<_chubby_peer_v1_PromiseFields, _chubby_peer_v1_Promise>
        Release: MessageTypeDefinition<_chubby_peer_v1_ReleaseFields, _chubby_peer_v1_Release>
        SnapshotPiece: MessageTypeDefinition<_chubby_peer_v1_SnapshotPieceFields, _chubby_peer_v1_SnapshotPiece>
        SnapshotRequest: MessageTypeDefinition<_chubby_peer_v1_SnapshotRequestFields, _chubby_peer_v1_SnapshotRequest>
      }
    }
  }
}


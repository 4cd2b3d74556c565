// Original file: proto/chubby/peer/v1/peer.proto

import type { BirthAnnouncementFields as _chubby_peer_v1_BirthAnnouncementFields, BirthAnnouncement as _chubby_peer_v1_BirthAnnouncement } from '../../../chubby/peer/v1/BirthAnnouncement.js';
import type { PreVoteFields as _chubby_peer_v1_PreVoteFields, PreVote as _chubby_peer_v1_PreVote } from '../../../chubby/peer/v1/PreVote.js';
import type { PreVoteReplyFields as _chubby_peer_v1_PreVoteReplyFields, PreVoteReply as _chubby_peer_v1_PreVoteReply } from '../../../chubby/peer/v1/PreVoteReply.js';
import type { PrepareFields as _chubby_peer_v1_PrepareFields, Prepare as _chubby_peer_v1_Prepare } from '../../../chubby/peer/v1/Prepare.js';
import type { PromiseFields as _chubby_peer_v1_PromiseFields, Promise as _chubby_peer_v1_Promise } from '../../../chubby/peer/v1/Promise.js';
import type { AcceptFields as _chubby_peer_v1_AcceptFields, Accept as _chubby_peer_v1_Accept } from '../../../chubby/peer/v1/Accept.js';
import type { AcceptedFields as _chubby_peer_v1_AcceptedFields, Accepted as _chubby_peer_v1_Accepted } from '../../../chubby/peer/v1/Accepted.js';
import type { HeartbeatFields as _chubby_peer_v1_HeartbeatFields, Heartbeat as _chubby_peer_v1_Heartbeat } from '../../../chubby/peer/v1/Heartbeat.js';
import type { HeartbeatReplyFields as _chubby_peer_v1_HeartbeatReplyFields, HeartbeatReply as _chubby_peer_v1_HeartbeatReply } from '../../../chubby/peer/v1/HeartbeatReply.js';
import type { NackFields as _chubby_peer_v1_NackFields, Nack as _chubby_peer_v1_Nack } from '../../../chubby/peer/v1/Nack.js';
import type { CatchUpRequestFields as _chubby_peer_v1_CatchUpRequestFields, CatchUpRequest as _chubby_peer_v1_CatchUpRequest } from '../../../chubby/peer/v1/CatchUpRequest.js';
import type { CatchUpReplyFields as _chubby_peer_v1_CatchUpReplyFields, CatchUpReply as _chubby_peer_v1_CatchUpReply } from '../../../chubby/peer/v1/CatchUpReply.js';
import type { ReleaseFields as _chubby_peer_v1_ReleaseFields, Release as _chubby_peer_v1_Release } from '../../../chubby/peer/v1/Release.js';
import type { SnapshotRequestFields as _chubby_peer_v1_SnapshotRequestFields, SnapshotRequest as _chubby_peer_v1_SnapshotRequest } from '../../../chubby/peer/v1/SnapshotRequest.js';
import type { SnapshotPieceFields as _chubby_peer_v1_SnapshotPieceFields, SnapshotPiece as _chubby_peer_v1_SnapshotPiece } from '../../../chubby/peer/v1/SnapshotPiece.js';
import type { JoinRequestFields as _chubby_peer_v1_JoinRequestFields, JoinRequest as _chubby_peer_v1_JoinRequest } from '../../../chubby/peer/v1/JoinRequest.js';
import type { DigestReportFields as _chubby_peer_v1_DigestReportFields, DigestReport as _chubby_peer_v1_DigestReport } from '../../../chubby/peer/v1/DigestReport.js';
import type { DigestVerdictFields as _chubby_peer_v1_DigestVerdictFields, DigestVerdict as _chubby_peer_v1_DigestVerdict } from '../../../chubby/peer/v1/DigestVerdict.js';

export interface MessageFields {
  'birth'?: (_chubby_peer_v1_BirthAnnouncementFields | null);
  'preVote'?: (_chubby_peer_v1_PreVoteFields | null);
  'preVoteReply'?: (_chubby_peer_v1_PreVoteReplyFields | null);
  'prepare'?: (_chubby_peer_v1_PrepareFields | null);
  'promise'?: (_chubby_peer_v1_PromiseFields | null);
  'accept'?: (_chubby_peer_v1_AcceptFields | null);
  'accepted'?: (_chubby_peer_v1_AcceptedFields | null);
  'heartbeat'?: (_chubby_peer_v1_HeartbeatFields | null);
  'heartbeatReply'?: (_chubby_peer_v1_HeartbeatReplyFields | null);
  'nack'?: (_chubby_peer_v1_NackFields | null);
  'catchUpRequest'?: (_chubby_peer_v1_CatchUpRequestFields | null);
  'catchUpReply'?: (_chubby_peer_v1_CatchUpReplyFields | null);
  'release'?: (_chubby_peer_v1_ReleaseFields | null);
  'snapshotRequest'?: (_chubby_peer_v1_SnapshotRequestFields | null);
  'snapshotPiece'?: (_chubby_peer_v1_SnapshotPieceFields | null);
  'joinRequest'?: (_chubby_peer_v1_JoinRequestFields | null);
  'digestReport'?: (_chubby_peer_v1_DigestReportFields | null);
  'digestVerdict'?: (_chubby_peer_v1_DigestVerdictFields | null);
  'message'?: "birth"|"preVote"|"preVoteReply"|"prepare"|"promise"|"accept"|"accepted"|"heartbeat"|"heartbeatReply"|"nack"|"catchUpRequest"|"catchUpReply"|"release"|"snapshotRequest"|"snapshotPiece"|"joinRequest"|"digestReport"|"digestVerdict";
}

export interface Message {
  'birth'?: (_chubby_peer_v1_BirthAnnouncement | null);
  'preVote'?: (_chubby_peer_v1_PreVote | null);
  'preVoteReply'?: (_chubby_peer_v1_PreVoteReply | null);
  'prepare'?: (_chubby_peer_v1_Prepare | null);
  'promise'?: (_chubby_peer_v1_Promise | null);
  'accept'?: (_chubby_peer_v1_Accept | null);
  'accepted'?: (_chubby_peer_v1_Accepted | null);
  'heartbeat'?: (_chubby_peer_v1_Heartbeat | null);
  'heartbeatReply'?: (_chubby_peer_v1_HeartbeatReply | null);
  'nack'?: (_chubby_peer_v1_Nack | null);
  'catchUpRequest'?: (_chubby_peer_v1_CatchUpRequest | null);
  'catchUpReply'?: (_chubby_peer_v1_CatchUpReply | null);
  'release'?: (_chubby_peer_v1_Release | null);
  'snapshotRequest'?: (_chubby_peer_v1_SnapshotRequest | null);
  'snapshotPiece'?: (_chubby_peer_v1_SnapshotPiece | null);
  'joinRequest'?: (_chubby_peer_v1_JoinRequest | null);
  'digestReport'?: (_chubby_peer_v1_DigestReport | null);
  'digestVerdict'?: (_chubby_peer_v1_DigestVerdict | null);
  'message'?: "birth"|"preVote"|"preVoteReply"|"prepare"|"promise"|"accept"|"accepted"|"heartbeat"|"heartbeatReply"|"nack"|"catchUpRequest"|"catchUpReply"|"release"|"snapshotRequest"|"snapshotPiece"|"joinRequest"|"digestReport"|"digestVerdict";
}

import type { AcceptedRecord } from '../paxos/accepted-record.js';
import type { PeerFrame, PeerMessage } from '../replica/transport.js';

/**
 * Each peer has three connections, so that neither a long answer to one that lags behind nor values on their way ever
 * delay a heartbeat: `bulk` for what carries many old values, `values` for new ones, `control` for all the rest.
 */
export const LANES = ['control', 'values', 'bulk'] as const;
export type LaneName = (typeof LANES)[number];

/** What one frame is filled up to; a single message may be larger. */
export const FRAME_BYTES = 2 * 1024 * 1024;
/** A promise of less goes with the control messages: an election waits for it. */
const BULK_BYTES = 64 * 1024;
/** An upper bound for a message, or a record inside one, without its values and lists. */
const FIXED_BYTES = 128;
const IDENTITY_BYTES = 32;
const COUNTER_BYTES = 8;

/** A frame's messages, by lane and in frames of bearable size, in their order. */
export function splitByLane(frame: PeerFrame): { readonly lane: LaneName; readonly frame: PeerFrame }[] {
  const parts: { lane: LaneName; frame: PeerFrame }[] = [];
  const open = new Map<LaneName, { messages: PeerMessage[]; sizeBytes: number }>();
  for (const message of frame.messages) {
    const sizeBytes = estimatedBytes(message);
    const lane = laneOf(message, sizeBytes);
    let part = open.get(lane);
    if (part === undefined || part.sizeBytes + sizeBytes > FRAME_BYTES) {
      part = { messages: [], sizeBytes: 0 };
      open.set(lane, part);
      parts.push({ lane, frame: { ...frame, messages: part.messages } });
    }
    part.messages.push(message);
    part.sizeBytes += sizeBytes;
  }
  return parts;
}

function laneOf(message: PeerMessage, sizeBytes: number): LaneName {
  switch (message.type) {
    case 'catchUpReply':
      return message.chosen.length > 0 ? 'bulk' : 'control';
    case 'promise':
      return sizeBytes > BULK_BYTES ? 'bulk' : 'control';
    case 'snapshotPiece':
      return 'bulk';
    case 'accept':
      return 'values';
    case 'accepted':
    case 'birth':
    case 'catchUpRequest':
    case 'heartbeat':
    case 'heartbeatReply':
    case 'nack':
    case 'preVote':
    case 'preVoteReply':
    case 'prepare':
    case 'release':
    case 'snapshotRequest':
    case 'joinRequest':
    case 'digestReport':
    case 'digestVerdict':
      return 'control';
  }
}

/** An upper bound, near enough, of a message's size on the wire. */
function estimatedBytes(message: PeerMessage): number {
  switch (message.type) {
    case 'accept':
      return FIXED_BYTES + message.value.length;
    case 'accepted':
      return FIXED_BYTES + message.slots.length * COUNTER_BYTES;
    case 'promise':
      return FIXED_BYTES + bytesOf(message.accepted);
    case 'catchUpReply':
      return FIXED_BYTES + bytesOf(message.chosen);
    case 'snapshotPiece':
      return FIXED_BYTES + message.bytes.length;
    case 'birth':
      return FIXED_BYTES + (message.founders?.length ?? 0) * IDENTITY_BYTES;
    case 'catchUpRequest':
    case 'heartbeat':
    case 'heartbeatReply':
    case 'nack':
    case 'preVote':
    case 'preVoteReply':
    case 'prepare':
    case 'release':
    case 'snapshotRequest':
    case 'joinRequest':
    case 'digestReport':
    case 'digestVerdict':
      return FIXED_BYTES;
  }
}

const bytesOf = (records: readonly AcceptedRecord[]): number =>
  records.reduce((sum, record) => sum + FIXED_BYTES + record.value.length, 0);

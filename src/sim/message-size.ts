import type { AcceptedRecord } from '../paxos/accepted-record.js';
import type { PeerFrame, PeerMessage } from '../replica/transport.js';
import type { Call, Reply } from '../service/call.js';

/** A message without the values in it, near enough. */
const FIXED_BYTES = 150;

/** What a frame between replicas weighs on a link. */
export const frameBytes = (frame: PeerFrame): number =>
  frame.messages.reduce((sum, message) => sum + FIXED_BYTES + valueBytes(message), 0);

function valueBytes(message: PeerMessage): number {
  if (message.type === 'accept') return message.value.length;
  if (message.type === 'snapshotPiece') return message.bytes.length;
  if (message.type === 'promise') return recordBytes(message.accepted);
  return message.type === 'catchUpReply' ? recordBytes(message.chosen) : 0;
}

const recordBytes = (records: readonly AcceptedRecord[]): number =>
  records.reduce((sum, { value }) => sum + FIXED_BYTES + value.length, 0);

/** What a client's call weighs. */
export const callBytes = (call: Call): number =>
  FIXED_BYTES + (call.name === 'setContents' ? call.request.contents.length : 0);

/** What its answer weighs. */
export const replyBytes = (reply: Reply): number =>
  FIXED_BYTES + ('response' in reply && 'contents' in reply.response ? reply.response.contents.length : 0);

import { assertNever } from '../common/assert.js';
import { ownedCopy } from '../common/bytes.js';
import type { AcceptedRecord } from '../paxos/accepted-record.js';
import type { Ballot, Identity, Incarnation, ReplicaId, Slot } from '../paxos/ballot.js';
import type { Value } from '../paxos/value.js';
import type { BirthAnnouncement, PeerFrame, PeerMessage } from '../replica/transport.js';
import type { CellId } from '../storage/identity-store.js';
import type { AcceptedRecord as WireRecord, AcceptedRecordFields } from '../wire/gen/chubby/peer/v1/AcceptedRecord.js';
import type { Ballot as WireBallot, BallotFields } from '../wire/gen/chubby/peer/v1/Ballot.js';
import type { BirthAnnouncement as WireBirth } from '../wire/gen/chubby/peer/v1/BirthAnnouncement.js';
import type { Frame, FrameFields } from '../wire/gen/chubby/peer/v1/Frame.js';
import type { Identity as WireIdentity, IdentityFields } from '../wire/gen/chubby/peer/v1/Identity.js';
import type { Message, MessageFields } from '../wire/gen/chubby/peer/v1/Message.js';
import { MalformedMessage } from '../wire/well-formed.js';
import { codecOf } from './proto.js';

const FORMAT_VERSION = 1;
const CELL_ID_BYTES = 16;
const INCARNATION_BYTES = 8;
const DIGEST_BYTES = 16;
/** A value that is a smaller part of its frame than this is copied, so that it keeps no frame alive. */
const VIEW_FRACTION = 1 / 8;

const codec = codecOf<FrameFields, Frame>('chubby.peer.v1.Frame');

/** A frame as bytes. Values are copied once, into the result. */
export function encodeFrame(frame: PeerFrame): Buffer {
  const { replicaId, incarnation } = frame.to;
  return codec.encode({
    formatVersion: FORMAT_VERSION,
    from: identityFields(frame.from),
    to: incarnation === undefined ? { replicaId } : { replicaId, incarnation: Buffer.from(incarnation, 'hex') },
    messages: frame.messages.map(messageFields),
    ...(frame.cellId !== undefined && { cellId: Buffer.from(frame.cellId, 'hex') }),
    ...(frame.sentUs !== undefined && { sentUs: frame.sentUs }),
  });
}

/**
 * A frame from bytes that anybody may have sent. Large values are views of `bytes` and keep it alive until they are
 * chosen and applied; that costs at most eight times their size, mostly next to nothing: a frame is little else than
 * the values of one turn, which are applied together.
 *
 * @throws MalformedMessage for anything that {@link encodeFrame} does not produce, but for kinds of messages that only a
 * later version knows: those are left out
 */
export function decodeFrame(bytes: Buffer): PeerFrame {
  const frame = codec.decode(bytes);
  if (frame.formatVersion !== FORMAT_VERSION) {
    throw new MalformedMessage(`frame format ${frame.formatVersion} is not known here`);
  }
  const to = present(frame.to, 'to');
  const decoder = new MessageDecoder(bytes.length);
  return {
    from: readIdentity(frame.from),
    to:
      to.incarnation.length === 0
        ? { replicaId: to.replicaId as ReplicaId }
        : { replicaId: to.replicaId as ReplicaId, incarnation: readIncarnation(to.incarnation) },
    messages: frame.messages.map((message) => decoder.read(message)).filter((message) => message !== undefined),
    ...(frame.cellId.length > 0 && { cellId: readCellId(frame.cellId) }),
    ...(frame.sentUs > 0 && { sentUs: frame.sentUs }),
  };
}

const identityFields = (identity: Identity): IdentityFields => ({
  replicaId: identity.replicaId,
  incarnation: Buffer.from(identity.incarnation, 'hex'),
});

const ballotFields = (ballot: Ballot): BallotFields => ({ round: ballot.round, owner: identityFields(ballot) });

const recordFields = (record: AcceptedRecord): AcceptedRecordFields => ({
  slot: record.slot,
  ballot: ballotFields(record.ballot),
  value: record.value,
});

function messageFields(message: PeerMessage): MessageFields {
  switch (message.type) {
    case 'birth':
      return {
        birth: {
          stage: message.stage,
          offeredCellId: Buffer.from(message.offeredCellId, 'hex'),
          answerWanted: message.answerWanted,
          ...(message.cellId !== undefined && { cellId: Buffer.from(message.cellId, 'hex') }),
          ...(message.founders !== undefined && { founders: message.founders.map(identityFields) }),
        },
      };
    case 'preVote':
      return { preVote: { ...message, ballot: ballotFields(message.ballot) } };
    case 'preVoteReply':
      return {
        preVoteReply: { ...message, ballot: ballotFields(message.ballot), promised: ballotFields(message.promised) },
      };
    case 'prepare':
      return { prepare: { ...message, ballot: ballotFields(message.ballot) } };
    case 'promise':
      return {
        promise: { ...message, ballot: ballotFields(message.ballot), accepted: message.accepted.map(recordFields) },
      };
    case 'accept':
      return { accept: { ...message, ballot: ballotFields(message.ballot) } };
    case 'accepted':
      return { accepted: { ...message, ballot: ballotFields(message.ballot), slots: [...message.slots] } };
    case 'heartbeat':
      return { heartbeat: { ...message, ballot: ballotFields(message.ballot) } };
    case 'heartbeatReply':
      return { heartbeatReply: { ...message, ballot: ballotFields(message.ballot) } };
    case 'nack':
      return { nack: { ballot: ballotFields(message.ballot), promised: ballotFields(message.promised) } };
    case 'catchUpRequest':
      return { catchUpRequest: { fromSlot: message.fromSlot } };
    case 'catchUpReply':
      return { catchUpReply: { ...message, chosen: message.chosen.map(recordFields) } };
    case 'release':
      return { release: { ballot: ballotFields(message.ballot), successor: message.successor } };
    case 'digestReport':
      return { digestReport: { slot: message.slot, digest: Buffer.from(message.digest, 'hex') } };
    case 'digestVerdict':
      return { digestVerdict: { slot: message.slot, digest: Buffer.from(message.digest ?? '', 'hex') } };
    case 'joinRequest':
      return { joinRequest: {} };
    case 'snapshotRequest':
      return { snapshotRequest: { slot: message.slot, offset: message.offset } };
    case 'snapshotPiece':
      return { snapshotPiece: { ...message, bytes: message.bytes } };
    default:
      return assertNever(message, 'messageFields');
  }
}

/** Reads the messages of one frame; knows how large that is. */
class MessageDecoder {
  constructor(private readonly frameBytes: number) {}

  /** Nothing for a kind that only a later version knows: to this one it is as good as lost. (docs/UPGRADES.md) */
  read(wire: Message): PeerMessage | undefined {
    switch (wire.message) {
      case 'birth':
        return readBirth(present(wire.birth, 'birth'));
      case 'preVote': {
        const { ballot, configurationNumber } = present(wire.preVote, 'preVote');
        return { type: 'preVote', ballot: readBallot(ballot), configurationNumber };
      }
      case 'preVoteReply': {
        const { ballot, granted, promised } = present(wire.preVoteReply, 'preVoteReply');
        return { type: 'preVoteReply', ballot: readBallot(ballot), granted, promised: readBallot(promised) };
      }
      case 'prepare': {
        const { ballot, firstUnchosenSlot, configurationNumber } = present(wire.prepare, 'prepare');
        return {
          type: 'prepare',
          ballot: readBallot(ballot),
          firstUnchosenSlot: firstUnchosenSlot as Slot,
          configurationNumber,
        };
      }
      case 'promise': {
        const promise = present(wire.promise, 'promise');
        return {
          type: 'promise',
          ballot: readBallot(promise.ballot),
          accepted: this.#records(promise.accepted),
          chosenUpTo: promise.chosenUpTo as Slot,
          configurationNumber: promise.configurationNumber,
          answer: promise.answer,
          part: promise.part,
          parts: promise.parts,
        };
      }
      case 'accept': {
        const accept = present(wire.accept, 'accept');
        return {
          type: 'accept',
          ballot: readBallot(accept.ballot),
          slot: accept.slot as Slot,
          value: this.#value(accept.value),
          configurationNumber: accept.configurationNumber,
          chosenUpTo: accept.chosenUpTo as Slot,
          leaseMs: accept.leaseMs,
          transmission: accept.transmission,
          usesReserve: accept.usesReserve,
        };
      }
      case 'accepted': {
        const { ballot, slots, configurationNumber, transmission, chosenUpTo } = present(wire.accepted, 'accepted');
        return {
          type: 'accepted',
          ballot: readBallot(ballot),
          slots: slots as Slot[],
          configurationNumber,
          transmission,
          chosenUpTo: chosenUpTo as Slot,
        };
      }
      case 'heartbeat': {
        const heartbeat = present(wire.heartbeat, 'heartbeat');
        return {
          type: 'heartbeat',
          ballot: readBallot(heartbeat.ballot),
          chosenUpTo: heartbeat.chosenUpTo as Slot,
          leaseMs: heartbeat.leaseMs,
          transmission: heartbeat.transmission,
          configurationNumber: heartbeat.configurationNumber,
          usesReserve: heartbeat.usesReserve,
        };
      }
      case 'heartbeatReply': {
        const { ballot, transmission, chosenUpTo, short } = present(wire.heartbeatReply, 'heartbeatReply');
        return {
          type: 'heartbeatReply',
          ballot: readBallot(ballot),
          transmission,
          chosenUpTo: chosenUpTo as Slot,
          short,
        };
      }
      case 'nack': {
        const { ballot, promised } = present(wire.nack, 'nack');
        return { type: 'nack', ballot: readBallot(ballot), promised: readBallot(promised) };
      }
      case 'catchUpRequest':
        return { type: 'catchUpRequest', fromSlot: present(wire.catchUpRequest, 'catchUpRequest').fromSlot as Slot };
      case 'catchUpReply': {
        const { fromSlot, chosen, chosenUpTo, firstSlot } = present(wire.catchUpReply, 'catchUpReply');
        return {
          type: 'catchUpReply',
          fromSlot: fromSlot as Slot,
          chosen: this.#records(chosen),
          chosenUpTo: chosenUpTo as Slot,
          firstSlot: firstSlot as Slot,
        };
      }
      case 'release': {
        const { ballot, successor } = present(wire.release, 'release');
        return { type: 'release', ballot: readBallot(ballot), successor: successor as ReplicaId };
      }
      case 'joinRequest':
        return { type: 'joinRequest' };
      case 'digestReport': {
        const { slot, digest } = present(wire.digestReport, 'digestReport');
        return { type: 'digestReport', slot: slot as Slot, digest: readDigest(digest) };
      }
      case 'digestVerdict': {
        const { slot, digest } = present(wire.digestVerdict, 'digestVerdict');
        return { type: 'digestVerdict', slot: slot as Slot, ...(digest.length > 0 && { digest: readDigest(digest) }) };
      }
      case 'snapshotRequest': {
        const { slot, offset } = present(wire.snapshotRequest, 'snapshotRequest');
        return { type: 'snapshotRequest', slot: slot as Slot, offset };
      }
      case 'snapshotPiece': {
        const { slot, offset, totalBytes, bytes } = present(wire.snapshotPiece, 'snapshotPiece');
        return { type: 'snapshotPiece', slot: slot as Slot, offset, totalBytes, bytes };
      }
      case undefined:
        return undefined;
      default:
        return assertNever(wire.message, 'MessageDecoder.read');
    }
  }

  #records(records: readonly WireRecord[]): AcceptedRecord[] {
    return records.map(({ slot, ballot, value }) => ({
      slot: slot as Slot,
      ballot: readBallot(ballot),
      value: this.#value(value),
    }));
  }

  #value(bytes: Buffer): Value {
    return (bytes.length < this.frameBytes * VIEW_FRACTION ? ownedCopy(bytes) : bytes) as Uint8Array as Value;
  }
}

function readBirth(wire: WireBirth): BirthAnnouncement {
  const { stage } = wire;
  if (stage !== 'asking' && stage !== 'forming' && stage !== 'member') {
    throw new MalformedMessage('a stage of birth that is not known here');
  }
  return {
    type: 'birth',
    stage,
    offeredCellId: readCellId(wire.offeredCellId),
    answerWanted: wire.answerWanted,
    ...(wire.cellId.length > 0 && { cellId: readCellId(wire.cellId) }),
    // An empty list and none are the same on the wire; from `forming` on there are founders.
    ...(wire.founders.length > 0 && { founders: wire.founders.map(readIdentity) }),
  };
}

function readBallot(wire: WireBallot | null): Ballot {
  const { round, owner } = present(wire, 'ballot');
  return { round, ...readIdentity(owner) };
}

function readIdentity(wire: WireIdentity | null): Identity {
  const { replicaId, incarnation } = present(wire, 'identity');
  return { replicaId: replicaId as ReplicaId, incarnation: readIncarnation(incarnation) };
}

function readIncarnation(bytes: Buffer): Incarnation {
  if (bytes.length !== INCARNATION_BYTES) throw new MalformedMessage(`an incarnation of ${bytes.length} bytes`);
  return bytes.toString('hex') as Incarnation;
}

function readDigest(bytes: Buffer): string {
  if (bytes.length !== DIGEST_BYTES) throw new MalformedMessage(`a digest of ${bytes.length} bytes`);
  return bytes.toString('hex');
}

function readCellId(bytes: Buffer): CellId {
  if (bytes.length !== CELL_ID_BYTES) throw new MalformedMessage(`a cell id of ${bytes.length} bytes`);
  return bytes.toString('hex') as CellId;
}

function present<T>(field: T | null | undefined, name: string): T {
  if (field === null || field === undefined) throw new MalformedMessage(`a message without ${name}`);
  return field;
}

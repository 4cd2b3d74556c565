import { assertNever } from '../../src/common/assert.js';
import type { AcceptedRecord } from '../../src/paxos/accepted-record.js';
import { showBallot } from '../../src/paxos/ballot.js';
import type { Slot } from '../../src/paxos/ballot.js';
import type { PaxosMessage } from '../../src/paxos/messages.js';
import { nameOfValue } from '../unit/paxos/watch.js';

const showRecord = ({ slot, ballot, value }: AcceptedRecord): string =>
  `${slot}:${nameOfValue(value)}@${showBallot(ballot)}`;

/** The watermark that rides on a message, where it says something. */
const chosen = (slot: Slot): string => (slot > 0 ? ` chosen=${slot}` : '');

/** A message as one short line. `t` numbers transmissions. */
export function showMessage(message: PaxosMessage): string {
  switch (message.type) {
    case 'preVote':
      return `preVote ballot=${showBallot(message.ballot)}`;
    case 'preVoteReply': {
      const { ballot, granted, promised } = message;
      return `preVoteReply ballot=${showBallot(ballot)} ${granted ? 'granted' : 'refused'} promised=${showBallot(promised)}`;
    }
    case 'prepare':
      return `prepare ballot=${showBallot(message.ballot)} from=${message.firstUnchosenSlot}`;
    case 'promise': {
      const { ballot, accepted, chosenUpTo, part, parts } = message;
      const which = parts > 1 ? ` part=${part + 1}/${parts}` : '';
      return `promise ballot=${showBallot(ballot)} accepted=[${accepted.map(showRecord).join(' ')}]${chosen(chosenUpTo)}${which}`;
    }
    case 'accept': {
      const { slot, ballot, value, chosenUpTo, transmission } = message;
      return `accept slot=${slot} ballot=${showBallot(ballot)} value=${nameOfValue(value)}${chosen(chosenUpTo)} t=${transmission}`;
    }
    case 'accepted': {
      const { ballot, slots, transmission, chosenUpTo } = message;
      return `accepted slot=${slots.join(',')} ballot=${showBallot(ballot)}${chosen(chosenUpTo)} t=${transmission}`;
    }
    case 'heartbeat':
    case 'heartbeatReply': {
      const { type, ballot, chosenUpTo, transmission } = message;
      return `${type} ballot=${showBallot(ballot)}${chosen(chosenUpTo)} t=${transmission}`;
    }
    case 'nack':
      return `nack ballot=${showBallot(message.ballot)} promised=${showBallot(message.promised)}`;
    case 'catchUpRequest':
      return `catchUpRequest from=${message.fromSlot}`;
    case 'catchUpReply':
      return `catchUpReply chosen=[${message.chosen.map(showRecord).join(' ')}] upTo=${message.chosenUpTo}`;
    case 'release':
      return `release ballot=${showBallot(message.ballot)} successor=${message.successor}`;
    default:
      return assertNever(message, 'showMessage');
  }
}

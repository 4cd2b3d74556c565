import type { AcceptedRecord } from './accepted-record.js';
import { assert } from '../common/assert.js';
import { sameBallot, sameIdentity } from './ballot.js';
import type { Ballot, Identity, ReplicaId, Slot } from './ballot.js';
import type { Configuration } from './configuration.js';
import type { MembershipChange } from './membership-change.js';
import type { PaxosMessage } from './messages.js';
import type { Epoch, ValueHeader } from './value.js';

/** A message on its way to a peer; to one life of it, which may be one that no configuration known here names. */
export interface Envelope {
  readonly to: Identity;
  readonly message: PaxosMessage;
}

/** A chosen value in slot order, judged. (DESIGN 3.7) */
export interface DeliveredValue {
  readonly type: 'delivered';
  readonly slot: Slot;
  readonly header: ValueHeader;
  readonly body: Uint8Array;
  /** Whether the value counts; a no-op and a value that does not directly follow do not. */
  readonly counts: boolean;
}

/** What the application learns, in this order. */
export type Notice =
  | DeliveredValue
  | { readonly type: 'reignBegan'; readonly epoch: Epoch }
  | { readonly type: 'reignEnded'; readonly cause: string }
  | ChangeEnded;

/** What came of a change of membership that was asked for here. (DESIGN 3.8) */
export interface ChangeEnded {
  readonly type: 'changeEnded';
  readonly change: MembershipChange;
  /** `unknown`: it was proposed, and the reign ended first. `notProposed`: it is certain not to happen. */
  readonly outcome: 'chosen' | 'unknown' | 'notProposed';
  /** Why it was not chosen, for people; the configuration that it made if it was. */
  readonly cause?: string;
  readonly configuration?: Configuration;
}

/** A catch-up request that memory cannot answer: chosen records from `fromSlot` on, for `to`. */
export interface LogRead {
  readonly to: Identity;
  readonly fromSlot: Slot;
}

/** A peer's log begins above what is missing here: only a snapshot of its state leads there. (DESIGN 3.4) */
export interface SnapshotWanted {
  readonly from: ReplicaId;
  /** The lowest slot that the peer still has. */
  readonly firstSlot: Slot;
}

/** What must be on disk, as one synced write, before `messages` may leave. */
export interface TurnEffects {
  readonly promised?: Ballot;
  readonly lastRound?: number;
  readonly accepted: readonly AcceptedRecord[];
  readonly chosenUpTo?: Slot;
  readonly messages: readonly Envelope[];
}

/** What may be acted on at once. */
export interface Effects {
  readonly messages: readonly Envelope[];
  readonly notices: readonly Notice[];
  readonly logReads: readonly LogRead[];
  readonly snapshotWanted?: SnapshotWanted;
  /** Asks for the identity file to allow grants up to this length before any is given. (DESIGN 3.5) */
  readonly raiseLongestLeaseMs?: number;
}

/** What may wait for a disk that hangs. */
const WAITING_BYTES = 16 * 1024 * 1024;
/** What a record takes in memory beside its value. */
const RECORD_BYTES = 128;

interface PendingAcknowledgement {
  readonly to: Identity;
  readonly ballot: Ballot;
  readonly slots: Set<Slot>;
  readonly configurationNumber: number;
  transmission: number;
}

/**
 * Collects what the core wants done. Two outboxes: what may leave at once, and what rests on this turn's write.
 * (etcd-io/raft has the same split)
 */
export class Outbox {
  #messages: Envelope[] = [];
  #notices: Notice[] = [];
  #logReads: LogRead[] = [];
  #snapshotWanted: SnapshotWanted | undefined;
  #raiseLongestLeaseMs: number | undefined;

  #afterTurn: Envelope[] = [];
  #acknowledgements: PendingAcknowledgement[] = [];
  #accepted: AcceptedRecord[] = [];
  #acceptedBytes = 0;
  #promised: Ballot | undefined;
  #lastRound: number | undefined;
  #chosenUpTo: Slot | undefined;

  send(to: Identity, message: PaxosMessage): void {
    this.#messages.push({ to, message });
  }

  sendAfterTurn(to: Identity, message: PaxosMessage): void {
    this.#afterTurn.push({ to, message });
  }

  notify(notice: Notice): void {
    this.#notices.push(notice);
  }

  readLog(read: LogRead): void {
    this.#logReads.push(read);
  }

  wantSnapshot(wanted: SnapshotWanted): void {
    this.#snapshotWanted = wanted;
  }

  raiseLongestLease(leaseMs: number): void {
    this.#raiseLongestLeaseMs = Math.max(leaseMs, this.#raiseLongestLeaseMs ?? 0);
  }

  persistPromise(ballot: Ballot): void {
    this.#promised = ballot;
  }

  persistRound(round: number): void {
    this.#lastRound = round;
  }

  persistAccepted(record: AcceptedRecord): void {
    this.#accepted.push(record);
    this.#acceptedBytes += record.value.length + RECORD_BYTES;
  }

  /** Records up to this slot are not needed any more: a snapshot holds what they did. */
  dropAccepted(upTo: Slot): void {
    this.#accepted = this.#accepted.filter(({ slot }) => slot > upTo);
    this.#acceptedBytes = this.#accepted.reduce((sum, { value }) => sum + value.length + RECORD_BYTES, 0);
  }

  /** Whether so much waits for the disk that nothing may be added: it is sent again, or fetched once chosen. */
  get full(): boolean {
    return this.#acceptedBytes > WAITING_BYTES;
  }

  persistChosenUpTo(slot: Slot): void {
    this.#chosenUpTo = slot;
  }

  /** One `Accepted` per coordinator and turn, however many slots it is for. */
  acknowledge(to: Identity, ballot: Ballot, slot: Slot, configurationNumber: number, transmission: number): void {
    const open = this.#acknowledgements.at(-1);
    if (
      open !== undefined &&
      sameIdentity(open.to, to) &&
      sameBallot(open.ballot, ballot) &&
      open.configurationNumber === configurationNumber
    ) {
      open.slots.add(slot);
      open.transmission = Math.max(open.transmission, transmission);
      return;
    }
    this.#acknowledgements.push({ to, ballot, slots: new Set([slot]), configurationNumber, transmission });
  }

  /** Whether {@link takeTurn} has something. */
  get hasTurn(): boolean {
    return (
      this.#afterTurn.length > 0 ||
      this.#acknowledgements.length > 0 ||
      this.#accepted.length > 0 ||
      this.#promised !== undefined ||
      this.#lastRound !== undefined
    );
  }

  get hasEffects(): boolean {
    return (
      this.#messages.length > 0 ||
      this.#notices.length > 0 ||
      this.#logReads.length > 0 ||
      this.#snapshotWanted !== undefined ||
      this.#raiseLongestLeaseMs !== undefined
    );
  }

  takeEffects(): Effects {
    const effects: Effects = {
      messages: this.#messages,
      notices: this.#notices,
      logReads: this.#logReads,
      ...(this.#snapshotWanted !== undefined && { snapshotWanted: this.#snapshotWanted }),
      ...(this.#raiseLongestLeaseMs !== undefined && { raiseLongestLeaseMs: this.#raiseLongestLeaseMs }),
    };
    this.#messages = [];
    this.#notices = [];
    this.#logReads = [];
    this.#snapshotWanted = undefined;
    this.#raiseLongestLeaseMs = undefined;
    return effects;
  }

  /** @param chosenUpTo the watermark at this moment, told to whoever is acknowledged */
  takeTurn(chosenUpTo: Slot): TurnEffects {
    assert(this.hasTurn, 'a turn is taken only when there is one');
    for (const { to, ballot, slots, configurationNumber, transmission } of this.#acknowledgements) {
      this.#afterTurn.push({
        to,
        message: { type: 'accepted', ballot, slots: [...slots], configurationNumber, transmission, chosenUpTo },
      });
    }
    const turn: TurnEffects = {
      ...(this.#promised !== undefined && { promised: this.#promised }),
      ...(this.#lastRound !== undefined && { lastRound: this.#lastRound }),
      accepted: this.#accepted,
      ...(this.#chosenUpTo !== undefined && { chosenUpTo: this.#chosenUpTo }),
      messages: this.#afterTurn,
    };
    this.#afterTurn = [];
    this.#acknowledgements = [];
    this.#accepted = [];
    this.#acceptedBytes = 0;
    this.#promised = undefined;
    this.#lastRound = undefined;
    this.#chosenUpTo = undefined;
    return turn;
  }
}

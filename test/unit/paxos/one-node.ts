import type { InvariantViolation } from '../../../src/common/assert.js';
import { SeededRng } from '../../../src/common/rng.js';
import type { AcceptedRecord } from '../../../src/paxos/accepted-record.js';
import { NO_BALLOT } from '../../../src/paxos/ballot.js';
import type { Ballot, Slot } from '../../../src/paxos/ballot.js';
import type { Envelope, Notice } from '../../../src/paxos/effects.js';
import type { PaxosMessage, Promise as PromiseMessage } from '../../../src/paxos/messages.js';
import type { PaxosNode } from '../../../src/paxos/node.js';
import type { CoreBugs } from '../../../src/paxos/planted-bugs.js';
import { DEFAULT_LOG_TIMINGS } from '../../../src/paxos/timings.js';
import { BareReplica } from './bare-replica.js';
import { configurationOf, identityOf, slot } from './ids.js';
import { nameOf } from './watch.js';

type MessageOf<T extends PaxosMessage['type']> = Extract<PaxosMessage, { type: T }>;

const isOf = <T extends PaxosMessage['type']>(message: PaxosMessage, type: T): message is MessageOf<T> =>
  message.type === type;

const CREDULOUS = { chosenUpTo: slot(0), configurationNumber: 0 } as const;

/** Replica 1 of a cell whose other replicas are played by the test. Its clock stands still between two ticks. */
export class OneNode {
  readonly replica: BareReplica;
  readonly notices: Notice[] = [];
  /** Filled by the first invariant that the node found broken. */
  violation: InvariantViolation | undefined;
  nowMs = 0;
  #sent: Envelope[] = [];
  readonly #peers: readonly number[];

  /** @param founding what replica 1 begins with, where the others are not simply voters like it */
  constructor(size: number, bugs: CoreBugs = {}, founding = configurationOf(size, 0)) {
    this.#peers = Array.from({ length: size - 1 }, (_, index) => index + 2);
    this.replica = new BareReplica({
      self: identityOf(1),
      founding,
      timings: DEFAULT_LOG_TIMINGS,
      rng: new SeededRng(1),
      bugs,
      nowMs: () => this.nowMs,
      send: (envelopes) => this.#sent.push(...envelopes),
      notice: (notice) => this.notices.push(notice),
      synced: () => undefined,
      violated: (violation) => {
        this.violation ??= violation;
      },
    });
  }

  get node(): PaxosNode {
    return this.replica.node!;
  }

  get chosenUpTo(): number {
    return this.node.view(this.nowMs).chosenUpTo;
  }

  /** What the application was given, in order: values that count by name, others in brackets. */
  get applied(): string[] {
    return this.notices.flatMap((notice) => {
      if (notice.type !== 'delivered') return [];
      const name = nameOf(notice.header, notice.body);
      return notice.counts ? [name] : [`(${name})`];
    });
  }

  hear(from: number, message: PaxosMessage): void {
    this.replica.step(identityOf(from), message);
  }

  /** As {@link hear}, of another life of a replica than the one that most tests give it. */
  hearLife(from: number, life: number, message: PaxosMessage): void {
    this.replica.step(identityOf(from, life), message);
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.replica.tick();
  }

  /** The messages of one type sent since they were last asked for, each with its receiver. */
  sent<T extends PaxosMessage['type']>(type: T): { readonly to: number; readonly message: MessageOf<T> }[] {
    const found: { readonly to: number; readonly message: MessageOf<T> }[] = [];
    const rest: Envelope[] = [];
    for (const envelope of this.#sent) {
      const { to, message } = envelope;
      if (isOf(message, type)) found.push({ to: to.replicaId, message });
      else rest.push(envelope);
    }
    this.#sent = rest;
    return found;
  }

  forgetSent(): void {
    this.#sent = [];
  }

  /** The named peers, by default all, answer everything that is on its way to them in the affirmative. */
  answers(peers: readonly number[] = this.#peers): void {
    while (this.#sent.length > 0 && this.violation === undefined) {
      const { to, message } = this.#sent.shift()!;
      const answer = peers.includes(to.replicaId) ? affirmative(message) : undefined;
      if (answer !== undefined) this.replica.step(to, answer);
    }
  }

  /** Asks for votes, and sends its Prepare as soon as one peer would have it; `heardOf` is how high that peer promised. */
  stand(heardOf: Ballot = NO_BALLOT): Ballot {
    for (let ticks = 0; ticks < 100; ticks++) {
      this.pass(20);
      const asked = this.sent('preVote')[0];
      if (asked === undefined) continue;
      const { ballot } = asked.message;
      for (const peer of this.#peers)
        this.hear(peer, { type: 'preVoteReply', ballot, granted: true, promised: heardOf });
      return this.sent('prepare')[0]!.message.ballot;
    }
    throw new Error('it does not stand');
  }

  /** Stands, is elected by all, and opens its reign. */
  reign(): Ballot {
    for (let ticks = 0; this.replica.serving === undefined && ticks < 100; ticks++) {
      this.pass(20);
      this.answers();
    }
    this.forgetSent();
    return this.replica.serving!;
  }
}

function affirmative(message: PaxosMessage): PaxosMessage | undefined {
  const { type } = message;
  if (type === 'preVote') return { type: 'preVoteReply', ballot: message.ballot, granted: true, promised: NO_BALLOT };
  if (type === 'prepare') return promiseOf(message.ballot, []);
  if (type === 'accept') return acceptedOf(message);
  if (type !== 'heartbeat') return undefined;
  return {
    type: 'heartbeatReply',
    ballot: message.ballot,
    transmission: message.transmission,
    chosenUpTo: slot(0),
    short: false,
  };
}

export const promiseOf = (
  ballot: Ballot,
  accepted: readonly AcceptedRecord[],
  more: Partial<PromiseMessage> = {},
): PromiseMessage => ({ type: 'promise', ballot, accepted, ...CREDULOUS, answer: 1, part: 0, parts: 1, ...more });

export const acceptedOf = (accept: MessageOf<'accept'>): MessageOf<'accepted'> => ({
  type: 'accepted',
  ballot: accept.ballot,
  slots: [accept.slot],
  configurationNumber: accept.configurationNumber,
  transmission: accept.transmission,
  chosenUpTo: slot(0),
});

/** What a coordinator sends; `upTo` is its watermark. */
export const acceptOf = (record: AcceptedRecord, upTo = 0, more: Partial<MessageOf<'accept'>> = {}): PaxosMessage => ({
  type: 'accept',
  ...record,
  chosenUpTo: slot(upTo),
  configurationNumber: 0,
  leaseMs: DEFAULT_LOG_TIMINGS.leaseMs,
  transmission: 1,
  usesReserve: false,
  ...more,
});

export const heartbeatOf = (
  ballot: Ballot,
  upTo = 0,
  transmission = 1,
  more: Partial<MessageOf<'heartbeat'>> = {},
): PaxosMessage => ({
  type: 'heartbeat',
  ballot,
  chosenUpTo: slot(upTo),
  leaseMs: DEFAULT_LOG_TIMINGS.leaseMs,
  transmission,
  configurationNumber: 0,
  usesReserve: false,
  ...more,
});

export const catchUpReplyOf = (chosen: readonly AcceptedRecord[], upTo?: number): PaxosMessage => ({
  type: 'catchUpReply',
  fromSlot: chosen[0]?.slot ?? slot(1),
  chosen,
  chosenUpTo: (upTo ?? chosen.at(-1)?.slot ?? 0) as Slot,
  firstSlot: slot(1),
});

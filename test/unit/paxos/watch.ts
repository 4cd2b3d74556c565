import { sameIdentity, showBallot } from '../../../src/paxos/ballot.js';
import type { Ballot, Identity, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import { decodeConfiguration, isVoter, majority } from '../../../src/paxos/configuration.js';
import type { Configuration } from '../../../src/paxos/configuration.js';
import type { DeliveredValue, Envelope, TurnEffects } from '../../../src/paxos/effects.js';
import type { Accept, PaxosMessage } from '../../../src/paxos/messages.js';
import { decodeValue, encodeValue } from '../../../src/paxos/value.js';
import type { Value, ValueHeader } from '../../../src/paxos/value.js';

/** What a replica saw as pending in a slot when it proposed on top of it. */
interface Pending {
  readonly slot: Slot;
  readonly name: string;
}

export const textOf = (body: Uint8Array): string => Buffer.from(body).toString('utf8');

/** A value as people speak of it. */
export function nameOf(header: ValueHeader, body: Uint8Array): string {
  switch (header.kind) {
    case 'noop':
      return 'noop';
    case 'epoch':
      return `epoch ${showBallot(header.epoch)}`;
    case 'configuration':
    case 'checksum':
      return header.kind;
    case 'operations':
      return textOf(body);
  }
}

export const nameOfValue = (value: Value): string => {
  const { header, body } = decodeValue(value);
  return nameOf(header, body);
};

const keyOf = (header: ValueHeader): string => `${showBallot(header.epoch)} order ${header.orderInEpoch}`;

/**
 * Sees everything that leaves the cores of a cell, and says what must never be: two values chosen or delivered in one
 * slot, two masters, a value applied that does not directly follow, or that was computed on one that never was, and a
 * master that does not know what an earlier one answered.
 */
export class Watch {
  /** Each once, as a sentence. */
  readonly violations: string[] = [];
  /** Per slot the value that somebody delivered first. */
  readonly #delivered = new Map<Slot, string>();
  /** Per slot, ballot, configuration and value, who voted for it. */
  readonly #votes = new Map<string, Identity[]>();
  /** Per slot the value that a majority voted for at one ballot. */
  readonly #chosen = new Map<Slot, string>();
  /** By number. */
  readonly #configurations = new Map<number, Configuration>();
  /** What each replica was last asked to accept, per slot and ballot. */
  readonly #asked = new Map<ReplicaId, Map<string, Value>>();
  /** What each replica proposed last, per slot. */
  readonly #proposed = new Map<ReplicaId, Map<Slot, { readonly value: Value; readonly number: number }>>();
  /** Per value of the application, the pending ones that it was computed on. */
  readonly #basis = new Map<string, Pending[]>();
  readonly #appliedUpTo = new Map<ReplicaId, Slot>();
  readonly #happened = new Set<string>();
  /** Per slot the pair in force after it, by the rule of DESIGN 3.7 written down a second time. */
  readonly #inForce: { readonly epoch: Ballot | undefined; readonly order: number }[] = [
    { epoch: undefined, order: 0 },
  ];
  #answeredUpTo = 0;
  #masters = '';
  #newest: Configuration;

  constructor(founding: Configuration) {
    this.#newest = founding;
    this.#configurations.set(founding.number, founding);
  }

  /** The newest configuration that anybody knows to be chosen. */
  get configuration(): Configuration {
    return this.#newest;
  }

  restarted(replica: ReplicaId, chosenUpTo: Slot): void {
    this.#appliedUpTo.set(replica, chosenUpTo);
    this.#proposed.delete(replica);
  }

  received(replica: ReplicaId, message: PaxosMessage): void {
    if (message.type !== 'accept') return;
    let asked = this.#asked.get(replica);
    if (asked === undefined) this.#asked.set(replica, (asked = new Map()));
    asked.set(`${message.slot} ${showBallot(message.ballot)}`, message.value);
  }

  sent(self: Identity, envelopes: readonly Envelope[]): void {
    const { replicaId } = self;
    for (const { message } of envelopes) {
      if (message.type === 'accept') this.#proposes(replicaId, message);
      if (message.type !== 'accepted') continue;
      for (const slot of message.slots) {
        const value = this.#asked.get(replicaId)?.get(`${slot} ${showBallot(message.ballot)}`);
        if (value !== undefined) this.#vote(self, slot, message.ballot, message.configurationNumber, value);
      }
    }
  }

  /** A coordinator's own vote counts once it is on its disk. */
  synced(self: Identity, turn: TurnEffects): void {
    for (const { slot, ballot, value } of turn.accepted) {
      if (ballot.replicaId !== self.replicaId) continue;
      const number = this.#proposed.get(self.replicaId)?.get(slot)?.number ?? this.#newest.number;
      this.#vote(self, slot, ballot, number, value);
    }
  }

  /**
   * The application of `replica` put its value into `slot`. It computed on what is pending below: on its own values, and
   * as long as its epoch is not in force on those that it proposed again too.
   */
  proposed(replica: ReplicaId, slot: Slot): void {
    const proposals = this.#proposed.get(replica);
    const value = proposals?.get(slot)?.value;
    if (value === undefined) return;
    const { header: mine } = decodeValue(value);
    const appliedUpTo = this.#appliedUpTo.get(replica) ?? 0;
    const reigns = sameEpoch(this.#inForce[appliedUpTo]?.epoch, mine.epoch);
    const basis: Pending[] = [];
    for (let below = (appliedUpTo + 1) as Slot; below < slot; below = (below + 1) as Slot) {
      const pending = proposals?.get(below);
      if (pending === undefined) continue;
      const { header, body } = decodeValue(pending.value);
      if (header.kind !== 'operations' || (reigns && !sameEpoch(header.epoch, mine.epoch))) continue;
      basis.push({ slot: below, name: nameOf(header, body) });
    }
    this.#basis.set(keyOf(mine), basis);
  }

  delivered(replica: ReplicaId, value: DeliveredValue, serving: Ballot | undefined): void {
    const { slot, header, body, counts } = value;
    const name = nameOf(header, body);
    const bytes = Buffer.from(encodeValue(header, body)).toString('latin1');
    this.#appliedUpTo.set(replica, slot);
    const known = this.#delivered.get(slot);
    if (known !== undefined && known !== bytes)
      this.#violation(`slot ${slot} is ${name} at ${replica}, and another value elsewhere`);
    if (known === undefined) {
      this.#delivered.set(slot, bytes);
      this.#follow(slot, header);
      if (counts && header.kind === 'configuration') this.#configure(decodeConfiguration(body));
    }
    this.#judged(replica, value, name);
    if (counts && header.kind === 'operations') {
      this.#happened.add(`${slot} ${name}`);
      for (const pending of this.#basis.get(keyOf(header)) ?? []) {
        if (this.#happened.has(`${pending.slot} ${pending.name}`)) continue;
        this.#violation(`${name} was computed on ${pending.name}, which never was`);
      }
    }
    if (counts && sameEpoch(serving, header.epoch)) {
      this.#answeredUpTo = Math.max(this.#answeredUpTo, slot);
    }
  }

  /**
   * Who serves at this moment.
   *
   * @returns the sentence to say if these are two masters, and were not at the last look
   */
  serving(masters: readonly ReplicaId[]): string | undefined {
    for (const master of masters) {
      if ((this.#appliedUpTo.get(master) ?? 0) < this.#answeredUpTo) {
        this.#violation(`${master} serves and does not know slot ${this.#answeredUpTo}, which was answered`);
      }
    }
    const both = masters.length > 1 ? masters.join(' and ') : '';
    if (both === this.#masters) return undefined;
    this.#masters = both;
    if (both === '') return undefined;
    const sentence = `two masters: ${both}`;
    this.#violation(sentence);
    return sentence;
  }

  #proposes(replica: ReplicaId, { slot, value, configurationNumber }: Accept): void {
    let proposals = this.#proposed.get(replica);
    if (proposals === undefined) this.#proposed.set(replica, (proposals = new Map()));
    proposals.set(slot, { value, number: configurationNumber });
  }

  /** Votes are those of the identities of the configuration that they name, which the slot's value was proposed under. */
  #vote(self: Identity, slot: Slot, ballot: Ballot, number: number, value: Value): void {
    const configuration = this.#configurations.get(number);
    if (configuration === undefined || !isVoter(configuration, self)) return;
    const bytes = Buffer.from(value).toString('latin1');
    const key = `${slot} ${showBallot(ballot)} ${number} ${bytes}`;
    let voters = this.#votes.get(key);
    if (voters === undefined) this.#votes.set(key, (voters = []));
    if (!voters.some((voter) => sameIdentity(voter, self))) voters.push(self);
    if (voters.length < majority(configuration)) return;
    const chosen = this.#chosen.get(slot);
    if (chosen === undefined) this.#chosen.set(slot, bytes);
    else if (chosen !== bytes) {
      const before = nameOfValue(Buffer.from(chosen, 'latin1') as Uint8Array as Value);
      this.#violation(`two values chosen in slot ${slot}: ${before} and ${nameOfValue(value)}`);
    }
  }

  #configure(configuration: Configuration): void {
    this.#configurations.set(configuration.number, configuration);
    if (configuration.number > this.#newest.number) this.#newest = configuration;
  }

  #follow(slot: Slot, header: ValueHeader): void {
    const before = this.#inForce[slot - 1];
    if (before === undefined) return;
    this.#inForce[slot] = follows(before, header) ? { epoch: header.epoch, order: header.orderInEpoch } : before;
  }

  #judged(replica: ReplicaId, { slot, header, counts }: DeliveredValue, name: string): void {
    const before = this.#inForce[slot - 1];
    if (before === undefined || counts === follows(before, header)) return;
    const inForce = before.epoch === undefined ? 'nothing' : `${showBallot(before.epoch)} order ${before.order}`;
    const verb = counts ? 'applies' : 'skips';
    this.#violation(`${replica} ${verb} slot ${slot} ${name} (${keyOf(header)}) after ${inForce}`);
  }

  #violation(sentence: string): void {
    if (!this.violations.includes(sentence)) this.violations.push(sentence);
  }
}

const sameEpoch = (a: Ballot | undefined, b: Ballot): boolean => a !== undefined && showBallot(a) === showBallot(b);

function follows(before: { readonly epoch: Ballot | undefined; readonly order: number }, header: ValueHeader): boolean {
  switch (header.kind) {
    case 'noop':
      return false;
    case 'epoch':
      return (
        before.epoch === undefined ||
        header.epoch.round > before.epoch.round ||
        (header.epoch.round === before.epoch.round && header.epoch.replicaId > before.epoch.replicaId)
      );
    case 'operations':
    case 'configuration':
    case 'checksum':
      return sameEpoch(before.epoch, header.epoch) && header.orderInEpoch === before.order + 1;
  }
}

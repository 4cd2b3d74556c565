import type { Identity } from '../../src/paxos/ballot.js';
import type { PaxosMessage } from '../../src/paxos/messages.js';

export interface Flight {
  readonly from: Identity;
  readonly to: Identity;
  readonly message: PaxosMessage;
}

/** Which messages a command speaks of; what is absent does not matter. */
export interface Selection {
  readonly from?: number;
  readonly to?: number;
  readonly type?: string;
  readonly slot?: number;
}

/** Messages on their way, in the order in which they were sent; and those that a scenario holds back for later. */
export class Network {
  #flying: Flight[] = [];
  #held: Flight[] = [];
  readonly #cut = new Set<string>();

  send(flight: Flight): void {
    if (!this.#cut.has(`${flight.from.replicaId} ${flight.to.replicaId}`)) this.#flying.push(flight);
  }

  /** No message goes from one to the other any more; what is on its way arrives. */
  cut(from: number, to: number): void {
    this.#cut.add(`${from} ${to}`);
  }

  heal(): void {
    this.#cut.clear();
  }

  get flying(): readonly Flight[] {
    return this.#flying;
  }

  /** Removes and returns the oldest message on its way. */
  next(): Flight | undefined {
    return this.#flying.shift();
  }

  take(selection: Selection): Flight[] {
    const taken = this.#flying.filter((flight) => selects(selection, flight));
    this.#flying = this.#flying.filter((flight) => !selects(selection, flight));
    return taken;
  }

  hold(selection: Selection): void {
    this.#held.push(...this.take(selection));
  }

  /** A copy of each goes on its way again at a moment of the scenario's choosing. */
  duplicate(selection: Selection): void {
    this.#held.push(...this.#flying.filter((flight) => selects(selection, flight)));
  }

  takeHeld(selection: Selection): Flight[] {
    const taken = this.#held.filter((flight) => selects(selection, flight));
    this.#held = this.#held.filter((flight) => !selects(selection, flight));
    return taken;
  }
}

function selects({ from, to, type, slot }: Selection, flight: Flight): boolean {
  const { message } = flight;
  if (from !== undefined && flight.from.replicaId !== from) return false;
  if (to !== undefined && flight.to.replicaId !== to) return false;
  if (type !== undefined && message.type !== type) return false;
  if (slot === undefined) return true;
  if (message.type === 'accept') return message.slot === slot;
  return message.type === 'accepted' && message.slots.some((accepted) => accepted === slot);
}

import { checksum } from '../common/checksum.js';
import { sameBallot } from '../paxos/ballot.js';
import type { ReplicaId, Slot } from '../paxos/ballot.js';
import { majority } from '../paxos/configuration.js';
import type { Configuration } from '../paxos/configuration.js';
import type { Accept } from '../paxos/messages.js';
import { decodeValue } from '../paxos/value.js';
import type { ValueKind } from '../paxos/value.js';
import type { Turn } from '../storage/replay-log.js';
import type { SituationCounts } from './situations.js';

/** Watches disks and network to count the situations that no single replica can see. */
export class Probe {
  /** Who has which value of a slot on disk. */
  readonly #holders = new Map<Slot, Map<number, Set<ReplicaId>>>();
  readonly #kinds = new Map<Slot, ValueKind>();
  readonly #counted = new Set<string>();

  constructor(private readonly situations: SituationCounts) {}

  synced(replica: ReplicaId, turn: Turn): void {
    for (const { slot, value } of turn.accepted) {
      let values = this.#holders.get(slot);
      if (values === undefined) this.#holders.set(slot, (values = new Map<number, Set<ReplicaId>>()));
      const digest = checksum(value);
      const holders = values.get(digest) ?? new Set();
      values.set(digest, holders.add(replica));
    }
  }

  /** An `Accept` on its way: was its value made under an earlier ballot, and is it on less than a majority of disks? */
  accept({ slot, ballot, value }: Accept, configuration: Configuration): void {
    const { kind, epoch } = decodeValue(value).header;
    this.#kinds.set(slot, kind);
    const key = `${slot} ${ballot.round}`;
    if (kind === 'noop' || sameBallot(epoch, ballot) || this.#counted.has(key)) return;
    this.#counted.add(key);
    const holders = this.#holders.get(slot)?.get(checksum(value))?.size ?? 0;
    if (holders > 0 && holders < majority(configuration)) this.situations.count('reproposalFromMinority');
  }

  skipped(slot: Slot): void {
    if (this.#kinds.get(slot) !== 'noop') this.situations.count('skippedSuccessor');
  }
}

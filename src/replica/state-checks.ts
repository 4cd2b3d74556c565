import { sameIdentity } from '../paxos/ballot.js';
import type { Identity, Slot } from '../paxos/ballot.js';
import type { Configuration } from '../paxos/configuration.js';
import { DigestTally } from './digest-tally.js';
import type { ReportedDigest } from './digest-tally.js';
import type { DigestReport, DigestVerdict } from './transport.js';

/** When a master asks for the digests of all states. It does not while nothing was written since it asked last. */
export interface CheckSchedule {
  /** After so many values of the application ... */
  readonly afterSlots: number;
  /** ... or so much time, whichever comes first. */
  readonly afterMs: number;
}

/** What came of comparing states, for people. */
export type CheckNotice =
  /** Another replica has something else than a majority. */
  | { readonly type: 'differs'; readonly slot: Slot; readonly identity: Identity }
  /** A majority has answered, and none agrees: nothing more is written. Who has what, the one knows who asked. */
  | { readonly type: 'disputed'; readonly slot: Slot; readonly reported: readonly ReportedDigest[] }
  /** After that, a majority agrees. */
  | { readonly type: 'settled'; readonly slot: Slot };

/** What a replica knows of the comparison of states. */
export interface CheckStatus {
  /** The last slot after which it is known to have what a majority has; 0 before the first. */
  readonly verifiedSlot: Slot;
  /** How often it found, as master, that another replica differed. */
  readonly mismatches: number;
  /** Whether no majority agrees, as far as it knows. */
  readonly disputed: boolean;
}

/** What comparing states works with. */
export interface StateChecksPorts {
  readonly self: Identity;
  readonly schedule: CheckSchedule;
  /** Who votes now. */
  readonly configuration: () => Configuration;
  readonly send: (to: Identity, message: DigestReport | DigestVerdict) => void;
  readonly told: (notice: CheckNotice) => void;
  /** This replica has something else than a majority. */
  readonly diverged: (slot: Slot, digest: string, agreed: string) => void;
}

/** What this replica had after the last checksum request that it met, and what the one who asked made of it. */
interface OwnDigest {
  readonly slot: Slot;
  readonly digest: string;
  readonly askedBy: Identity;
  outcome: 'open' | 'disputed' | 'settled';
  sent: number;
  sentAtMs: number;
}

/** How long a report waits for its verdict before it is sent again, and a request before another one is made. */
const AGAIN_MS = 1_000;
/** So often: then its master is gone, and the next one asks anew. */
const MOST_SENDINGS = 5;

/**
 * Compares the states of the replicas. A checksum request in the log names a slot, its own; every replica reports the
 * digest of its state after it to whoever made the request, who tells all what a majority of the voters has. Who has
 * something else takes itself out; where no majority agrees the master writes no more, and asks again until one does.
 * (DESIGN 4; RELIABILITY S13)
 */
export class StateChecks {
  readonly #ports: StateChecksPorts;
  #own: OwnDigest | undefined;
  /** Of the last request that this replica made. */
  #tally: DigestTally | undefined;
  /** Values of the application since the last request. */
  #written = 0;
  /** A request of this replica is on its way. */
  #asking = false;
  #metAtMs: number;
  #verifiedSlot = 0 as Slot;
  #mismatches = 0;

  constructor(ports: StateChecksPorts, nowMs: number) {
    this.#ports = ports;
    this.#metAtMs = nowMs;
  }

  get status(): CheckStatus {
    return { verifiedSlot: this.#verifiedSlot, mismatches: this.#mismatches, disputed: this.disputed };
  }

  /** As in {@link CheckStatus}: then nothing is to be written. */
  get disputed(): boolean {
    return this.#own?.outcome === 'disputed';
  }

  /** Whether a master should ask now. */
  due(nowMs: number): boolean {
    if (this.#asking) return false;
    const sinceMs = nowMs - this.#metAtMs;
    if (this.#own !== undefined && this.#own.outcome !== 'settled') return sinceMs >= AGAIN_MS;
    const { afterSlots, afterMs } = this.#ports.schedule;
    return this.#written >= afterSlots || (this.#written > 0 && sinceMs >= afterMs);
  }

  /** A request was proposed here. */
  asked(): void {
    this.#asking = true;
  }

  /** What was asked here may never be met. */
  reignEnded(): void {
    this.#asking = false;
  }

  /** A value of the application is applied. */
  applied(): void {
    this.#written++;
  }

  /**
   * A checksum request is applied.
   *
   * @param askedBy whose value it is
   * @param digest of the state after it
   */
  met(slot: Slot, askedBy: Identity, digest: string, nowMs: number): void {
    const { self, configuration } = this.#ports;
    const outcome = this.disputed ? 'disputed' : 'open';
    this.#own = { slot, digest, askedBy, outcome, sent: 0, sentAtMs: nowMs };
    this.#written = 0;
    this.#metAtMs = nowMs;
    if (!sameIdentity(askedBy, self)) return this.#report(this.#own, nowMs);
    this.#asking = false;
    this.#tally = new DigestTally(slot, configuration());
    this.#reported(self, digest, this.#tally);
  }

  /** Sends a report again that may be lost. */
  tick(nowMs: number): void {
    const own = this.#own;
    if (own === undefined || own.sent === 0 || own.sent >= MOST_SENDINGS) return;
    if (own.outcome !== 'settled' && nowMs - own.sentAtMs >= AGAIN_MS) this.#report(own, nowMs);
  }

  receive(from: Identity, message: DigestReport | DigestVerdict): void {
    if (message.type === 'digestVerdict') {
      if (this.#own !== undefined && sameIdentity(from, this.#own.askedBy)) this.#judge(message.slot, message.digest);
    } else if (message.slot === this.#tally?.slot) {
      this.#reported(from, message.digest, this.#tally);
    }
  }

  #report(own: OwnDigest, nowMs: number): void {
    own.sent++;
    own.sentAtMs = nowMs;
    this.#ports.send(own.askedBy, { type: 'digestReport', slot: own.slot, digest: own.digest });
  }

  #reported(from: Identity, digest: string, tally: DigestTally): void {
    const { self, send, told } = this.#ports;
    const before = tally.agreed;
    tally.report(from, digest);
    const { slot, agreed, disputed, reported } = tally;
    if (agreed === undefined && !disputed) return;
    const verdict: DigestVerdict = { type: 'digestVerdict', slot, ...(agreed !== undefined && { digest: agreed }) };
    const wasKnown = agreed !== undefined && before === agreed;
    for (const { identity, digest: other } of reported) {
      if (sameIdentity(identity, self) || (wasKnown && !sameIdentity(identity, from))) continue;
      send(identity, verdict);
      if (agreed === undefined || other === agreed) continue;
      this.#mismatches++;
      told({ type: 'differs', slot, identity });
    }
    this.#judge(slot, agreed);
  }

  /** @param agreed what a majority has after `slot`; nothing where none agrees */
  #judge(slot: Slot, agreed: string | undefined): void {
    const own = this.#own;
    if (own === undefined || own.slot !== slot || own.outcome === 'settled') return;
    if (agreed === undefined) {
      const reported = this.#tally?.slot === slot ? this.#tally.reported : [];
      if (own.outcome === 'open') this.#ports.told({ type: 'disputed', slot, reported });
      own.outcome = 'disputed';
      return;
    }
    const wasDisputed = own.outcome === 'disputed';
    own.outcome = 'settled';
    if (own.digest !== agreed) return this.#ports.diverged(slot, own.digest, agreed);
    this.#verifiedSlot = slot;
    if (wasDisputed) this.#ports.told({ type: 'settled', slot });
  }
}

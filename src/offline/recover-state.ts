import { revisionIfAny } from '../chubby/global-revision.js';
import { decodeBatch } from '../db/batch.js';
import type { FaultTolerantDb } from '../db/fault-tolerant-db.js';
import { nextSlot } from '../paxos/ballot.js';
import type { Slot } from '../paxos/ballot.js';
import { decodeConfiguration } from '../paxos/configuration.js';
import { EpochJudge } from '../paxos/epoch-judge.js';
import type { PairInForce } from '../paxos/epoch-judge.js';
import { decodeValue } from '../paxos/value.js';
import type { Value } from '../paxos/value.js';
import { leadsPast } from './point-in-time.js';
import type { PointInTime } from './point-in-time.js';
import type { Survivors } from './survivors.js';

/** A state that was made of what stopped replicas have. */
export interface Recovered {
  readonly state: FaultTolerantDb;
  /** The wall clock of the master that made the last value; nothing where no value is left that tells. */
  readonly wallMs: number | undefined;
  /** Likewise, of the first value behind what the state began with; nothing where there is none. */
  readonly firstWallMs: number | undefined;
  /** The revision that the state began with: the earliest that can be had. */
  readonly firstRevision: number | undefined;
  /** Every slot up to here is known to be chosen. */
  readonly chosenUpTo: Slot;
  /**
   * Whether it has all that was ever acknowledged: a majority of the voters is there, so that no slot can have been
   * chosen of which none of them knows.
   */
  readonly complete: boolean;
  /** Values above the chosen ones that were accepted, may have been acknowledged, and are in the state. */
  readonly takenUnsure: number;
  /** Slots above those, that may hold acknowledged values and are not in the state. */
  readonly left: number;
  /** Whether the point in time was reached, so that later values there are. */
  readonly cut: boolean;
}

const READ_BYTES = 4 * 1024 * 1024;

/**
 * The newest state that stopped replicas lead to, or an earlier one.
 *
 * Up to the highest slot that one of them knows to be chosen there is nothing to decide. Above, with a majority of the
 * voters, it is what a new coordinator would do: in each slot the value of the highest ballot, and a no-op where there is
 * none; all that was acknowledged is among it. (DESIGN 3.1)
 *
 * Without a majority nobody can tell. A slot's value may have been replaced under a higher ballot at replicas that are
 * gone, and one of which nothing is known may have been acknowledged. Then values are taken as long as each directly
 * follows the one before in the same reign: the master computed it on exactly this state, so that the result is one that
 * the cell's master had, whatever else was lost. The first that does not ends it: what comes behind a gap was computed on
 * something that is not there. (DESIGN 3.7)
 */
export async function recoverState(survivors: Survivors, until: PointInTime): Promise<Recovered> {
  return new Recovery(survivors, until, await beginning(survivors)).run();
}

/** What comes behind an early state tells of which time and revision the later ones are. */
async function beginning({ furthest: { replica, byLog, reach } }: Survivors): Promise<FaultTolerantDb> {
  return (byLog ? await replica.earliestState() : undefined) ?? replica.load(reach);
}

class Recovery {
  readonly #judge: EpochJudge;
  readonly #firstRevision: number | undefined;
  #firstWallMs: number | undefined;
  #wallMs: number | undefined;
  #takenUnsure = 0;
  #left = 0;
  #cut = false;
  #sure = true;

  constructor(
    private readonly survivors: Survivors,
    private readonly until: PointInTime,
    private readonly state: FaultTolerantDb,
  ) {
    this.#judge = new EpochJudge(state.pairInForce as PairInForce | undefined);
    this.#firstRevision = revisionIfAny(state);
  }

  async run(): Promise<Recovered> {
    await this.#applyChosen();
    if (!this.#cut) await this.#applyAccepted();
    return {
      state: this.state,
      wallMs: this.#wallMs,
      firstWallMs: this.#firstWallMs,
      firstRevision: this.#firstRevision,
      chosenUpTo: this.survivors.furthest.reach,
      complete: this.#sure,
      takenUnsure: this.#takenUnsure,
      left: this.#left,
      cut: this.#cut,
    };
  }

  async #applyChosen(): Promise<void> {
    const { replica, reach } = this.survivors.furthest;
    let slot = nextSlot(this.state.appliedUpTo as Slot);
    while (slot <= reach && !this.#cut) {
      for (const { value } of await replica.log!.records.read(slot, reach, READ_BYTES)) {
        this.#apply(slot, value);
        if (this.#cut) return;
        slot = nextSlot(slot);
      }
    }
  }

  async #applyAccepted(): Promise<void> {
    const { survivors } = this;
    const last = survivors.lastSlot;
    for (let slot = nextSlot(this.state.appliedUpTo as Slot); slot <= last; slot = nextSlot(slot)) {
      const value = (await survivors.accepted(slot))?.value;
      this.#sure &&= survivors.areMajorityOf(this.#configuration());
      if (this.#left > 0 || (!this.#sure && !this.#directlyFollows(value))) {
        this.#left++;
        continue;
      }
      this.#apply(slot, value);
      if (this.#cut) return;
      if (!this.#sure) this.#takenUnsure++;
    }
    this.#sure &&= survivors.areMajorityOf(this.#configuration());
  }

  #apply(slot: Slot, value: Value | undefined): void {
    if (value === undefined) return this.state.skip(slot);
    const { header, body } = decodeValue(value);
    const pair = this.#judge.inForce;
    if (!this.#judge.judge(header)) return this.state.skip(slot);
    if (header.kind === 'operations') {
      const batch = decodeBatch(body);
      this.#firstWallMs ??= batch.wallMs;
      if (leadsPast(this.until, batch)) {
        this.#judge.install(pair);
        this.#cut = true;
        return;
      }
      this.#wallMs = batch.wallMs;
    }
    this.state.apply(slot, header, body);
  }

  #directlyFollows(value: Value | undefined): boolean {
    if (value === undefined) return false;
    const { header } = decodeValue(value);
    return header.kind !== 'epoch' && new EpochJudge(this.#judge.inForce).judge(header);
  }

  #configuration() {
    const bytes = this.state.configuration;
    return bytes === undefined ? this.survivors.birthConfiguration : decodeConfiguration(bytes);
  }
}

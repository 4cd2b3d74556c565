import type { Identity } from './ballot.js';
import { majority } from './configuration.js';
import type { Configuration } from './configuration.js';
import { IdentityMap } from './identity-map.js';
import type { PlantedBugs } from './planted-bugs.js';
import { reliedOnMs } from './timings.js';
import type { LogTimings } from './timings.js';

/**
 * The master's half of its lease. Each voter's newest positive answer counts from the sending of the very transmission
 * that it answers; the lease is as old as the quorum-th newest of them, among the voters of the configuration that it
 * is counted in. (DESIGN 3.5, 3.8)
 */
export class MasterLease {
  /** When each transmission left, for as long as an answer to it could matter. */
  readonly #sentAtMs = new Map<number, number>();
  readonly #answeredSendingMs = new IdentityMap<number>();
  #lastTransmission = 0;
  #untilMs = -Infinity;
  #lapsed = false;
  #everHeld = false;

  constructor(
    private readonly self: Identity,
    private readonly timings: LogTimings,
    private readonly bugs: PlantedBugs = {},
  ) {}

  /** A number for what is sent now; a retransmission takes a new one. Sending is this replica's own answer. */
  transmit(nowMs: number, configuration: Configuration): number {
    const transmission = ++this.#lastTransmission;
    this.#sentAtMs.set(transmission, nowMs);
    for (const [number, sentAtMs] of this.#sentAtMs) {
      if (nowMs - sentAtMs <= this.timings.leaseMs) break;
      this.#sentAtMs.delete(number);
    }
    this.#count(this.self, nowMs, nowMs, configuration);
    return transmission;
  }

  /** A positive answer of `from`. An answer to something sent longer ago than a lease, or to nothing, counts nothing. */
  answered(from: Identity, transmission: number, nowMs: number, configuration: Configuration): void {
    const sentAtMs = this.#sentAtMs.get(transmission);
    if (sentAtMs === undefined) return;
    this.#count(from, this.bugs.leaseFromReply ? nowMs : sentAtMs, nowMs, configuration);
  }

  /** When the lease ends by this replica's clock, as far as the answers so far go. */
  get untilMs(): number {
    return this.#untilMs;
  }

  held(nowMs: number): boolean {
    return nowMs < this.#untilMs;
  }

  /** Whether a majority of any configuration ever answered. */
  get everHeld(): boolean {
    return this.#everHeld;
  }

  /** Whether the lease, once held, ever ran out before it was renewed. */
  get lapsed(): boolean {
    return this.#lapsed;
  }

  /**
   * Counts the answers so far anew: from here on the lease is one of this configuration, and may be over by that.
   * (DESIGN 3.8; T13)
   */
  recount(configuration: Configuration, nowMs: number): void {
    const untilMs = this.untilUnder(configuration);
    if (this.held(nowMs) && nowMs >= untilMs) this.#lapsed = true;
    this.#untilMs = untilMs;
  }

  /** Forgets the answers of others than these. */
  retain(members: readonly Identity[]): void {
    this.#answeredSendingMs.retain(members);
  }

  /** When the lease would end, counted in this configuration. */
  untilUnder(configuration: Configuration): number {
    const newestFirst = configuration.voters
      .map((voter) => this.#answeredSendingMs.get(voter) ?? -Infinity)
      .sort((a, b) => b - a);
    return (newestFirst[majority(configuration) - 1] ?? -Infinity) + reliedOnMs(this.timings);
  }

  #count(from: Identity, sentAtMs: number, nowMs: number, configuration: Configuration): void {
    if (sentAtMs <= (this.#answeredSendingMs.get(from) ?? -Infinity)) return;
    this.#answeredSendingMs.set(from, sentAtMs);
    const untilMs = this.untilUnder(configuration);
    if (untilMs <= this.#untilMs) return;
    if (this.#untilMs !== -Infinity && nowMs >= this.#untilMs) this.#lapsed = true;
    this.#untilMs = untilMs;
    this.#everHeld = true;
  }
}

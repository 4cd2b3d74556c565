import { below, SeededRng } from '../../../src/common/rng.js';
import { sameBallot, sameIdentity } from '../../../src/paxos/ballot.js';
import type { Identity, ReplicaId } from '../../../src/paxos/ballot.js';
import { membersOf, NO_CONFIGURATION } from '../../../src/paxos/configuration.js';
import type { Configuration } from '../../../src/paxos/configuration.js';
import type { ChangeEnded, Envelope } from '../../../src/paxos/effects.js';
import { MOST_VOTERS } from '../../../src/paxos/membership-change.js';
import type { MembershipChange } from '../../../src/paxos/membership-change.js';
import type { PaxosMessage } from '../../../src/paxos/messages.js';
import type { CoreBugs } from '../../../src/paxos/planted-bugs.js';
import { DEFAULT_LOG_TIMINGS } from '../../../src/paxos/timings.js';
import { decodeValue } from '../../../src/paxos/value.js';
import { Scheduler } from '../../../src/testing/scheduler.js';
import { BareReplica } from './bare-replica.js';
import { configurationOf, identityOf } from './ids.js';
import { textOf, Watch } from './watch.js';

/** How much of each fault one seed has. */
interface Weather {
  /** Of a message, that it is lost; that it comes again; that it comes late. */
  readonly loss: number;
  readonly repeat: number;
  readonly late: number;
  /** Of a write, that it takes long. */
  readonly slowWrite: number;
  /** What goes wrong from time to time. */
  readonly crash: number;
  readonly links: number;
  readonly handOver: number;
}

/** What each fault comes to at the most. Climates that differ in kind find more than one that has everything. */
const CLIMATES: readonly Weather[] = [
  { loss: 0.1, repeat: 0.1, late: 0.1, slowWrite: 0.3, crash: 0.5, links: 0.5, handOver: 0.2 },
  { loss: 0.05, repeat: 0.2, late: 0.2, slowWrite: 0.5, crash: 1, links: 0.2, handOver: 0 },
  { loss: 0, repeat: 0, late: 0, slowWrite: 0, crash: 0.1, links: 1, handOver: 0.1 },
  { loss: 0.3, repeat: 0.3, late: 0.3, slowWrite: 0.2, crash: 1, links: 1, handOver: 0 },
];

/** What must have happened for a run to have shown something; counted over seeds. */
export interface Situations {
  reigns: number;
  /** A Prepare of a replica that serves: a higher ballot under the lease. */
  boosts: number;
  handOvers: number;
  reproposals: number;
  noops: number;
  skips: number;
  catchUps: number;
  /** A process ended with a write under way. */
  tornWrites: number;
}

export const noSituations = (): Situations => ({
  reigns: 0,
  boosts: 0,
  handOvers: 0,
  reproposals: 0,
  noops: 0,
  skips: 0,
  catchUps: 0,
  tornWrites: 0,
});

/** What must have happened for a run with changes of membership to have shown something. */
export interface MemberSituations {
  chosen: number;
  /** Proposed, and its reign ended first. */
  unknown: number;
  /** Given up, because no majority of its voters answered. */
  notProposed: number;
  /** A change had another majority promise a ballot that had one. */
  widened: number;
  /** A master removed itself. */
  leaving: number;
  /** A replica asked for votes of a cell that had removed it. */
  nuisances: number;
  fewestVoters: number;
  mostVoters: number;
}

export const noMemberSituations = (): MemberSituations => ({
  chosen: 0,
  unknown: 0,
  notProposed: 0,
  widened: 0,
  leaving: 0,
  nuisances: 0,
  fewestVoters: MOST_VOTERS,
  mostVoters: 0,
});

const TICK_MS = 20;
const PROPOSE_EVERY_MS = 50;
const LATE_MS = 2500;
const SLOW_WRITE_MS = 200;
const TROUBLE_EVERY_MS = 300;
const SLOWEST_LINK_MS = 550;
const LONGEST_DOWN_MS = 1000;
const CHANGE_EVERY_MS = 150;
/** Replica ids that a cell with changes draws its members from. */
const MOST_IDS = 9;
const FEWEST_VOTERS = 3;
/** Clocks may differ in rate by the cell's maxClockDrift. */
const FASTEST_CLOCK = 1 + DEFAULT_LOG_TIMINGS.maxClockDrift;

const link = (from: ReplicaId, to: ReplicaId): string => `${from} ${to}`;

/**
 * Three to five cores in a world that loses, repeats, delays and reorders messages, lets processes crash between any
 * two of their effects, keeps disks waiting, and lets clocks run at different rates; all from one seed. With changes,
 * members come and go besides, up to seven voters; who was removed runs on and does not know it.
 */
export class RandomCell {
  readonly watch: Watch;
  readonly situations = noSituations();
  readonly memberSituations = noMemberSituations();
  readonly #rng: SeededRng;
  readonly #weather: Weather;
  readonly #time = new Scheduler();
  /** One per replica id, the present life of it. */
  readonly #replicas: BareReplica[] = [];
  readonly #bugs: CoreBugs;
  #lives = MOST_IDS;
  readonly #writing = new Set<BareReplica>();
  /** Directed links that are slow, by how much; infinitely slow ones are cut. */
  readonly #slow = new Map<string, number>();
  readonly #delivered = new Map<ReplicaId, string>();
  #faults = true;
  #values = 0;

  constructor(seed: number, bugs: CoreBugs = {}, changes = false) {
    this.#rng = new SeededRng(seed);
    this.#bugs = bugs;
    this.#weather = this.#drawWeather(CLIMATES[seed % CLIMATES.length]!);
    const size = [3, 3, 4, 5][below(this.#rng, 4)]!;
    const founding = configurationOf(size, 0);
    this.watch = new Watch(founding);
    for (const self of founding.voters) this.#replicas.push(this.#replica(self, founding));
    for (const replica of this.#replicas) this.#ticks(replica);
    this.#proposes();
    this.#troubles();
    if (changes) this.#changes();
  }

  /** Lets `steps` things happen, or fewer if something happens that must never be. */
  suffer(steps: number): void {
    for (let step = 0; step < steps && this.watch.violations.length === 0; step++) this.#step();
  }

  /**
   * The faults end: everybody runs, is connected and has a working disk.
   *
   * @returns after how many virtual milliseconds a new value was applied everywhere; nothing if it never was
   */
  recover(patienceMs: number): number | undefined {
    this.#faults = false;
    this.#slow.clear();
    for (const replica of this.#replicas) if (replica.node === undefined) this.#restart(replica);
    const startMs = this.#time.nowMs;
    const firstNew = this.#values + 1;
    const isNew = (text = ''): boolean => Number(text.slice(1)) >= firstNew;
    while (this.#time.nowMs - startMs < patienceMs && this.watch.violations.length === 0) {
      this.#step();
      const members = membersOf(this.watch.configuration);
      if (members.every((member) => isNew(this.#delivered.get(member.replicaId)))) return this.#time.nowMs - startMs;
    }
    return undefined;
  }

  #drawWeather(climate: Weather): Weather {
    const upTo = (highest: number): number => (0.3 + 0.7 * this.#rng.next()) * highest;
    return {
      loss: upTo(climate.loss),
      repeat: upTo(climate.repeat),
      late: upTo(climate.late),
      slowWrite: upTo(climate.slowWrite),
      crash: upTo(climate.crash),
      links: upTo(climate.links),
      handOver: upTo(climate.handOver),
    };
  }

  #replica(self: Identity, founding: Configuration): BareReplica {
    const rate = 1 + this.#rng.next() * (FASTEST_CLOCK - 1);
    const replica: BareReplica = new BareReplica({
      self,
      founding,
      timings: DEFAULT_LOG_TIMINGS,
      rng: this.#rng,
      bugs: this.#bugs,
      nowMs: () => this.#time.nowMs * rate,
      send: (envelopes) => this.#send(self, envelopes),
      notice: (notice) => {
        if (notice.type === 'reignBegan') this.situations.reigns++;
        if (notice.type === 'changeEnded') this.#changed(self, notice);
        if (notice.type !== 'delivered') return;
        this.watch.delivered(self.replicaId, notice, replica.serving);
        if (notice.counts) this.#delivered.set(self.replicaId, textOf(notice.body));
        else if (notice.header.kind === 'noop') this.situations.noops++;
        else this.situations.skips++;
      },
      synced: (turn) => this.watch.synced(self, turn),
      violated: (violation) => this.watch.violations.push(violation.message),
    });
    replica.syncsAtOnce = false;
    return replica;
  }

  #step(): void {
    this.#time.step();
    const masters: ReplicaId[] = [];
    for (const replica of this.#replicas) if (replica.serving !== undefined) masters.push(replica.id);
    this.watch.serving(masters);
  }

  #send(from: Identity, envelopes: readonly Envelope[]): void {
    this.watch.sent(from, envelopes);
    const { loss, repeat, late } = this.#weather;
    for (const { to, message } of envelopes) {
      this.#count(from, message);
      if (!this.#happens(loss)) this.#carry(from, to, message, this.#happens(late) ? LATE_MS : 2);
      if (this.#happens(repeat)) this.#carry(from, to, message, LATE_MS);
    }
  }

  #count(from: Identity, message: PaxosMessage): void {
    if (message.type === 'release') this.situations.handOvers++;
    if (message.type === 'catchUpReply') this.situations.catchUps++;
    if (message.type === 'prepare') {
      const { serving } = this.#replicas[from.replicaId - 1]!;
      if (serving !== undefined && sameBallot(serving, message.ballot)) this.memberSituations.widened++;
      else if (serving !== undefined) this.situations.boosts++;
    }
    if (message.type === 'preVote' && !membersOf(this.watch.configuration).some((member) => sameIdentity(member, from)))
      this.memberSituations.nuisances++;
    if (message.type !== 'accept') return;
    if (!sameBallot(decodeValue(message.value).header.epoch, message.ballot)) this.situations.reproposals++;
  }

  #carry(from: Identity, to: Identity, message: PaxosMessage, spreadMs: number): void {
    const delayMs = this.#rng.next() * spreadMs + (this.#slow.get(link(from.replicaId, to.replicaId)) ?? 0);
    if (delayMs === Infinity) return;
    this.#time.after(delayMs, () => {
      const receiver = this.#replicas[to.replicaId - 1];
      // For another life than the present one.
      if (receiver === undefined || !sameIdentity(receiver.self, to)) return;
      this.watch.received(to.replicaId, message);
      receiver.step(from, message);
      this.#writes(receiver);
    });
  }

  /** The turn that a replica took, if any, will reach its disk unless it crashes before. */
  #writes(replica: BareReplica): void {
    const turn = replica.turnUnderWay;
    if (turn === undefined || this.#writing.has(replica)) return;
    this.#writing.add(replica);
    const spreadMs = this.#happens(this.#weather.slowWrite) ? SLOW_WRITE_MS : 1;
    this.#time.after(this.#rng.next() * spreadMs, () => {
      this.#writing.delete(replica);
      if (replica.turnUnderWay === turn) replica.sync();
      this.#writes(replica);
    });
  }

  #ticks(replica: BareReplica): void {
    this.#time.after(TICK_MS * (0.5 + this.#rng.next()), () => {
      if (this.#isGone(replica)) return;
      replica.tick();
      this.#writes(replica);
      this.#ticks(replica);
    });
  }

  #proposes(): void {
    this.#time.after(this.#rng.next() * 2 * PROPOSE_EVERY_MS, () => {
      for (const replica of this.#replicas) {
        if (replica.serving === undefined && !this.#happens(0.1)) continue;
        const slot = replica.propose(Buffer.from(`v${++this.#values}`));
        if (slot !== undefined) this.watch.proposed(replica.id, slot);
        this.#writes(replica);
      }
      this.#proposes();
    });
  }

  /** Whoever is master is asked for a change that the cell as it is allows. */
  #changes(): void {
    this.#time.after(this.#rng.next() * 2 * CHANGE_EVERY_MS, () => {
      if (!this.#faults) return;
      const master = this.#replicas.find(({ serving }) => serving !== undefined);
      if (master?.node !== undefined) this.#askForChange(master, master.node.configuration);
      this.#changes();
    });
  }

  #askForChange(master: BareReplica, { voters, learners }: Configuration): void {
    const drawn = this.#rng.next();
    const learner = learners[below(this.#rng, Math.max(1, learners.length))];
    let change: MembershipChange;
    if (learner !== undefined && drawn < 0.7)
      change = { type: drawn < 0.6 ? 'makeVoter' : 'remove', identity: learner };
    else if (drawn < 0.5 || voters.length <= FEWEST_VOTERS)
      change = { type: 'addLearner', identity: this.#drawNewcomer() };
    else change = { type: 'remove', identity: voters[below(this.#rng, voters.length)]! };
    const problem = master.proposeChange(change);
    this.#writes(master);
    if (problem === undefined && change.type === 'addLearner') this.#begin(change.identity);
  }

  /** Another life of a replica that is no member as far as anybody knows. Ids are used in order, without a gap. */
  #drawNewcomer(): Identity {
    const members = membersOf(this.watch.configuration);
    const ids = Array.from({ length: Math.min(this.#replicas.length + 1, MOST_IDS) }, (_, index) => index + 1);
    const free = ids.filter((id) => !members.some(({ replicaId }) => replicaId === id));
    return identityOf(free[below(this.#rng, Math.max(1, free.length))] ?? MOST_IDS, ++this.#lives);
  }

  /** A process on an empty disk. Whatever ran at its address is gone. */
  #begin(self: Identity): void {
    const replica = this.#replica(self, NO_CONFIGURATION);
    this.#replicas[self.replicaId - 1]?.crash();
    this.#replicas[self.replicaId - 1] = replica;
    this.watch.restarted(self.replicaId, replica.disk.chosenUpTo);
    this.#delivered.delete(self.replicaId);
    this.#ticks(replica);
  }

  #isGone(replica: BareReplica): boolean {
    return this.#replicas[replica.id - 1] !== replica;
  }

  #changed(self: Identity, { change, outcome, configuration }: ChangeEnded): void {
    const situations = this.memberSituations;
    situations[outcome]++;
    if (configuration === undefined) return;
    if (sameIdentity(change.identity, self) && change.type === 'remove') situations.leaving++;
    situations.fewestVoters = Math.min(situations.fewestVoters, configuration.voters.length);
    situations.mostVoters = Math.max(situations.mostVoters, configuration.voters.length);
  }

  #troubles(): void {
    this.#time.after(this.#rng.next() * 2 * TROUBLE_EVERY_MS, () => {
      if (!this.#faults) return;
      if (this.#happens(this.#weather.crash)) this.#crash();
      if (this.#happens(this.#weather.links)) this.#troubleLinks();
      if (this.#happens(this.#weather.handOver)) this.#anyOrMaster().handOver(this.#rng.next() * 300);
      this.#troubles();
    });
  }

  /** One process ends, or several at once. */
  #crash(): void {
    const first = this.#anyOrMaster();
    const powerFailure = this.#happens(0.3);
    for (const replica of this.#replicas) {
      if (replica !== first && !(powerFailure && this.#happens(0.5))) continue;
      if (replica.turnUnderWay !== undefined) this.situations.tornWrites++;
      replica.crash();
      this.#time.after(this.#rng.next() ** 2 * LONGEST_DOWN_MS, () => {
        if (replica.node === undefined && !this.#isGone(replica)) this.#restart(replica);
      });
    }
  }

  #restart(replica: BareReplica): void {
    this.watch.restarted(replica.id, replica.disk.chosenUpTo);
    replica.start();
  }

  /** All links of a replica, or one, or one direction of these, become slow or are cut; or all is well again. */
  #troubleLinks(): void {
    if (this.#slow.size > 0 && this.#happens(0.3)) return this.#slow.clear();
    const { id } = this.#anyOrMaster();
    const { id: other } = this.#any();
    const oneLink = this.#happens(0.3);
    const direction = this.#rng.next();
    const delayMs = this.#happens(0.5) ? Infinity : this.#rng.next() * SLOWEST_LINK_MS;
    for (const { id: peer } of this.#replicas) {
      if (oneLink && peer !== other) continue;
      if (direction < 0.65) this.#slow.set(link(id, peer), delayMs);
      if (direction > 0.35) this.#slow.set(link(peer, id), delayMs);
    }
  }

  #happens(probability: number): boolean {
    return this.#faults && this.#rng.next() < probability;
  }

  #any(): BareReplica {
    return this.#replicas[below(this.#rng, this.#replicas.length)]!;
  }

  #anyOrMaster(): BareReplica {
    const master = this.#replicas.find(({ serving }) => serving !== undefined);
    return master !== undefined && this.#happens(0.6) ? master : this.#any();
  }
}

import type { Rng } from '../../src/common/rng.js';
import { sameIdentity, showBallot } from '../../src/paxos/ballot.js';
import type { Identity, Slot } from '../../src/paxos/ballot.js';
import { membersOf, NO_CONFIGURATION } from '../../src/paxos/configuration.js';
import type { Configuration } from '../../src/paxos/configuration.js';
import type { Envelope, Notice } from '../../src/paxos/effects.js';
import type { MembershipChange } from '../../src/paxos/membership-change.js';
import type { CoreBugs } from '../../src/paxos/planted-bugs.js';
import { DEFAULT_LOG_TIMINGS } from '../../src/paxos/timings.js';
import { BareReplica } from '../unit/paxos/bare-replica.js';
import { configurationOf, identityOf } from '../unit/paxos/ids.js';
import { nameOf, Watch } from '../unit/paxos/watch.js';
import { Network } from './network.js';
import type { Flight } from './network.js';
import { showMessage } from './show-message.js';

/** More than any scenario has in one go. */
const MAX_DELIVERIES = 10_000;

/** Pauses of next to nothing, and no two numbers the same: a trace must not depend on luck. */
class CountingRng implements Rng {
  #count = 0;

  next(): number {
    return (++this.#count % 2 ** 20) / 2 ** 30;
  }

  bytes(sizeBytes: number): Uint8Array {
    return new Uint8Array(sizeBytes);
  }
}

/** Real consensus cores; the scenario is their clock, their network and their disks. Everything they do is traced. */
export class ScenarioCell {
  readonly network = new Network();
  /** What happened since it was last emptied. */
  readonly trace: string[] = [];
  /** Whether the trace leaves out what happens all the time: messages, and values applied. */
  quiet = false;
  readonly #watch: Watch;
  readonly #bugs: CoreBugs;
  readonly #rng = new CountingRng();
  /** One per replica id, each the present life of it. */
  readonly #replicas: BareReplica[];
  #lives = 0;
  #nowMs = 0;
  #reported = 0;

  /**
   * @param newborn whether the first configuration still has to go through the log
   * @param spares replicas beside the founders, members of nothing yet
   */
  constructor(size: number, newborn: boolean, spares: number, bugs: CoreBugs) {
    const founding = configurationOf(size, newborn ? 0 : 1);
    this.#watch = new Watch(founding);
    this.#bugs = bugs;
    const joining = Array.from({ length: spares }, (_, index) => identityOf(size + index + 1));
    this.#replicas = [
      ...founding.voters.map((self) => this.#begin(self, founding)),
      ...joining.map((self) => this.#begin(self, NO_CONFIGURATION)),
    ];
  }

  #begin(self: Identity, founding: Configuration): BareReplica {
    return new BareReplica({
      self,
      founding,
      timings: DEFAULT_LOG_TIMINGS,
      rng: this.#rng,
      bugs: this.#bugs,
      nowMs: () => this.#nowMs,
      send: (envelopes) => this.#send(self, envelopes),
      notice: (notice) => this.#notice(self.replicaId, notice),
      synced: (turn) => this.#watch.synced(self, turn),
      violated: (violation) => this.trace.push(`${self.replicaId} stops: InvariantViolation: ${violation.message}`),
    });
  }

  get ids(): number[] {
    return this.#replicas.map(({ id }) => id);
  }

  replica(id: number): BareReplica {
    const replica = this.#replicas[id - 1];
    if (replica === undefined) throw new Error(`there is no replica ${id}`);
    return replica;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    this.look();
  }

  tick(id: number): void {
    this.replica(id).tick();
    this.look();
  }

  arrive(flight: Flight): void {
    const { from, to, message } = flight;
    const receiver = this.replica(to.replicaId);
    // A message is for one life of a replica. The bug that takes one for the other would take its messages, too.
    const meant = sameIdentity(to, receiver.self) || this.#bugs.votesByReplicaId === true;
    const lost = receiver.node === undefined ? ' (down)' : meant ? '' : ' (another life)';
    this.#say(`${from.replicaId} -> ${to.replicaId} ${showMessage(message)}${lost}`);
    if (!meant) return;
    this.#watch.received(receiver.id, message);
    receiver.step(from, message);
    this.look();
  }

  lose({ from, to, message }: Flight): void {
    this.#say(`${from.replicaId} -> ${to.replicaId} ${showMessage(message)} (lost)`);
  }

  /** Delivers what is on its way, and what that leads to, until nothing is. */
  stabilize(): void {
    for (let count = 0; ; count++) {
      const flight = this.network.next();
      if (flight === undefined) return;
      if (count > MAX_DELIVERIES) throw new Error('the cell does not come to rest');
      this.arrive(flight);
    }
  }

  sync(id: number): void {
    if (!this.replica(id).sync()) this.trace.push(`${id} has nothing to sync`);
    this.look();
  }

  crash(id: number): void {
    this.replica(id).crash();
    this.trace.push(`${id} crashes`);
  }

  restart(id: number): void {
    const replica = this.replica(id);
    const { promised, chosenUpTo, records } = replica.disk;
    this.#watch.restarted(replica.id, chosenUpTo);
    replica.start();
    const last = Math.max(0, ...records.keys());
    this.trace.push(`${id} restarts: promised=${showBallot(promised)} chosen=${chosenUpTo} accepted up to ${last}`);
  }

  /** The disk is lost; a new life begins, which is nobody's voter yet. */
  wipe(id: number): void {
    const life = 10 * ++this.#lives + id;
    this.replica(id).crash();
    this.#replicas[id - 1] = this.#begin(identityOf(id, life), NO_CONFIGURATION);
    this.#watch.restarted(this.replica(id).id, 0 as Slot);
    this.trace.push(`${id} lost its disk and begins another life`);
  }

  /** `remove` is of the life that the master knows as a member; anything else of the present one. */
  change(master: number, type: MembershipChange['type'], id: number): void {
    const { node } = this.replica(master);
    const member = node && membersOf(node.configuration).find(({ replicaId }) => replicaId === id);
    const identity = type === 'remove' && member !== undefined ? member : this.replica(id).self;
    const problem = this.replica(master).proposeChange({ type, identity });
    if (problem !== undefined) this.trace.push(`${master} refuses: ${problem}`);
    this.look();
  }

  propose(id: number, text: string): void {
    const replica = this.replica(id);
    const slot = replica.propose(Buffer.from(text));
    this.trace.push(slot === undefined ? `${id} cannot propose` : `${id} proposes ${text} in slot ${slot}`);
    if (slot !== undefined) this.#watch.proposed(replica.id, slot);
    this.look();
  }

  show(id: number): void {
    const { node } = this.replica(id);
    if (node === undefined) {
      this.trace.push(`${id} is down`);
      return;
    }
    const { role, promised, chosenUpTo, master } = node.view(this.#nowMs);
    const bound = master === undefined ? 'bound to nobody' : `bound to ${master}`;
    this.trace.push(`${id} ${role} promised=${showBallot(promised)} chosen=${chosenUpTo} ${bound}`);
  }

  /** Traces what became true of the cell as a whole. */
  look(): void {
    const masters = this.#replicas.filter(({ serving }) => serving !== undefined).map(({ id }) => id);
    this.#watch.serving(masters);
    for (const violation of this.#watch.violations.slice(this.#reported)) this.trace.push(`VIOLATION ${violation}`);
    this.#reported = this.#watch.violations.length;
  }

  #send(from: Identity, envelopes: readonly Envelope[]): void {
    this.#watch.sent(from, envelopes);
    for (const { to, message } of envelopes) this.network.send({ from, to, message });
  }

  #notice(id: BareReplica['id'], notice: Notice): void {
    switch (notice.type) {
      case 'delivered': {
        const { slot, header, body, counts } = notice;
        this.#say(`${id} ${counts ? 'applies' : 'skips'} slot ${slot} ${nameOf(header, body)}`);
        this.#watch.delivered(id, notice, this.replica(id).serving);
        return;
      }
      case 'changeEnded': {
        const { change, outcome } = notice;
        this.trace.push(`${id} ${change.type} ${change.identity.replicaId}: ${outcome}`);
        return;
      }
      case 'reignBegan':
        this.trace.push(`${id} reign begins ${showBallot(notice.epoch)}`);
        return;
      case 'reignEnded':
        this.trace.push(`${id} reign ends: ${notice.cause}`);
    }
  }

  #say(line: string): void {
    if (!this.quiet) this.trace.push(line);
  }
}

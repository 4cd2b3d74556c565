import { toHex } from '../common/bytes.js';
import type { Clock } from '../common/clock.js';
import type { GetStatusResponse, ReplicaAddress } from '../wire/types.js';
import type { AddressBook } from './address-book.js';
import type { Outcome } from './channel.js';
import type { ChannelPool } from './channel-pool.js';
import { reportOf } from './cell-report.js';
import type { CellReport } from './cell-report.js';
import type { CellStatus, ReplicaStatus } from './cell-status.js';
import { AT_ONCE } from './master-locator.js';

interface Answer {
  readonly address: string;
  readonly status: GetStatusResponse;
}

/** Asks every replica about itself, all at the same time. */
export class StatusQuestion {
  /** In the order in which they were asked: those that the user named come first. */
  readonly #asked = new Map<string, Outcome<GetStatusResponse> | undefined>();
  /** As replicas list one another. */
  readonly #ids = new Map<string, number>();
  readonly #endMs: number;

  /** @param limitMs who has not answered by then is unreachable */
  constructor(
    private readonly book: AddressBook,
    private readonly channels: ChannelPool,
    private readonly clock: Clock,
    limitMs: number,
  ) {
    this.#endMs = clock.monotonicMs() + limitMs;
  }

  async ask(): Promise<CellStatus> {
    await this.#askAll();
    return this.#summary();
  }

  /** As {@link ask}, with all that the replicas say. */
  async report(): Promise<CellReport> {
    await this.#askAll();
    const summary = this.#summary();
    const replicas = summary.replicas.map((row) => {
      const outcome = this.#asked.get(row.address);
      return reportOf(row, outcome !== undefined && 'response' in outcome ? outcome.response : undefined);
    });
    return { ...summary, replicas };
  }

  async #askAll(): Promise<void> {
    await this.book.lookUp();
    const addresses = this.book.addresses;
    await Promise.all(addresses.map((address) => this.#askOne(address, addresses.length)));
  }

  /** @param named how many addresses the user gave: where that is all of them, they are not asked under other names */
  async #askOne(address: string, named: number): Promise<void> {
    if (this.#asked.has(address)) return;
    this.#asked.set(address, undefined);
    const channel = this.channels.to(address);
    const limitMs = Math.max(1, this.#endMs - this.clock.monotonicMs());
    const [status, location] = await Promise.all([
      channel.call('getStatus', {}, limitMs),
      channel.call('getMaster', AT_ONCE, limitMs),
    ]);
    this.#asked.set(address, status);
    const listed: readonly ReplicaAddress[] = 'response' in location ? location.response.replicas : [];
    for (const replica of listed) this.#ids.set(replica.address, replica.id);
    if (named >= listed.length) return;
    await Promise.all(listed.map((replica) => this.#askOne(replica.address, named)));
  }

  #summary(): CellStatus {
    const answers = [...this.#asked].flatMap(([address, outcome]) =>
      outcome !== undefined && 'response' in outcome ? [{ address, status: outcome.response }] : [],
    );
    const byReplica = new Map<number, Answer>();
    for (const answer of answers) {
      const { replicaId } = answer.status;
      if (!byReplica.has(replicaId)) byReplica.set(replicaId, answer);
    }
    const replicas = [...byReplica.values()].sort(byEpoch);
    const master = replicas.findLast(({ status }) => status.role === 'REPLICA_ROLE_MASTER');
    const newest = master ?? replicas.at(-1);
    return {
      cell: newest?.status.cell ?? null,
      cellId: newest === undefined ? null : toHex(newest.status.cellId),
      epoch: newest === undefined || newest.status.epoch === '' ? null : newest.status.epoch,
      master: master === undefined ? null : { id: master.status.replicaId, address: master.address },
      replicas: [...replicas.map(rowOf), ...this.#unreachable(byReplica)].sort(byId),
      lookUpFailure: this.book.lookUpFailure ?? null,
    };
  }

  /** @param answered who did answer, perhaps under another address */
  *#unreachable(answered: ReadonlyMap<number, Answer>): Generator<ReplicaStatus> {
    for (const [address, outcome] of this.#asked) {
      const id = this.#ids.get(address) ?? null;
      if (outcome === undefined || 'response' in outcome || (id !== null && answered.has(id))) continue;
      yield { ...SILENT, id, address, failure: outcome.failure.message };
    }
  }
}

const SILENT = {
  incarnation: null,
  role: 'unreachable',
  voter: null,
  chosen: null,
  applied: null,
  pid: null,
} as const;

const rowOf = ({ address, status }: Answer): ReplicaStatus => ({
  id: status.replicaId,
  address,
  incarnation: toHex(status.incarnation),
  role: status.role.replace('REPLICA_ROLE_', '').toLowerCase(),
  voter: status.voter,
  chosen: status.chosen,
  applied: status.applied,
  pid: status.pid,
  failure: null,
});

/** Oldest reign first; "round.replica" as two numbers. */
function byEpoch(a: Answer, b: Answer): number {
  const [roundA = 0, replicaA = 0] = a.status.epoch.split('.').map(Number);
  const [roundB = 0, replicaB = 0] = b.status.epoch.split('.').map(Number);
  return roundA - roundB || replicaA - replicaB;
}

const byId = (a: ReplicaStatus, b: ReplicaStatus): number =>
  (a.id ?? Infinity) - (b.id ?? Infinity) || (a.address < b.address ? -1 : 1);

import type { Clock } from '../common/clock.js';
import { isVoter } from '../paxos/configuration.js';
import { showBallot } from '../paxos/ballot.js';
import type { Replica, ReplicaStatus } from '../replica/replica.js';
import type { ServedCell } from '../rpc/served-cell.js';
import type { OutgoingBackup } from '../service/backups.js';
import type { AdminCall, Call, Caller, HeldKeepAlive, Respond, RespondKeepAlive } from '../service/call.js';
import type { ChubbyService } from '../service/chubby-service.js';
import { MasterQuestions } from '../service/master-questions.js';
import { METADATA, refusal } from '../wire/errors.js';
import { ReplicaRole } from '../wire/types.js';
import type {
  Failure,
  GetMasterRequest,
  GetMasterResponse,
  GetStatusResponse,
  KeepAliveRequest,
  ListHistoryRequest,
  ListHistoryResponse,
  ReplicaAddress,
  ReplicaHealth,
} from '../wire/types.js';
import type { ReplicaConfig } from '../config/config.js';
import type { FlightRecorder } from './flight-recorder.js';
import { VERSION } from './package-files.js';

/** A replica that waits for its peers looks at them several times a second. */
const RETRY_AFTER_MS = 200;

/**
 * What clients see of a replica: the service, once the cell is born and there is one, and what the replica says of
 * itself at any time.
 */
export class ServedReplica implements ServedCell {
  readonly #config: ReplicaConfig;
  readonly #replica: Pick<Replica, 'status' | 'reign' | 'master'>;
  readonly #service: () => ChubbyService | undefined;
  readonly #health: () => ReplicaHealth;
  readonly #recorder: Pick<FlightRecorder, 'since'>;
  readonly #addresses: readonly ReplicaAddress[];
  readonly #masterQuestions: MasterQuestions;

  /** @param service present once there is a cell to serve */
  constructor(
    config: ReplicaConfig,
    replica: Pick<Replica, 'status' | 'reign' | 'master'>,
    service: () => ChubbyService | undefined,
    health: () => ReplicaHealth,
    recorder: Pick<FlightRecorder, 'since'>,
    clock: Clock,
  ) {
    this.#config = config;
    this.#replica = replica;
    this.#service = service;
    this.#health = health;
    this.#recorder = recorder;
    this.#addresses = addressesIn(config);
    this.#masterQuestions = new MasterQuestions(() => this.masterLocation(), clock);
  }

  call(caller: Caller, call: Call, respond: Respond): void {
    const service = this.#service();
    if (service === undefined) respond({ failure: this.#unborn() });
    else service.call(caller, call, respond);
  }

  admin(caller: Caller, call: AdminCall, respond: Respond): void {
    const service = this.#service();
    if (service === undefined) respond({ failure: this.#unborn() });
    else service.admin(caller, call, respond);
  }

  backup(): OutgoingBackup | Failure {
    return this.#service()?.backup() ?? this.#unborn();
  }

  keepAlive(caller: Caller, request: KeepAliveRequest, respond: RespondKeepAlive): HeldKeepAlive {
    const service = this.#service();
    if (service !== undefined) return service.keepAlive(caller, request, respond);
    respond({ failure: this.#unborn() });
    return { withdraw: () => undefined };
  }

  locateMaster(request: GetMasterRequest, answer: (location: GetMasterResponse) => void): void {
    this.#masterQuestions.ask(request, answer);
  }

  masterLocation(): GetMasterResponse {
    const service = this.#service();
    if (service !== undefined) return service.masterLocation();
    return {
      cell: this.#config.cell,
      cellId: Buffer.alloc(0),
      replicas: [...this.#addresses],
      signingKeys: [],
      spreadMs: 0,
    };
  }

  history({ sinceMs }: ListHistoryRequest): ListHistoryResponse {
    return { entries: this.#recorder.since(sinceMs) };
  }

  status(): GetStatusResponse {
    const { self, cellId, node, waitingFor } = this.#replica.status();
    const state = this.#service()?.status();
    const reign = this.#replica.reign();
    const epoch = reign ?? state?.epoch;
    const master = this.#addresses.find(({ id }) => id === this.#replica.master());
    return {
      cell: this.#config.cell,
      cellId: Buffer.from(cellId ?? '', 'hex'),
      replicaId: this.#config.replicaId,
      incarnation: Buffer.from(self?.incarnation ?? '', 'hex'),
      role: roleOf(cellId !== undefined && waitingFor.length === 0, node, reign !== undefined),
      voter: node !== undefined && self !== undefined && isVoter(node.configuration, self),
      ...(master !== undefined && { master }),
      epoch: epoch === undefined ? '' : showBallot(epoch),
      chosen: node?.chosenUpTo ?? 0,
      applied: state?.applied ?? 0,
      pid: process.pid,
      version: VERSION,
      waitingFor: [...waitingFor],
      entries: state?.entries ?? 0,
      digest: Buffer.from(state?.digest ?? '', 'hex'),
      health: this.#health(),
    };
  }

  #unborn(): Failure {
    const { waitingFor } = this.#replica.status();
    const silent = waitingFor.length === 0 ? 'the word of its peers' : `replica ${waitingFor.join(', ')}`;
    const sentence = `replica ${this.#config.replicaId} waits for ${silent} before the cell's first start`;
    return refusal('NOT_MASTER', sentence, { [METADATA.retryAfterMs]: String(RETRY_AFTER_MS) });
  }
}

/** Where clients find each replica. */
export const addressesIn = (config: ReplicaConfig): ReplicaAddress[] =>
  config.replicas.map(({ id, clientAddress }) => ({ id, address: clientAddress }));

function roleOf(born: boolean, node: ReplicaStatus['node'], reigns: boolean): ReplicaRole {
  if (reigns) return ReplicaRole.REPLICA_ROLE_MASTER;
  if (node !== undefined && node.role !== 'follower') return ReplicaRole.REPLICA_ROLE_CANDIDATE;
  return born ? ReplicaRole.REPLICA_ROLE_FOLLOWER : ReplicaRole.REPLICA_ROLE_FORMING;
}

import type { ReplicatedLog } from '../replica/ports.js';
import { METADATA, refusal } from '../wire/errors.js';
import type { Failure, ReplicaAddress } from '../wire/types.js';

/** Soon enough to find a master that is just being elected, late enough not to be a storm. */
const RETRY_AFTER_MS = 50;

/** Where the master is, as far as this replica knows. */
export class Redirect {
  readonly #log: ReplicatedLog;
  readonly #self: number;
  readonly #replicas: readonly ReplicaAddress[];

  constructor(log: ReplicatedLog, self: number, replicas: readonly ReplicaAddress[]) {
    this.#log = log;
    this.#self = self;
    this.#replicas = replicas;
  }

  get replicas(): ReplicaAddress[] {
    return [...this.#replicas];
  }

  master(): ReplicaAddress | undefined {
    const master = this.#log.master();
    return this.#replicas.find(({ id }) => id === master);
  }

  /** What a client that came to the wrong replica is told; this one sends nobody to itself. */
  notMaster(): Failure {
    const master = this.master();
    if (master === undefined || master.id === this.#self) {
      const sentence = `replica ${this.#self} is not serving as master, and knows of no other`;
      return refusal('NOT_MASTER', sentence, { [METADATA.retryAfterMs]: String(RETRY_AFTER_MS) });
    }
    const sentence = `replica ${this.#self} is not the master; replica ${master.id} is`;
    return refusal('NOT_MASTER', sentence, { [METADATA.master]: master.address });
  }
}

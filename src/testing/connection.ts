import type { Timer } from '../common/clock.js';
import { channelFailure } from '../client/channel-failure.js';
import type { Failure } from '../wire/types.js';
import type { Carried, Line } from './line.js';
import type { ReplicaLife, TestReplica } from './test-replica.js';

/** How long connecting may take: as over gRPC. */
const CONNECT_MS = 2_000;

/** One connection over a client's line to one life of a replica. Its ends hear of each other's end as over TCP. */
export class Connection implements Carried {
  readonly #line: Line;
  readonly #address: string;
  readonly #closed: (failure: Failure) => void;
  /** Told when the replica's end learns that the client's is gone. */
  #onClientGone: () => void = () => undefined;
  #life: ReplicaLife | undefined;
  #open = true;
  readonly #connecting: Timer;
  readonly #lifeEnded = (): void => this.#line.toClient(() => this.lost('connection reset'));

  /**
   * @param replica absent where nobody has the address
   * @param closed called once, unless {@link close} comes first; never from within a call of this
   */
  constructor(line: Line, address: string, replica: TestReplica | undefined, closed: (failure: Failure) => void) {
    this.#line = line;
    this.#address = address;
    this.#closed = closed;
    this.#connecting = line.clock.after(CONNECT_MS, () => this.lost('timed out'));
    line.connected(this);
    line.toCell(() => this.#accept(replica?.life));
  }

  /** Runs in the replica, if the connection still leads to it. */
  toReplica(act: (life: ReplicaLife) => void): void {
    this.#line.toCell(() => {
      const life = this.#life;
      life?.process.run(() => act(life));
    });
  }

  /** Runs in the client, if the connection is still open there. */
  toClient(act: () => void): void {
    this.#line.toClient(() => {
      if (this.#open) act();
    });
  }

  /** Runs in the replica when it learns that the client's end is closed. */
  onClientGone(act: () => void): void {
    this.#onClientGone = act;
  }

  /** The replica ends the connection, and says why. */
  refuse(failure: Failure): void {
    this.toClient(() => this.#end(failure));
  }

  lost(sentence: string): void {
    const failure = channelFailure('UNREACHABLE', `no connection to ${this.#address}: ${sentence}`);
    this.#line.inClient(() => {
      if (this.#open) this.#end(failure);
    });
  }

  /** The client ends it; it is told nothing any more. Idempotent. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#connecting.cancel();
    this.#line.disconnected(this);
    this.toReplica((life) => {
      life.onEnd.delete(this.#lifeEnded);
      this.#onClientGone();
    });
  }

  #accept(life: ReplicaLife | undefined): void {
    if (life === undefined) return this.#line.toClient(() => this.lost('connection refused'));
    this.#life = life;
    life.onEnd.add(this.#lifeEnded);
    this.toClient(() => this.#connecting.cancel());
  }

  #end(failure: Failure): void {
    this.close();
    this.#closed(failure);
  }
}

import type { Clock, Timer } from '../common/clock.js';
import type { EventLoop } from './event-loop.js';
import type { SimProcess } from './sim-process.js';

/** How long a client needs to notice that a connection is dead: as HTTP/2 pings take over gRPC. */
const UNNOTICED_MS = 8_000;

/** A connection that the line carries. */
export interface Carried {
  /** The network lost it. */
  lost(sentence: string): void;
}

/**
 * The line between one client and the cell. It carries at once, and keeps the order. Cut, it holds what it is given, as
 * TCP does: healed in time nothing is lost, later the connections are.
 */
export class Line {
  #isCut = false;
  #held: (() => void)[] = [];
  readonly #carried = new Set<Carried>();
  #noticing: Timer | undefined;

  /** @param process of the client */
  constructor(
    private readonly process: SimProcess,
    readonly clock: Clock,
    private readonly loop: EventLoop,
  ) {}

  connected(connection: Carried): void {
    this.#carried.add(connection);
  }

  disconnected(connection: Carried): void {
    this.#carried.delete(connection);
  }

  /** @param act what happens at the other end, once it is there */
  toCell(act: () => void): void {
    this.loop.soon(() => this.#carry(act));
  }

  /** @param act what the client does, once it is there */
  toClient(act: () => void): void {
    this.loop.soon(() => this.#carry(() => this.process.run(act)));
  }

  /** Something that the client finds out by itself, cut or not; not from within the call that made it so. */
  inClient(act: () => void): void {
    this.loop.soon(() => this.process.run(act));
  }

  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    const cutOff = [...this.#carried];
    this.#noticing = this.clock.after(UNNOTICED_MS, () => {
      for (const connection of cutOff) if (this.#carried.has(connection)) connection.lost('it does not answer pings');
    });
  }

  heal(): void {
    this.#isCut = false;
    this.#noticing?.cancel();
    for (const arrive of this.#held.splice(0)) arrive();
  }

  #carry(arrive: () => void): void {
    if (this.#isCut) this.#held.push(arrive);
    else arrive();
  }
}

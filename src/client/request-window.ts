import { assert } from '../common/assert.js';

/** What has a number in its session. */
export interface Numbered {
  /** 0 until it is drawn. */
  number: number;
}

/**
 * Draws the numbers of a session's requests and knows which are open: sent, or about to be, and not answered.
 *
 * Numbers run from 1 on and never stop at a gap: all up to `acknowledged` are done with, except Acquires that wait,
 * which the cell finds by number all the same (proto/chubby/v1: RequestContext).
 */
export class RequestWindow<Request extends Numbered> {
  /** The requests above `acknowledged`, at their number modulo the size. */
  readonly #ring: (Request | undefined)[];
  readonly #waiting = new Map<number, Request>();
  #openCount = 0;
  #lastDrawn = 0;
  #acknowledged = 0;

  /** @param size how far a number may be above what is acknowledged */
  constructor(private readonly size: number) {
    this.#ring = new Array<Request | undefined>(size).fill(undefined);
  }

  /** All requests up to this number are done with, waiting Acquires left out. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** @param reserved how many numbers are to be left */
  hasRoom(reserved = 0): boolean {
    return this.#lastDrawn < this.#acknowledged + this.size - reserved;
  }

  /** Requests that are open, waiting Acquires included. */
  get openCount(): number {
    return this.#openCount;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Gives the request the next number and opens it. There must be room. */
  open(request: Request): void {
    assert(this.hasRoom(), 'a request number stays within the window');
    request.number = ++this.#lastDrawn;
    this.#ring[request.number % this.size] = request;
    this.#openCount++;
  }

  /** The open request of this number, if there is one. */
  find(number: number): Request | undefined {
    const waiting = this.#waiting.get(number);
    if (waiting !== undefined) return waiting;
    const request = this.#ring[number % this.size];
    return request?.number === number ? request : undefined;
  }

  /** The cell has this Acquire: it holds the acknowledgement back no longer. */
  leaveWaiting(request: Request): void {
    if (this.#ring[request.number % this.size] !== request) return;
    this.#waiting.set(request.number, request);
    this.#vacate(request);
  }

  /** The request is answered, or given up. */
  close(request: Request): void {
    this.#openCount--;
    if (!this.#waiting.delete(request.number)) this.#vacate(request);
  }

  /** Visits the open requests in no particular order; `visit` may close the one it is given. */
  forEach(visit: (request: Request) => void): void {
    this.#waiting.forEach(visit);
    for (const request of this.#ring) if (request !== undefined) visit(request);
  }

  /** Open requests by number, smallest first. */
  inOrder(): Request[] {
    const open: Request[] = [];
    this.forEach((request) => open.push(request));
    return open.sort((a, b) => a.number - b.number);
  }

  #vacate(request: Request): void {
    const index = request.number % this.size;
    assert(this.#ring[index] === request, 'only an open request is closed');
    this.#ring[index] = undefined;
    while (this.#acknowledged < this.#lastDrawn && this.#ring[(this.#acknowledged + 1) % this.size] === undefined) {
      this.#acknowledged++;
    }
  }
}

import { LIMITS } from '../wire/limits.js';
import type { CachedAnswer, ReattachRequest, ReattachResponse } from '../wire/types.js';
import { ChubbyError } from './chubby-error.js';
import type { OpenHandle } from './events/open-handle.js';
import type { OpenHandles } from './events/open-handles.js';

/** Something in the cache of which a new master is asked whether it is still true. */
export interface Doubted {
  readonly answer: CachedAnswer;
  /** It is, as far as this master knows. */
  confirm(): void;
}

/** What a session shows to a new master. */
export interface Belongings {
  readonly handles: OpenHandles;
  /** What was cached before the change of master. */
  doubted(): Iterable<Doubted>;
  /** The rest of what was cached is to be forgotten. */
  settled(): void;
}

/** What a page asks; what is acknowledged by it is the session's to say. */
type Shown = Omit<ReattachRequest, 'acknowledgedReply'>;

/** Makes the call; rejects when the session ends, or when the attempt is given up. */
type Reattach = (request: Shown, sizeBytes: number, signal: AbortSignal) => Promise<ReattachResponse>;

interface Page {
  readonly handles: OpenHandle[];
  readonly doubted: Doubted[];
}

/** Leaves a quarter of a message for what surrounds the page, and for the estimate of its parts. */
const PAGE_BYTES = LIMITS.messageBytes * 0.75;
/** Besides the handle, or the name. */
const ITEM_BYTES = 64;

/**
 * After a change of master a session shows the new one what it has open and what it caches, in as many calls as that
 * takes. Begun anew with each change of master and each new connection until one attempt came to its end: what the
 * master has seen already does no harm. ([CH] 2.9, DESIGN 5, Fail-over)
 */
export class Reattachment {
  #needed = false;
  #attempt: AbortController | undefined;

  constructor(
    private readonly belongings: Belongings,
    private readonly reattach: Reattach,
  ) {}

  /** There is another master; what it was shown before, by an earlier connection, may be out of date. */
  begin(): void {
    this.#needed = true;
    void this.#run();
  }

  /** The connection is gone. */
  interrupt(): void {
    this.#attempt?.abort();
    this.#attempt = undefined;
  }

  /** There is a new connection: perhaps to the same master, which says nothing of itself then. */
  resume(): void {
    if (this.#needed) void this.#run();
  }

  async #run(): Promise<void> {
    this.interrupt();
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      const pages = this.#pages();
      for (const [index, page] of pages.entries()) await this.#show(page, index === pages.length - 1, attempt.signal);
      this.#needed = false;
      this.belongings.settled();
    } catch (error) {
      if (!(error instanceof ChubbyError)) throw error;
      // Given up for another attempt, or over with the session.
      if (!attempt.signal.aborted) this.#refused(error);
    }
  }

  /** Who follows a handle of which this master knows nothing would wait for ever. */
  #refused(error: ChubbyError): void {
    this.#needed = false;
    this.belongings.settled();
    const { handles } = this.belongings;
    for (const handle of [...handles]) {
      if (handle.kinds.length > 0) handles.lost(handle, lostError(handle, error));
    }
  }

  #pages(): Page[] {
    const pages: Page[] = [];
    let page: Page = { handles: [], doubted: [] };
    let sizeBytes = 0;
    const takes = (itemBytes: number): void => {
      if (sizeBytes + itemBytes > PAGE_BYTES) {
        pages.push(page);
        page = { handles: [], doubted: [] };
        sizeBytes = 0;
      }
      sizeBytes += itemBytes;
    };
    for (const handle of this.belongings.handles) {
      takes(handle.bytes.length + ITEM_BYTES);
      page.handles.push(handle);
    }
    for (const doubted of this.belongings.doubted()) {
      takes(Buffer.byteLength(doubted.answer.name) + ITEM_BYTES);
      page.doubted.push(doubted);
    }
    // Also an empty one: that nothing is open tells the master that the session may be idle.
    pages.push(page);
    return pages;
  }

  async #show({ handles, doubted }: Page, complete: boolean, signal: AbortSignal): Promise<void> {
    const request = {
      context: null,
      handles: handles.map(({ bytes, seenRevision }) => ({ handle: bytes, seenRevision })),
      cached: doubted.map(({ answer }) => answer),
      complete,
    };
    const { lostHandles, stillTrue } = await this.reattach(request, PAGE_BYTES, signal);
    for (const index of stillTrue) doubted[index]?.confirm();
    for (const [index, failure] of Object.entries(lostHandles)) {
      const handle = handles[Number(index)];
      if (handle !== undefined) this.belongings.handles.lost(handle, lostError(handle, ChubbyError.of(failure)));
    }
  }
}

function lostError(handle: OpenHandle, { reason, message, remedy, code }: ChubbyError): ChubbyError {
  return new ChubbyError(reason, `the handle on ${handle.name} is lost: ${message}`, { remedy }, code);
}

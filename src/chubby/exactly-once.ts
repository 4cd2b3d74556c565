import type { Draft, Lookup } from './draft.js';
import type { SessionId } from './records/ids.js';
import { resultKey, sessionKey } from './records/keys.js';
import { decodeResult, encodeResult } from './records/request-result.js';
import type { RequestResult } from './records/request-result.js';
import { encodeSession } from './records/session.js';
import type { SessionRecord } from './records/session.js';

/** How far the stored watermark may lag behind what the client acknowledged: the session is rewritten that seldom. */
const LAG = 64;

/**
 * Which requests of a session were done, and which may still come. A request that changes something leaves its result
 * behind in the same MultiOp, under its number; so a retry, whenever and at whichever master, finds it and acts no
 * second time. (DESIGN 4)
 */
export class RequestWindow {
  readonly #sessionId: SessionId;
  readonly #size: number;
  /** The numbers whose results are stored, pending ones included, in the order in which they were. */
  readonly #recorded: Set<number>;
  #acknowledged: number;

  /**
   * @param watermark of the stored session
   * @param recorded the numbers of its stored results
   * @param size how far above what is acknowledged a number may be
   */
  constructor(sessionId: SessionId, watermark: number, recorded: Iterable<number>, size: number) {
    this.#sessionId = sessionId;
    this.#acknowledged = watermark;
    this.#recorded = new Set(recorded);
    this.#size = size;
  }

  /** The client has the answers of every request up to here, and never asks for them again. */
  acknowledge(upTo: number): void {
    if (upTo > this.#acknowledged) this.#acknowledged = upTo;
  }

  isForgotten(number: number): boolean {
    return number <= this.#acknowledged;
  }

  isBeyond(number: number): boolean {
    return number > this.#acknowledged + this.#size;
  }

  /** What the request was answered when it was done. */
  resultOf(view: Lookup, number: number): RequestResult | undefined {
    if (!this.#recorded.has(number)) return undefined;
    const stored = view.get(resultKey(this.#sessionId, number));
    return stored && decodeResult(stored);
  }

  /** Stores the result with the changes that the request makes. */
  record(draft: Draft, number: number, result: RequestResult): void {
    draft.put(resultKey(this.#sessionId, number), encodeResult(result));
    this.#recorded.add(number);
  }

  /**
   * Moves the stored watermark up to what the client acknowledged, and deletes the results that nobody will ask for
   * again, once that is worth its while.
   *
   * @returns the session as it is then
   */
  moveWatermark(draft: Draft, session: SessionRecord): SessionRecord {
    if (this.#acknowledged - session.watermark < LAG) return session;
    for (const number of this.#recorded) {
      if (number > this.#acknowledged) continue;
      draft.remove(resultKey(this.#sessionId, number));
      this.#recorded.delete(number);
    }
    const moved = { ...session, watermark: this.#acknowledged };
    draft.put(sessionKey(this.#sessionId), encodeSession(moved));
    return moved;
  }
}

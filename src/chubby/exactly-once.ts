import type { Draft, Lookup } from './draft.js';
import type { SessionId } from './records/ids.js';
import { resultKey, sessionKey } from './records/keys.js';
import { decodeResult, encodeResult } from './records/request-result.js';
import type { RequestResult } from './records/request-result.js';
import { encodeSession } from './records/session.js';
import type { SessionRecord } from './records/session.js';

/** How far the stored watermark may lag behind what the client acknowledged: the session is rewritten that seldom. */
const LAG = 64;

/** A result as it is stored: the number of its request, and its size. */
export interface StoredResult {
  readonly number: number;
  readonly sizeBytes: number;
}

/**
 * Which requests of a session were done, and which may still come. A request that changes something leaves its result
 * behind in the same MultiOp, under its number; so a retry, whenever and at whichever master, finds it and acts no
 * second time. (DESIGN 4)
 *
 * What the client acknowledged is known to this master alone until the stored watermark follows. So whatever is not to
 * act any more needs a result, unless its number is at or below the watermark.
 */
export class RequestWindow {
  readonly #sessionId: SessionId;
  readonly #size: number;
  /** The numbers whose results are stored, pending ones included, in the order in which they were, with their sizes. */
  readonly #recorded = new Map<number, number>();
  #recordedBytes = 0;
  #acknowledged: number;
  /** As stored, pending changes included. */
  #watermark: number;

  /**
   * @param watermark of the stored session
   * @param recorded its stored results
   * @param size how far above what is acknowledged a number may be
   */
  constructor(sessionId: SessionId, watermark: number, recorded: Iterable<StoredResult>, size: number) {
    this.#sessionId = sessionId;
    this.#acknowledged = watermark;
    this.#watermark = watermark;
    this.#size = size;
    for (const { number, sizeBytes } of recorded) this.#count(number, sizeBytes);
  }

  /** Of the results that are stored. */
  get recordedBytes(): number {
    return this.#recordedBytes;
  }

  /** Whether the client acknowledged more than the stored watermark says. */
  get watermarkLags(): boolean {
    return this.#acknowledged > this.#watermark;
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

  /** The oldest request that is open: it is what the acknowledgement waits for. */
  isOldest(number: number): boolean {
    return number === this.#acknowledged + 1;
  }

  /** Whether some master, this one or a later one, would execute a request that came under this number. */
  mayAct(number: number): boolean {
    return number > this.#watermark && !this.#recorded.has(number);
  }

  /** What the request was answered when it was done. */
  resultOf(view: Lookup, number: number): RequestResult | undefined {
    if (!this.#recorded.has(number)) return undefined;
    const stored = view.get(resultKey(this.#sessionId, number));
    return stored && decodeResult(stored);
  }

  /** Stores the result with the changes that the request makes, unless no master would ever execute the number again. */
  record(draft: Draft, number: number, result: RequestResult): void {
    if (number <= this.#watermark) return;
    const encoded = encodeResult(result);
    draft.put(resultKey(this.#sessionId, number), encoded);
    this.#count(number, encoded.length);
  }

  /** As {@link moveWatermark}, once that is worth its while. */
  moveWatermarkIfFar(draft: Draft, session: SessionRecord): SessionRecord {
    return this.#acknowledged - this.#watermark < LAG ? session : this.moveWatermark(draft, session);
  }

  /**
   * Moves the stored watermark up to what the client acknowledged, and deletes the results that nobody will ask for
   * again.
   *
   * @returns the session as it is then
   */
  moveWatermark(draft: Draft, session: SessionRecord): SessionRecord {
    for (const [number, sizeBytes] of this.#recorded) {
      if (number > this.#acknowledged) continue;
      draft.remove(resultKey(this.#sessionId, number));
      this.#recorded.delete(number);
      this.#recordedBytes -= sizeBytes;
    }
    this.#watermark = this.#acknowledged;
    const moved = { ...session, watermark: this.#watermark };
    draft.put(sessionKey(this.#sessionId), encodeSession(moved));
    return moved;
  }

  #count(number: number, sizeBytes: number): void {
    this.#recordedBytes += sizeBytes - (this.#recorded.get(number) ?? 0);
    this.#recorded.set(number, sizeBytes);
  }
}

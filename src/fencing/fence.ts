import { MalformedBytes } from '../common/bytes.js';
import { LIMITS } from '../wire/limits.js';
import { decodeSequencer } from '../wire/sequencer.js';
import type { Sequencer } from '../wire/sequencer.js';
import { FenceKeys } from './fence-keys.js';
import type { FenceKey } from './fence-keys.js';
import { FencingError } from './fencing-error.js';
import { isOlder, NewestInMemory } from './newest-seen.js';
import type { LockPair, NewestSeen } from './newest-seen.js';

export interface FenceOptions {
  /** 32 hex digits, as `chubby status` shows them: names of locks mean nothing beyond their cell. */
  readonly cellId: string;
  /**
   * Whole name of the lock that protects the resource, with the cell's own name, as sequencers carry it: `/ls/<cell>/...`
   * (`/ls/local/...` only where the cell itself has the name `local`).
   */
  readonly lock: string;
  /** What the resource asks for: `exclusive` unless said otherwise; `shared` is satisfied by both. */
  readonly mode?: 'exclusive' | 'shared' | undefined;
  /** The cell's public keys: the one in use, and former ones that still verify. */
  readonly keys: readonly FenceKey[];
  /** Remembers the newest holder; {@link NewestInMemory} unless said otherwise, with what that means. */
  readonly remember?: NewestSeen | undefined;
  /** The wall clock, in milliseconds since 1970, by which keys end; the machine's unless said otherwise. */
  readonly nowMs?: (() => number) | undefined;
}

/** What a sequencer that was let through says of the lock. */
export interface FencedLock extends LockPair {
  /** Whole name. */
  readonly lock: string;
  readonly mode: 'exclusive' | 'shared';
}

/**
 * Keeps everybody from a resource who does not hold its lock any more, without asking the cell: whoever writes shows the
 * sequencer of the lock (`GetSequencer`), and is refused if it is none, speaks of something else, or is older than the
 * newest that was let through. (DESIGN 5, [CH] 2.4)
 *
 * A fence sees who is late only once a later holder was here. What no fence can see is a holder that lost its lock and
 * that nobody has followed yet.
 */
export class Fence {
  readonly lock: string;
  readonly #cellId: string;
  readonly #mode: 'exclusive' | 'shared';
  readonly #newest: NewestSeen;
  readonly #nowMs: () => number;
  #keys: FenceKeys;

  constructor({ cellId, lock, mode = 'exclusive', keys, remember, nowMs }: FenceOptions) {
    if (!/^[0-9a-f]{32}$/i.test(cellId))
      throw new TypeError('cellId: 32 hex digits are needed, as chubby status shows');
    assertWholeName(lock);
    this.lock = lock;
    this.#cellId = cellId.toLowerCase();
    this.#mode = mode;
    this.#keys = new FenceKeys(keys);
    this.#newest = remember ?? new NewestInMemory();
    this.#nowMs = nowMs ?? Date.now;
  }

  /** Believes these keys from here on, and no others: after `chubby keys rotate`. */
  useKeys(keys: readonly FenceKey[]): void {
    this.#keys = new FenceKeys(keys);
  }

  /**
   * Tests everything but whether a later holder was here: for who tests that within the transaction that writes, which
   * is the only way without a gap ({@link NewestSeen}).
   *
   * @param sequencer as GetSequencer returned it
   * @throws FencingError every reason but OUTDATED
   */
  inspect(sequencer: Uint8Array): FencedLock {
    const decoded = decode(sequencer);
    if (decoded.cellId !== this.#cellId) {
      throw new FencingError('OTHER_CELL', `the sequencer is of cell ${decoded.cellId}, not ${this.#cellId}`);
    }
    this.#keys.verify(sequencer, decoded.keyId, this.#nowMs());
    const held = decoded.locks.find(({ name }) => name === this.lock);
    if (held === undefined) {
      const others = decoded.locks.map(({ name }) => name).join(', ');
      throw new FencingError('OTHER_LOCK', `the sequencer does not speak of ${this.lock}, but of ${others}`);
    }
    const { instanceNumber, lockGeneration, mode } = held;
    if (this.#mode === 'exclusive' && mode === 'shared') {
      throw new FencingError('WRONG_MODE', `${this.lock} was held in mode shared, and exclusive is asked for`);
    }
    return { lock: this.lock, instanceNumber, lockGeneration, mode };
  }

  /**
   * Tests everything, and remembers the holder if it is the newest.
   *
   * @param sequencer as GetSequencer returned it
   * @throws FencingError with the reason; whatever {@link NewestSeen.raise} throws
   */
  async verify(sequencer: Uint8Array): Promise<FencedLock> {
    const fenced = this.inspect(sequencer);
    const { instanceNumber, lockGeneration } = fenced;
    const newest = await this.#newest.raise(this.lock, { instanceNumber, lockGeneration });
    if (isOlder(fenced, newest)) throw outdated(fenced, newest);
    return fenced;
  }
}

/** @throws TypeError for options that cannot be meant */
export const createFence = (options: FenceOptions): Fence => new Fence(options);

function decode(bytes: Uint8Array): Sequencer {
  if (bytes.length > LIMITS.sequencerBytes)
    throw new FencingError('MALFORMED', 'the bytes are too many for a sequencer');
  try {
    return decodeSequencer(bytes);
  } catch (error) {
    if (error instanceof MalformedBytes) throw new FencingError('MALFORMED', 'the bytes are no sequencer');
    throw error;
  }
}

function outdated({ lock }: FencedLock, newest: LockPair): FencingError {
  const later = `instance ${newest.instanceNumber}, generation ${newest.lockGeneration}`;
  return new FencingError('OUTDATED', `a later holder of ${lock} was here (${later})`);
}

function assertWholeName(lock: string): void {
  const [empty, ls, cell, ...components] = lock.split('/');
  if (empty !== '' || ls !== 'ls' || cell === undefined || components.length === 0 || components.includes('')) {
    throw new TypeError(`lock: ${JSON.stringify(lock)} is no whole name, /ls/<cell>/...`);
  }
}

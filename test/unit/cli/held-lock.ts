import { ChubbyError } from '../../../src/client/index.js';
import type { HeldLock } from '../../../src/client/index.js';
import { FakeClient } from './fake-surroundings.js';

/** A lock that is held until the test takes it away. */
export class TestLock implements HeldLock {
  readonly #controller = new AbortController();
  readonly sequencer = Buffer.from('sequencer \xff', 'latin1');
  leftMs = 10_000;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  assertHeld(): void {
    this.signal.throwIfAborted();
  }

  lose(leftMs: number): void {
    this.leftMs = leftMs;
    this.#controller.abort(new ChubbyError('LOCK_LOST', 'the lock may be lost'));
  }
}

/** A client that gets this lock, or is refused like this. */
export function clientWith(lock: HeldLock | ChubbyError): FakeClient {
  const client = new FakeClient();
  client.lock = lock;
  return client;
}

/** Enough to find a command. */
export const env = { PATH: process.env['PATH'] ?? '' };

import type { CellClient } from '../../../src/cli/context.js';
import { ChubbyError } from '../../../src/client/index.js';
import type {
  BackupSink,
  Explanation,
  LockDescription,
  LockHolder,
  SessionDescription,
  SigningKey,
  Stat,
} from '../../../src/client/index.js';

/** What operators see of a cell that is what the test says. */
export class FakeAdmin implements Pick<CellClient, 'signingKeys'> {
  sessions: SessionDescription[] = [];
  locks: LockDescription[] = [];
  explanations = new Map<string, Explanation>();
  keys: SigningKey[] = [];
  /** The last arguments. */
  asked: unknown;

  async *listSessions(): AsyncGenerator<SessionDescription, void> {
    for (const session of this.sessions) yield await Promise.resolve(session);
  }

  /** What a backup's sink is given. */
  backedUp: readonly Uint8Array[] = [];

  async backup(sink: BackupSink): Promise<void> {
    const zero = { slot: 0, revision: 0, entryCount: 0, stateBytes: 0 };
    await sink.begin({ cell: 'test', cellId: Buffer.alloc(16), ...zero });
    for (const piece of this.backedUp) await sink.piece(piece);
  }

  endSession(id: string): Promise<boolean> {
    const before = this.sessions.length;
    this.sessions = this.sessions.filter((session) => session.id !== id);
    return Promise.resolve(this.sessions.length < before);
  }

  async *listLocks(below = ''): AsyncGenerator<LockDescription, void> {
    for (const lock of this.locks) if (lock.name.startsWith(below)) yield await Promise.resolve(lock);
  }

  explain(name: string): Promise<Explanation> {
    const found = this.explanations.get(name);
    return found === undefined
      ? Promise.reject(new ChubbyError('NOT_FOUND', `there is no ${name}`))
      : Promise.resolve(found);
  }

  rotateKeys(keepFormerMs: number): Promise<SigningKey[]> {
    this.asked = keepFormerMs;
    return Promise.resolve(this.keys);
  }

  signingKeys(): Promise<SigningKey[]> {
    return Promise.resolve(this.keys);
  }
}

export const sessionOf = (id: string, facts: Partial<SessionDescription> = {}): SessionDescription => ({
  id,
  principal: 'anybody',
  address: '10.0.0.1:4711',
  createdAtMs: Date.now(),
  leaseLeftMs: 7_500,
  silent: false,
  openHandles: 1,
  heldLocks: 1,
  waitingAcquires: 0,
  cachedAnswers: 0,
  ...facts,
});

export const holderOf = (session: SessionDescription, facts: Partial<LockHolder> = {}): LockHolder => ({
  session,
  acquiredAtMs: Date.now(),
  lockDelayMs: 0,
  lockDelayLeftMs: 0,
  ...facts,
});

export const lockOf = (name: string, facts: Partial<LockDescription> = {}): LockDescription => ({
  name,
  instanceNumber: 12,
  lockGeneration: 7,
  mode: null,
  holders: [],
  waiters: [],
  waiterCount: 0,
  ...facts,
});

export const explanationOf = (lock: LockDescription, stat: Stat, facts: Partial<Explanation> = {}): Explanation => ({
  stat,
  lock,
  deadlock: [],
  cachingSessions: 0,
  subscriptions: 0,
  ...facts,
});

/** What a master has to carry at one moment, for those who watch it. */
export interface MasterLoad {
  readonly sessions: number;
  /** What every session's lease is stretched to; 0 while they are not. */
  readonly stretchedLeaseMs: number;
  /** Acquires that wait for a lock. */
  readonly waitingAcquires: number;
  /** Answers that clients may have cached. */
  readonly cachedAnswers: number;
  /** Changes that wait until nobody caches what they touch. */
  readonly changesWaiting: number;
  readonly subscriptions: number;
  /** Events that wait for acknowledgements. */
  readonly eventBytes: number;
}

/** Of a replica that is not master. */
export const NO_LOAD: MasterLoad = {
  sessions: 0,
  stretchedLeaseMs: 0,
  waitingAcquires: 0,
  cachedAnswers: 0,
  changesWaiting: 0,
  subscriptions: 0,
  eventBytes: 0,
};

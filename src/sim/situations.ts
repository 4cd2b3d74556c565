/**
 * What a run must have been through to mean anything: a simulator that never gets there proves nothing. A zero over all
 * seeds fails the run. (DESIGN 10)
 */
export const SITUATIONS = {
  failOverWithValuesInFlight: 'a reign ended with values in flight',
  reproposalFromMinority: 'a value was re-proposed that less than a majority had on disk',
  skippedSuccessor: 'a chosen value was skipped because it did not directly follow',
  crashBetweenSyncAndSend: 'a replica crashed after its disk had synced and before its messages left',
  retryAcrossMasters: 'a request was asked again of another master',
  handOver: 'a master that was asked to end handed its reign over',
  sessionExpired: 'a session expired',
  cachedRead: 'a client read from its cache',
  invalidated: 'a client dropped what it had cached, before it was written',
  answerOvertaken: 'an invalidation overtook an answer that might have been cached',
  suspendedMachine: 'a machine was suspended',
  stateFromSnapshot: 'a replica went on from the state of a snapshot',
  snapshotSent: 'a replica that was too far behind for the log was sent a snapshot',
  diskFailure: 'a disk refused a write, and its replica ended',
} as const;

export type Situation = keyof typeof SITUATIONS;

export class SituationCounts {
  readonly #counts = new Map<Situation, number>();

  count(situation: Situation): void {
    this.#counts.set(situation, this.of(situation) + 1);
  }

  of(situation: Situation): number {
    return this.#counts.get(situation) ?? 0;
  }

  add(other: SituationCounts): void {
    for (const [situation, count] of other.#counts) this.#counts.set(situation, this.of(situation) + count);
  }

  /** The situations that never came up. */
  get missing(): readonly Situation[] {
    return (Object.keys(SITUATIONS) as Situation[]).filter((situation) => this.of(situation) === 0);
  }
}

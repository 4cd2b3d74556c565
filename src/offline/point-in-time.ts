import { revisionIn } from '../chubby/global-revision.js';
import type { Batch } from '../db/batch.js';

/** Up to where a log is followed: to its end, to a moment by the masters' wall clocks, or to a global revision. */
export interface PointInTime {
  /** Milliseconds since 1970. */
  readonly atMs?: number;
  readonly revision?: number;
}

/** Whether a value leads past the point. A value is one step: what was written together is never taken apart. */
export function leadsPast({ atMs = Infinity, revision = Infinity }: PointInTime, batch: Batch): boolean {
  return batch.wallMs > atMs || (revisionIn(batch) ?? 0) > revision;
}

import { damagedLog, levelError } from './damage.js';
import { writeKey } from './keys.js';
import type { LevelDb } from './level-database.js';
import type { VerifiedLog } from './log-verifier.js';
import { sumIn } from './sealed-entry.js';
import type { TailMark } from './tail-mark.js';
import type { TailProof } from './tail-proof.js';

/**
 * Verifies that a log, itself found whole, still has every write that the proof of its tail knows of. (DESIGN 3.10)
 *
 * @throws DamagedLog when it does not; StorageFailure when the disk does not answer
 */
export async function verifyTail(db: LevelDb, log: VerifiedLog, { path, marks }: TailProof): Promise<void> {
  for (const mark of marks) {
    const { writeNumber, promised } = mark;
    if (writeNumber > log.lastWrite) {
      throw damagedLog(
        db.location,
        `its last write is ${log.lastWrite}, but ${path} knows of write ${writeNumber} (promised: round ${promised.round}): its newest writes are gone`,
      );
    }
    if (!(await fits(db, log, mark))) {
      throw damagedLog(db.location, `its write ${writeNumber} is not the one that ${path} knows of`);
    }
  }
}

async function fits(db: LevelDb, { log, firstWrite }: VerifiedLog, mark: TailMark): Promise<boolean> {
  // Nothing to compare is kept of a write that was truncated since; but no promise falls.
  if (mark.writeNumber < firstWrite) {
    return log.promised.round >= mark.promised.round && log.lastRound >= mark.lastRound;
  }
  try {
    const stored = await db.get(writeKey(mark.writeNumber));
    return stored !== undefined && sumIn(stored) === mark.sum;
  } catch (error) {
    throw levelError(db.location, 'cannot read', error);
  }
}

import type { SessionDescription } from '../../client/index.js';
import { agoInWords, durationInWords } from '../duration.js';
import type { Cell } from '../output.js';
import { printable } from '../printable.js';

export const SESSION_COLUMNS = [
  'SESSION',
  'PRINCIPAL',
  'FROM',
  'AGE',
  'LEASE LEFT',
  'HANDLES',
  'LOCKS',
  'WAITS',
  'CACHES',
  'STATE',
] as const;

export const sessionRow = (session: SessionDescription): Cell[] => [
  session.id,
  printable(session.principal),
  fromOf(session),
  agoInWords(session.createdAtMs),
  durationInWords(session.leaseLeftMs),
  session.openHandles,
  session.heldLocks,
  session.waitingAcquires,
  session.cachedAnswers,
  session.silent ? 'silent' : 'alive',
];

/** Nothing came from it under this master. */
export const fromOf = ({ address }: SessionDescription): string | null => (address === '' ? null : printable(address));

import { ByteReader, ByteWriter } from '../../common/bytes.js';
import type { Ballot, Identity } from '../../paxos/ballot.js';
import { beginEntry, openEntry, sealEntry } from './sealed-entry.js';
import { putBallot, putIdentity, takeBallot, takeIdentity } from './stored-ballot.js';

/** What the proof of a log's tail says of one write that was durable by then. */
export interface TailMark {
  readonly owner: Identity;
  /** 0 before the first turn. */
  readonly writeNumber: number;
  /** The sum of that write's journal entry; of the header, before the first turn. */
  readonly sum: number;
  readonly promised: Ballot;
  readonly lastRound: number;
}

/** A mark has a page of the file to itself, so that no torn write of one reaches the other. */
export const PAGE_BYTES = 4096;

/** Covered by the sum: a mark is no entry of the log, and the other way round. */
const KEY: Uint8Array = Buffer.from('tail');
const MAX_MARK_BYTES = 64;

/** Fills a page with the mark. */
export function putMark(page: Buffer, mark: TailMark): void {
  const entry = beginEntry(MAX_MARK_BYTES);
  putIdentity(entry, mark.owner).uint(mark.writeNumber).u32(mark.sum);
  putBallot(entry, mark.promised).uint(mark.lastRound);
  const { stored } = sealEntry(KEY, entry);
  page.fill(0).set(new ByteWriter(MAX_MARK_BYTES + 1).bytes(stored).view());
}

/** @throws MalformedBytes when the page does not hold a whole mark */
export function takeMark(page: Uint8Array): TailMark {
  const from = openEntry(KEY, new ByteReader(page).bytes());
  const owner = takeIdentity(from);
  const writeNumber = from.uint();
  const sum = from.u32();
  const promised = takeBallot(from);
  const lastRound = from.uint();
  from.end();
  return { owner, writeNumber, sum, promised, lastRound };
}

import type { Clock } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import type { ReadDirRequest, ReadDirResponse } from '../wire/types.js';
import { CallLimit } from './call-limit.js';
import { ChubbyError } from './chubby-error.js';
import type { DirectoryEntry } from './node-results.js';
import { entryOf } from './node-results.js';
import type { CallTerms } from './pending-call.js';
import { readDirRequest } from './requests.js';
import type { Target } from './requests.js';

/** Listings of a directory that changes all the time, before its reader is told so. */
const ATTEMPTS = 6;
const PAUSE_MS = 10;
const PAUSE_GROWTH = 2;

type ReadPage = (request: ReadDirRequest) => Promise<ReadDirResponse>;

/** Reads directories whole: all pages of one listing show one state, so a change in between makes it begin anew. */
export class Listings {
  constructor(
    private readonly clock: Clock,
    private readonly rng: Rng,
  ) {}

  /**
   * All children, in byte order.
   *
   * @throws ChubbyError LISTING_CHANGED when the directory did not keep still for a listing, however often it was begun
   */
  async read(target: Target, terms: CallTerms, readPage: ReadPage): Promise<DirectoryEntry[]> {
    for (let attempt = 1, pauseMs = PAUSE_MS; ; attempt++, pauseMs *= PAUSE_GROWTH) {
      try {
        return await readPages(target, readPage);
      } catch (error) {
        if (!(error instanceof ChubbyError) || error.reason !== 'LISTING_CHANGED' || attempt === ATTEMPTS) throw error;
        await this.#pause(pauseMs * (1 + this.rng.next()), terms, error);
      }
    }
  }

  async #pause(pauseMs: number, { signal, deadlineMs }: CallTerms, error: ChubbyError): Promise<void> {
    const limit = new CallLimit(this.clock, 'readDir', signal, deadlineMs - this.clock.monotonicMs(), () => error);
    try {
      await limit.pause(pauseMs);
    } finally {
      limit.end();
    }
  }
}

async function readPages(target: Target, readPage: ReadPage): Promise<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  let token: Buffer = Buffer.alloc(0);
  for (;;) {
    const page = await readPage(readDirRequest(target, token));
    for (const entry of page.entries) entries.push(entryOf(entry));
    if (page.nextPageToken.length === 0) return entries;
    token = page.nextPageToken;
  }
}

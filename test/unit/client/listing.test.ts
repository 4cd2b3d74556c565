import { describe, expect, it } from 'vitest';
import { ChubbyError } from '../../../src/client/chubby-error.js';
import { Listings } from '../../../src/client/listing.js';
import type { CallTerms } from '../../../src/client/pending-call.js';
import { byName } from '../../../src/client/requests.js';
import { SeededRng } from '../../../src/common/rng.js';
import type { ReadDirRequest, ReadDirResponse } from '../../../src/wire/types.js';
import { STAT } from './fake-cell.js';
import { VirtualClock } from './virtual-clock.js';

const CHANGED = new ChubbyError('LISTING_CHANGED', 'it changed');

/** A directory of three pages that changes behind the first page as often as told. */
function changing(times: number) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  let changes = times;
  const readPage = (request: ReadDirRequest): Promise<ReadDirResponse> => {
    const token = request.pageToken.toString();
    asked.push(token);
    if (token === '1' && changes-- > 0) return Promise.reject(CHANGED);
    const name = `${times}-${token}`;
    const next = token === '' ? '1' : token === '1' ? '2' : '';
    return Promise.resolve({ entries: [{ name, stat: STAT }], stat: STAT, nextPageToken: Buffer.from(next) });
  };
  const listings = new Listings(clock, new SeededRng(1));
  const read = (terms: Partial<CallTerms> = {}) =>
    listings.read(
      byName('/ls/local/d'),
      { sizeBytes: 1, deadlineMs: Infinity, timeoutMs: Infinity, signal: undefined, ...terms },
      readPage,
    );
  return { clock, asked, read };
}

describe('a listing that changed between its pages', () => {
  it('begins again, and returns no entry of the state before', async () => {
    const { clock, asked, read } = changing(2);
    const entries = read();
    await clock.advance(1_000);
    expect((await entries).map(({ name }) => name)).toEqual(['2-', '2-1', '2-2']);
    expect(asked).toEqual(['', '1', '', '1', '', '1', '2']);
    expect(clock.timers).toBe(0);
  });

  it('fails in the end where the directory never keeps still', async () => {
    const { clock, asked, read } = changing(Infinity);
    const entries = read();
    entries.catch(() => undefined);
    await clock.advance(10_000);
    await expect(entries).rejects.toBe(CHANGED);
    expect(asked).toHaveLength(12);
  });

  it('is not waited for beyond the deadline of the call', async () => {
    const { clock, read } = changing(Infinity);
    const entries = read({ deadlineMs: clock.monotonicMs() + 5 });
    entries.catch(() => undefined);
    await clock.advance(6);
    await expect(entries).rejects.toBe(CHANGED);
    expect(clock.timers).toBe(0);
  });

  it('is given up at once when the caller says so', async () => {
    const { clock, read } = changing(Infinity);
    const controller = new AbortController();
    const entries = read({ signal: controller.signal });
    entries.catch(() => undefined);
    await clock.settle();
    controller.abort();
    await expect(entries).rejects.toMatchObject({ reason: 'CANCELLED' });
    expect(clock.timers).toBe(0);
  });
});

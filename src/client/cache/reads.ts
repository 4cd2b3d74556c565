import { METADATA } from '../../wire/errors.js';
import type { Failure, ReadDirRequest, ReadDirResponse } from '../../wire/types.js';
import { ChubbyError, located } from '../chubby-error.js';
import type { Listings } from '../listing.js';
import { contentsAndStatOf, entryOf, statOfAnswer } from '../node-results.js';
import type { ContentsAndStat, DirectoryEntry } from '../node-results.js';
import { PendingCall } from '../pending-call.js';
import type { CallTerms, Convert, PipeCallName, RequestOf } from '../pending-call.js';
import { readRequest } from '../requests.js';
import type { Target } from '../requests.js';
import type { Session } from '../session.js';
import { statOf } from '../stat.js';
import type { Stat } from '../stat.js';
import type { SessionCache } from './session-cache.js';

/** A node to be read, and what it is called in the cache; nothing where it is not to be cached. */
export interface Readable {
  readonly target: Target;
  readonly key: string | undefined;
}

/** The whole file from the cell, and into the cache. */
export const readContents = (session: Session, { target, key }: Readable, terms: CallTerms): Promise<ContentsAndStat> =>
  submit(session, 'getContentsAndStat', readRequest(target), terms, absenceOf(session, target, key), (response) => {
    const found = contentsAndStatOf(response);
    if (key !== undefined) session.cache?.keepNode(key, found.stat, found.contents, response.cacheNumber);
    return found;
  });

/** The metadata from the cell, and into the cache. */
export const readStat = (session: Session, { target, key }: Readable, terms: CallTerms): Promise<Stat> =>
  submit(session, 'getStat', readRequest(target), terms, absenceOf(session, target, key), (response) => {
    const stat = statOfAnswer(response);
    if (key !== undefined) session.cache?.keepNode(key, stat, undefined, response.cacheNumber);
    return stat;
  });

/** The directory from the cell, page after page, and into the cache where it is one. */
export function readListing(
  session: Session,
  { target, key }: Readable,
  terms: CallTerms,
  listings: Listings,
): Promise<DirectoryEntry[]> {
  const keepAbsence = absenceOf(session, target, key);
  const readPage = (request: ReadDirRequest): Promise<ReadDirResponse> =>
    submit(session, 'readDir', request, terms, keepAbsence, (page) => {
      if (key !== undefined) keepListing(session.cache, key, page);
      return page;
    });
  return listings.read(target, terms, readPage);
}

function keepListing(
  cache: SessionCache | undefined,
  key: string,
  { entries, stat, cacheNumber }: ReadDirResponse,
): void {
  // Only a listing of one page has a number.
  if (cacheNumber !== undefined && cacheNumber !== null) {
    cache?.keepListing(key, statOf(stat), entries.map(entryOf), cacheNumber);
  }
}

/** Called with a refusal. */
type Refused = (failure: Failure) => void;

/** Keeps in mind that there is no node of this name, where the cell said so and lets it. */
function absenceOf({ cache }: Session, { target }: Target, key: string | undefined): Refused | undefined {
  if (cache === undefined || key === undefined || target !== 'name') return undefined;
  return ({ reason, message, metadata }) => {
    const number = metadata[METADATA.cacheNumber];
    if (reason === 'NOT_FOUND' && number !== undefined) cache.keepAbsence(key, message, Number(number));
  };
}

/** What a read of a node finds that is known to be absent. */
export const absent = (message: string): ChubbyError => new ChubbyError('NOT_FOUND', message);

function submit<Name extends PipeCallName, Result>(
  session: Session,
  name: Name,
  request: RequestOf<Name>,
  terms: CallTerms,
  refused: Refused | undefined,
  convert: Convert<Name, Result>,
): Promise<Result> {
  if (refused === undefined) return session.call(name, request, terms, convert);
  return located(
    new Promise((resolve, reject) => {
      session.submit(new CachableRead(name, request, terms, convert, resolve, reject, refused));
    }),
  );
}

/** A read whose refusal, too, may be worth keeping. */
class CachableRead<Name extends PipeCallName, Result> extends PendingCall<Name, Result> {
  constructor(
    name: Name,
    request: RequestOf<Name>,
    terms: CallTerms,
    convert: Convert<Name, Result>,
    resolve: (result: Result) => void,
    reject: (error: ChubbyError) => void,
    private readonly refused: Refused,
  ) {
    super(name, request, terms, convert, resolve, reject);
  }

  override refuse(failure: Failure): void {
    this.refused(failure);
    super.refuse(failure);
  }
}

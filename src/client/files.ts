import type { UnaryCalls } from '../wire/calls.js';
import type { AclNames } from './acl.js';
import type { CachedAbsence, CachedNode } from './cache/cached.js';
import type { CellNames } from './cache/cell-names.js';
import { absent, readContents, readListing, readStat } from './cache/reads.js';
import { shown } from './cache/session-cache.js';
import type { Deadlines } from './deadlines.js';
import type { Listings } from './listing.js';
import { contentsAndStatOf, nothingOf, statOfAnswer } from './node-results.js';
import type { ContentsAndStat, DirectoryEntry } from './node-results.js';
import type { CallOptions } from './options.js';
import type { CallTerms } from './pending-call.js';
import { byName, readRequest, REQUEST_BYTES, setAclRequest, setContentsRequest, sizeOfTarget } from './requests.js';
import type { AclOptions, WriteOptions } from './requests.js';
import type { Session } from './session.js';
import type { Sessions } from './sessions.js';
import type { Stat } from './stat.js';
import type { UnaryCaller } from './unary-caller.js';

/** Of the contents of a file that is not there yet. (DESIGN 5) */
const NO_GENERATION = 0;

export interface FileWriteOptions extends CallOptions, WriteOptions {
  /**
   * Create a permanent file where there is none; true unless `ifContentGeneration` is above 0, so that with 0 the file is
   * written only if it is not there yet.
   */
  readonly create?: boolean;
}

/** What calls by name rest on. */
export interface FilesGround {
  readonly sessions: Sessions;
  readonly caller: UnaryCaller;
  readonly deadlines: Deadlines;
  readonly listings: Listings;
  readonly names: CellNames;
  /** Whether what is read is worth a session. */
  readonly caches: boolean;
}

type ReadName = 'getContentsAndStat' | 'getStat' | 'readDir' | 'checkSequencer';

/** Calls on files and directories by name. Reads come from the cache where that knows. */
export class Files {
  readonly #ground: FilesGround;
  #hasRead = false;

  constructor(ground: FilesGround) {
    this.#ground = ground;
  }

  async read(name: string, options: CallOptions): Promise<ContentsAndStat> {
    const cached = this.#cached(name, options);
    if (cached?.kind === 'absence') throw absent(cached.message);
    if (cached?.contents !== undefined) return shown(cached, cached.contents);
    const target = byName(name);
    const terms = this.#terms(options, sizeOfTarget(target));
    return this.#needsSession()
      ? this.#reading(terms, (session) => readContents(session, { target, key: this.#keyOf(name) }, terms))
      : contentsAndStatOf(await this.ask('getContentsAndStat', readRequest(target), terms));
  }

  readCached(name: string): ContentsAndStat | undefined {
    const cached = this.#cached(name, {});
    return cached?.kind === 'node' && cached.contents !== undefined ? shown(cached, cached.contents) : undefined;
  }

  async stat(name: string, options: CallOptions): Promise<Stat> {
    const cached = this.#cached(name, options);
    if (cached?.kind === 'absence') throw absent(cached.message);
    if (cached !== undefined) return cached.stat;
    const target = byName(name);
    const terms = this.#terms(options, sizeOfTarget(target));
    return this.#needsSession()
      ? this.#reading(terms, (session) => readStat(session, { target, key: this.#keyOf(name) }, terms))
      : statOfAnswer(await this.ask('getStat', readRequest(target), terms));
  }

  async list(name: string, options: CallOptions): Promise<DirectoryEntry[]> {
    const cached = this.#cachedListing(name, options);
    if (cached !== undefined) return cached;
    const { listings } = this.#ground;
    const target = byName(name);
    const terms = this.#terms(options, sizeOfTarget(target));
    return this.#needsSession()
      ? this.#reading(terms, (session) => readListing(session, { target, key: this.#keyOf(name) }, terms, listings))
      : listings.read(target, terms, (request) => this.ask('readDir', request, terms));
  }

  async write(name: string, contents: Uint8Array | string, options: FileWriteOptions): Promise<Stat> {
    const target = byName(name);
    const { ifContentGeneration = NO_GENERATION, create = ifContentGeneration === NO_GENERATION } = options;
    const request = setContentsRequest(target, contents, options, create);
    const terms = this.#terms(options, sizeOfTarget(target) + contents.length);
    return this.change([name], terms, (session) => session.call('setContents', request, terms, statOfAnswer));
  }

  async delete(name: string, options: CallOptions): Promise<void> {
    const target = byName(name);
    const terms = this.#terms(options, sizeOfTarget(target));
    return this.change([name], terms, (session) => session.call('delete', readRequest(target), terms, nothingOf));
  }

  async setAcl(name: string, acl: AclNames, options: CallOptions & AclOptions): Promise<Stat> {
    const target = byName(name);
    const request = setAclRequest(target, acl, options);
    const terms = this.#terms(options, sizeOfTarget(target) + REQUEST_BYTES);
    return this.change([name], terms, (session) => session.call('setAcl', request, terms, statOfAnswer));
  }

  /** Makes a call that changes the nodes of these names. */
  change<Result>(
    names: readonly string[],
    terms: CallTerms,
    call: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    return this.#within(terms, (session) => {
      if (session.cache === undefined) return call(session);
      const keys = names.flatMap((name) => this.#keyOf(name) ?? []);
      return session.cache.whileChanging(keys, () => call(session));
    });
  }

  /** Through the session where there is one, so that the caller sees what he wrote; otherwise none is needed. */
  async ask<Name extends ReadName>(
    name: Name,
    request: UnaryCalls[Name]['request'],
    terms: CallTerms,
  ): Promise<UnaryCalls[Name]['response']> {
    const { sessions, caller } = this.#ground;
    sessions.assertOpen();
    if (sessions.reading !== undefined)
      return this.#reading(terms, (session) => session.call(name, request, terms, asItIs));
    const { timeoutMs, signal } = terms;
    return caller.call(name, request, { timeoutMs, signal });
  }

  /** A single question needs no session. Who asks again has use for one, since then the answers can be kept. */
  #needsSession(): boolean {
    this.#ground.sessions.assertOpen();
    if (this.#ground.sessions.reading !== undefined) return true;
    const isRepeated = this.#hasRead;
    this.#hasRead = true;
    return this.#ground.caches && isRepeated;
  }

  #reading<Result>(terms: CallTerms, call: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#ground.sessions.readWithin(terms, call);
  }

  #within<Result>(terms: CallTerms, call: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#ground.sessions.within(terms, call);
  }

  #cached(name: string, { signal }: CallOptions): CachedNode | CachedAbsence | undefined {
    const cache = this.#ground.sessions.reading?.cache;
    if (cache === undefined || signal?.aborted === true) return undefined;
    const key = this.#keyOf(name);
    return key === undefined ? undefined : cache.node(key);
  }

  #cachedListing(name: string, { signal }: CallOptions): DirectoryEntry[] | undefined {
    const cache = this.#ground.sessions.reading?.cache;
    if (cache === undefined || signal?.aborted === true) return undefined;
    const key = this.#keyOf(name);
    const cached = key === undefined ? undefined : cache.listing(key);
    return cached && [...cached.entries];
  }

  #keyOf(name: string): string | undefined {
    return this.#ground.names.keyOf(name);
  }

  #terms(options: CallOptions, sizeBytes: number): CallTerms {
    return this.#ground.deadlines.termsOf(options, sizeBytes);
  }
}

const asItIs = <Response>(response: Response): Response => response;

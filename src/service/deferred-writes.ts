import type { Change } from '../chubby/changes.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { Failure } from '../wire/types.js';
import type { CallName, Respond } from './call.js';
import { joinCallers } from './callers.js';
import type { Caching } from './caching.js';
import type { WriteCall } from './compute.js';
import { ownRequest } from './own-request.js';
import type { Reign } from './reign.js';
import type { Deferral } from './rounds.js';
import type { DeferredUnderWay, SessionState } from './session-state.js';
import { pathsOf } from './write-order.js';

/** A numbered request as it came, and who waits for its answer. */
export interface Requested {
  readonly call: WriteCall;
  readonly session: SessionState;
  readonly responds: Respond[];
  /** When its caller stops waiting for any answer; infinite for never. */
  readonly callerUntilMs: number;
}

/** A request that waits, found by its number: whoever sends it again waits for the same answer. */
class DeferredWrite implements DeferredUnderWay {
  readonly requested: Requested;
  readonly paths: readonly NodePath[] | undefined;
  readonly sizeBytes: number;
  /** Its place among the changes that wait for a round; absent where it waits for requests of its session. */
  deferral: Deferral | undefined;
  readonly #followers: (() => void)[] = [];
  readonly #dropped: (deferred: DeferredWrite) => void;

  constructor(
    requested: Requested,
    paths: readonly NodePath[] | undefined,
    dropped: (deferred: DeferredWrite) => void,
  ) {
    const { request, sizeBytes } = ownRequest(requested.call.request);
    this.requested = { ...requested, call: { ...requested.call, request } as WriteCall };
    this.paths = paths;
    this.sizeBytes = sizeBytes;
    this.#dropped = dropped;
  }

  get number(): number {
    return this.requested.call.number;
  }

  get call(): CallName {
    return this.requested.call.name;
  }

  join(respond: Respond): void {
    joinCallers(this.requested.responds, respond);
  }

  follow(run: () => void): void {
    this.#followers.push(run);
  }

  takeFollowers(): (() => void)[] {
    return this.#followers.splice(0);
  }

  drop(): Respond[] {
    this.#dropped(this);
    return this.takeAll();
  }

  /** Those who wait for the answer, and for what comes behind it. */
  takeAll(): Respond[] {
    return [...this.requested.responds.splice(0), ...this.takeFollowers().map(asRespond)];
  }
}

/**
 * The requests that were computed and thrown away, because caches must drop first what they change. When that is done
 * each is computed again, guards and all, on the state as it is then. Nothing of them is done before: so they end with
 * the reign as not executed, and with their session.
 */
export class DeferredWrites {
  readonly #reign: Reign;
  readonly #caching: Caching;
  readonly #execute: (requested: Requested) => void;
  readonly #all = new Set<DeferredWrite>();

  /** @param execute computes the request, and proposes it, answers it, or has it deferred again */
  constructor(reign: Reign, caching: Caching, execute: (requested: Requested) => void) {
    this.#reign = reign;
    this.#caching = caching;
    this.#execute = execute;
  }

  /** The request waits until its changes may be proposed. */
  defer(requested: Requested, changes: readonly Change[]): void {
    const deferred = this.#add(requested);
    deferred.deferral = this.#caching.defer(changes, () => this.#again(deferred));
  }

  /** The request waits until all of these are answered. */
  queue(requested: Requested, behind: readonly DeferredUnderWay[]): void {
    const deferred = this.#add(requested);
    let left = behind.length;
    const oneIsAnswered = (): void => {
      if (--left === 0 && this.#all.has(deferred)) this.#again(deferred);
    };
    for (const earlier of behind) earlier.follow(oneIsAnswered);
  }

  /** The reign is over: nothing of them was done, and nothing will be here. */
  end(failure: Failure): void {
    const deferred = [...this.#all];
    this.#all.clear();
    for (const each of deferred) for (const respond of each.takeAll()) respond({ failure });
  }

  #add(requested: Requested): DeferredWrite {
    const { call, session } = requested;
    const deferred = new DeferredWrite(requested, pathsOf(this.#reign, call, session), this.#drop);
    session.writes.set(call.number, deferred);
    session.deferred.add(deferred);
    this.#all.add(deferred);
    this.#reign.deferred.count++;
    this.#reign.deferred.bytes += deferred.sizeBytes;
    return deferred;
  }

  #remove(deferred: DeferredWrite): void {
    const { session, call } = deferred.requested;
    session.writes.delete(call.number);
    session.deferred.delete(deferred);
    this.#all.delete(deferred);
    this.#reign.deferred.count--;
    this.#reign.deferred.bytes -= deferred.sizeBytes;
  }

  readonly #drop = (deferred: DeferredWrite): void => {
    this.#remove(deferred);
    if (deferred.deferral !== undefined) this.#caching.withdraw(deferred.deferral);
  };

  #again(deferred: DeferredWrite): void {
    this.#remove(deferred);
    const { requested } = deferred;
    const { session, call } = requested;
    this.#execute(requested);
    const underWay = session.writes.get(call.number);
    const followers = deferred.takeFollowers();
    if (underWay === undefined) this.#reign.answer(NO_REPLY, followers.map(asRespond));
    else for (const run of followers) underWay.follow(run);
  }
}

const asRespond =
  (run: () => void): Respond =>
  () =>
    run();

const NO_REPLY = { response: {} };

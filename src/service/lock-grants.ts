import type { CallContext } from '../chubby/call-context.js';
import { inTheWay, tryLock } from '../chubby/calls/acquire.js';
import type { LockRequest } from '../chubby/calls/acquire.js';
import { busyLock, tryLocks } from '../chubby/calls/acquire-all.js';
import type { AllGranted, BusyLock, LockSurroundings } from '../chubby/calls/acquire-all.js';
import { readLock } from '../chubby/locks.js';
import { nameOf } from '../chubby/names.js';
import type { NodePath } from '../chubby/records/node-path.js';
import type { AcquireAllResult, AcquireResult, RequestResult } from '../chubby/records/request-result.js';
import { Refusal } from '../chubby/refusal.js';
import { refusedResult } from './lasting-refusals.js';
import type { LockDelays } from './lock-delays.js';
import type { LockWaits, Waiter } from './lock-waits.js';
import type { Reign } from './reign.js';

export const isLockResult = (result: RequestResult): result is AcquireResult | AcquireAllResult =>
  result.call === 'acquire' || result.call === 'acquireAll';

/** The answer to an AcquireAll that has its locks. */
export const allGranted = ({ lockGenerations }: AllGranted): AcquireAllResult => ({
  call: 'acquireAll',
  granted: true,
  lockGenerations,
  busyName: '',
  holder: undefined,
  lockDelayLeftMs: 0,
});

/** What requests for locks come to: at once, when their turn has come, and when they waited in vain. */
export class LockGrants {
  readonly #reign: Reign;
  readonly #waits: LockWaits;
  readonly #delays: LockDelays;

  constructor(reign: Reign, waits: LockWaits, delays: LockDelays) {
    this.#reign = reign;
    this.#waits = waits;
    this.#delays = delays;
  }

  /** An Acquire or TryAcquire that has just come. */
  one(context: CallContext, request: LockRequest): AcquireResult | Refusal {
    const { path } = request.handle;
    const answer = tryLock(context, request, this.#waits.sizeOf(path) === 0, this.#delayLeftMs(path));
    return answer instanceof Refusal || answer.granted ? answer : this.#namingSomebody(answer, path);
  }

  /** An AcquireAll that has just come. */
  all(context: CallContext, requests: readonly LockRequest[]): AcquireAllResult | Refusal {
    return this.#answerAll(
      tryLocks(
        context,
        requests,
        this.#around((path) => this.#waits.sizeOf(path) > 0),
      ),
    );
  }

  /** A waiter whose turn it is; nothing while a lock is not to be had. */
  turn(context: CallContext, { call, locks }: Waiter): RequestResult | undefined {
    const outcome =
      call === 'acquire'
        ? tryLock(context, locks[0], true, 0)
        : this.#answerAll(tryLocks(context, locks, NOBODY_BEFORE));
    if (outcome instanceof Refusal) return refusedResult(outcome.reason, outcome.sentence);
    return outcome.granted ? outcome : undefined;
  }

  /** A waiter whose wait is over, and who is still in his lines. */
  inVain(waiter: Waiter): AcquireResult | AcquireAllResult {
    const { locks } = waiter;
    const { path } = locks[0].handle;
    const draft = this.#reign.around.cell.draft();
    if (waiter.call === 'acquire') {
      return this.#namingSomebody(inTheWay(readLock(draft, path), this.#delayLeftMs(path)), path, waiter);
    }
    const around = this.#around((queued) => !this.#waits.isFirst(waiter, queued));
    const busy = busyLock(this.#reign.context(draft), locks, around);
    // None is in the way while caches have not dropped the generations of the locks.
    return this.#notGranted(busy ?? { path, holder: undefined, lockDelayLeftMs: 0 }, waiter);
  }

  #answerAll(outcome: AllGranted | BusyLock | Refusal): AcquireAllResult | Refusal {
    if (outcome instanceof Refusal) return outcome;
    return 'path' in outcome ? this.#notGranted(outcome) : allGranted(outcome);
  }

  #notGranted({ path, holder, lockDelayLeftMs }: BusyLock, waiter?: Waiter): AcquireAllResult {
    const busyName = nameOf(path, this.#reign.around.cellName);
    const answer: AcquireAllResult = {
      call: 'acquireAll',
      granted: false,
      lockGenerations: [],
      busyName,
      holder,
      lockDelayLeftMs,
    };
    return this.#namingSomebody(answer, path, waiter);
  }

  /**
   * A lock that nobody holds is kept free for whoever is first in line: he is in the way then.
   *
   * @param waiter who is answered, if he stands in line himself
   */
  #namingSomebody<Answer extends AcquireResult | AcquireAllResult>(
    answer: Answer,
    path: NodePath,
    waiter?: Waiter,
  ): Answer {
    const [first] = this.#waits.waitingFor(path);
    if (answer.holder !== undefined || first === undefined || first === waiter) return answer;
    return { ...answer, holder: first.session.id };
  }

  #around(isQueued: (path: NodePath) => boolean): LockSurroundings {
    return { isQueued, delayLeftMs: (path) => this.#delayLeftMs(path) };
  }

  #delayLeftMs(path: NodePath): number {
    return this.#delays.leftMs(path, this.#reign.around.clock.monotonicMs());
  }
}

const NOBODY_BEFORE: LockSurroundings = { isQueued: () => false, delayLeftMs: () => 0 };

import type { Asker } from '../chubby/access.js';
import { AccessLists } from '../chubby/access-lists.js';
import type { CallContext } from '../chubby/call-context.js';
import type { Cell } from '../chubby/cell.js';
import type { Draft } from '../chubby/draft.js';
import { Subscriptions } from '../chubby/subscriptions.js';
import type { Clock } from '../common/clock.js';
import type { ReplicatedLog } from '../replica/ports.js';
import { METADATA, refusal } from '../wire/errors.js';
import type { Limits } from '../wire/limits.js';
import type { Failure } from '../wire/types.js';
import type { Reply, Respond } from './call.js';
import { HeldAnswer, HeldAnswers, NotedAnswer } from './held-answers.js';
import { sameEpoch } from './options.js';
import type { Epoch, PlantedBugs } from './options.js';
import type { Redirect } from './redirect.js';
import type { Secrets } from './secrets.js';
import type { SessionState } from './session-state.js';
import { Sessions } from './sessions.js';

/** When to try again what an overloaded master refused. */
const OVERLOAD_RETRY_AFTER_MS = 100;
/** A principal that no list names. */
const NOBODY = '';

/** What outlives reigns, and every reign uses. */
export interface Surroundings {
  readonly cellName: string;
  readonly cellId: string;
  readonly cell: Cell;
  readonly log: ReplicatedLog;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly bugs: PlantedBugs;
  readonly redirect: Redirect;
  readonly secrets: Secrets;
}

/** What all parts of a reign share: state, answers under way, sessions. Thrown away when the reign ends. */
export class Reign {
  readonly around: Surroundings;
  readonly epoch: Epoch;
  readonly answers = new HeldAnswers();
  readonly sessions: Sessions;
  /** Requests that wait until their changes may be proposed, and what they take. */
  readonly deferred = { count: 0, bytes: 0 };
  readonly subscriptions: Subscriptions;
  readonly #lists: AccessLists;

  constructor(around: Surroundings, epoch: Epoch) {
    this.around = around;
    this.epoch = epoch;
    this.sessions = new Sessions(around.cell, epoch, around.limits);
    this.subscriptions = new Subscriptions(around.limits.subscriptions, around.limits.subscriptionsPerSession);
    this.#lists = new AccessLists(around.limits.cachedPrincipals);
  }

  /** Whether this replica may answer as master at this very moment. (DESIGN 3.5) */
  get inForce(): boolean {
    const epoch = this.around.log.reign();
    return epoch !== undefined && sameEpoch(epoch, this.epoch);
  }

  /** Why nothing more is computed at the moment: too much waits for the log. Reads and ends of sessions go on. */
  overload(): Failure | undefined {
    const { cell, limits } = this.around;
    const waiting = this.answers.size + this.deferred.count;
    const bytes = cell.pendingBytes + this.deferred.bytes;
    if (waiting < limits.pendingRequests && bytes < limits.pendingBytes) return undefined;
    return overloaded(`${waiting} answers and ${bytes} bytes wait for caches and for the log`);
  }

  /**
   * Why no more requests of the session may wait for caches. How long they wait is up to a client that may be dead: so
   * they take up a part of the bounds only, and hold up nobody who writes elsewhere.
   */
  deferredOverload(session: SessionState): Failure | undefined {
    const { deferredBytes, deferredPerSession, deferredRequests } = this.around.limits;
    const { count, bytes } = this.deferred;
    if (session.deferred.size >= deferredPerSession) {
      return overloaded(`${session.deferred.size} requests of the session wait for caches`);
    }
    if (count < deferredRequests && bytes < deferredBytes) return undefined;
    return overloaded(`${count} requests of ${bytes} bytes wait for caches`);
  }

  /**
   * Why nothing is proposed for clients that takes room on the disks; what gives some back goes on. (DESIGN 3.11)
   */
  diskProblem(): Failure | undefined {
    return this.around.log.shortOfSpace() ? DISKS_FULL : undefined;
  }

  /** Whether the database is at its bound: what makes it grow is refused. */
  get databaseFull(): boolean {
    const { cell, limits } = this.around;
    return cell.applied.sizeBytes + cell.pendingBytes >= limits.databaseBytes;
  }

  /** @param principal whose access is judged; left out where nothing is asked that needs any */
  context(draft: Draft, principal = NOBODY): CallContext {
    const { clock, limits } = this.around;
    const asker = this.asker(principal);
    return { draft, bounds: limits, asker, wallMs: clock.wallMs(), databaseFull: this.databaseFull };
  }

  asker(principal: string): Asker {
    return { principal, lists: this.#lists };
  }

  /** Answers what was computed on the proposed state without changing it: once all of that state is applied. */
  answer(reply: Reply, responds: Respond[]): void {
    const { cell } = this.around;
    if (cell.proposed === cell.settled) for (const respond of responds) respond(reply);
    else this.answers.hold(new HeldAnswer(cell.proposed, reply, responds));
  }

  /** Runs once all of the proposed state is applied; never, if the reign ends before. */
  whenApplied(run: () => void): void {
    const { cell } = this.around;
    if (cell.proposed === cell.settled) run();
    else this.answers.hold(new NotedAnswer(cell.proposed, NO_REPLY, [], run));
  }
}

const NO_REPLY = { response: {} };

const DISKS_FULL = refusal('DISK_FULL', 'the disks of a majority of the replicas are short of space');

const overloaded = (sentence: string): Failure =>
  refusal('LIMIT_PENDING', sentence, { [METADATA.retryAfterMs]: String(OVERLOAD_RETRY_AFTER_MS) });

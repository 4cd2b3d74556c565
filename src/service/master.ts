import { endLockDelay } from '../chubby/locks.js';
import type { Changed } from '../chubby/cell.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import type { CellTimings } from '../chubby/records/cell-facts.js';
import type { SessionEnd } from '../chubby/records/session.js';
import { SessionLeases } from '../chubby/session-lease.js';
import type { Rng } from '../common/rng.js';
import { refusal } from '../wire/errors.js';
import type { KeepAliveRequest } from '../wire/types.js';
import { Admin } from './admin/admin.js';
import type { Followers } from './admin/followers.js';
import type { AdminCall, Call, CallOf, Caller, HeldKeepAlive, Respond, RespondKeepAlive } from './call.js';
import { Caching } from './caching.js';
import { assertSameCell, factsOf, giveBirth, giveSecrets } from './cell-birth.js';
import { EventDelivery } from './event-delivery.js';
import { IdleSessions } from './idle-sessions.js';
import { KeepAlives } from './keep-alives.js';
import { KeyRotation } from './key-rotation.js';
import { Latecomers } from './latecomers.js';
import { LeaseLengths } from './lease-lengths.js';
import { LockDelays } from './lock-delays.js';
import { LockGrants } from './lock-grants.js';
import { LockWaits } from './lock-waits.js';
import type { MasterLoad } from './master-load.js';
import type { Epoch } from './options.js';
import { Orphans } from './orphans.js';
import { Proposals } from './proposals.js';
import { isRead, Reads } from './reads.js';
import type { ReadCall } from './reads.js';
import { Reattach } from './reattach.js';
import { Reign } from './reign.js';
import type { Surroundings } from './reign.js';
import { SessionBirths } from './session-births.js';
import { SessionEnds } from './session-ends.js';
import type { SessionState } from './session-state.js';
import { isFailure } from './targets.js';
import { WaitEnds } from './wait-ends.js';
import { Writes } from './writes.js';

/**
 * This replica as master: everything that it keeps in memory from the barrier of its reign to the reign's end. A new
 * master knows of its predecessor what the database says, and gives every session a full lease. (DESIGN 5, Fail-over)
 */
export class Master {
  readonly #reign: Reign;
  readonly #waits = new LockWaits();
  readonly #leases = new SessionLeases();
  readonly #delays: LockDelays;
  readonly #proposals: Proposals;
  readonly #reads: Reads;
  readonly #writes: Writes;
  readonly #waitEnds: WaitEnds;
  readonly #keepAlives: KeepAlives;
  readonly #caching: Caching;
  readonly #reattach: Reattach;
  readonly #events: EventDelivery;
  readonly #lengths: LeaseLengths;
  readonly #latecomers: Latecomers;
  readonly #orphans: Orphans;
  readonly #idle: IdleSessions;
  readonly #births: SessionBirths;
  readonly #ends: SessionEnds;
  readonly #rotation: KeyRotation;
  readonly #admin: Admin;
  #serves = false;

  /**
   * @param rng draws secrets
   * @param timings of a cell that is still to be born
   * @throws WrongCell when the database is another cell's
   */
  constructor(around: Surroundings, epoch: Epoch, rng: Rng, timings: CellTimings) {
    const { cell, clock } = around;
    const facts = factsOf(cell);
    this.#reign = new Reign(around, epoch);
    this.#delays = new LockDelays(cell, clock.monotonicMs());
    const grants = new LockGrants(this.#reign, this.#waits, this.#delays);
    this.#keepAlives = new KeepAlives(
      this.#reign,
      this.#leases,
      ({ record }, nowMs) => this.#lengths.promiseMs(record, nowMs),
      (session, nowMs) => this.#idle.look(session, nowMs),
      (nowMs) => this.#latecomers.came(nowMs),
    );
    const { cellName, limits, bugs } = around;
    this.#latecomers = new Latecomers(limits.sessionLeaseMaxMs);
    this.#caching = new Caching(cellName, limits, bugs, (sessions) => this.#keepAlives.tellNews(sessions));
    this.#proposals = new Proposals(this.#reign, this.#waits, this.#delays, grants, this.#caching);
    this.#lengths = new LeaseLengths(this.#reign, this.#proposals);
    this.#orphans = new Orphans(this.#reign, this.#proposals);
    this.#idle = new IdleSessions(this.#reign, this.#caching, (session) => this.#end(session, 'closed'));
    this.#reads = new Reads(this.#reign, this.#caching);
    this.#events = new EventDelivery(this.#reign, this.#waits, this.#keepAlives);
    this.#reattach = new Reattach(this.#reign, this.#caching, this.#events);
    this.#writes = new Writes(this.#reign, this.#proposals, this.#waits, grants, this.#caching, this.#events);
    this.#waitEnds = new WaitEnds(this.#reign, this.#proposals, this.#waits, grants);
    this.#ends = new SessionEnds(
      this.#reign,
      this.#proposals,
      this.#waits,
      this.#leases,
      this.#keepAlives,
      this.#caching,
      (session) => this.#orphans.heardOf(session),
    );
    const { sessionLeaseMs } = facts?.timings ?? timings;
    this.#births = new SessionBirths(this.#reign, this.#proposals, this.#leases, rng, sessionLeaseMs);
    this.#rotation = new KeyRotation(this.#reign, this.#proposals, rng);
    this.#admin = this.#makeAdmin();
    if (facts === undefined) {
      this.#beginCell(rng, timings);
    } else {
      assertSameCell(facts, around.cellName, around.cellId);
      if (around.secrets.handleSecret(cell.applied) === undefined) this.#beginRestored(rng);
      else this.#takeOver();
    }
  }

  get epoch(): Epoch {
    return this.#reign.epoch;
  }

  /** Whether this replica may answer as master at this very moment. */
  get inForce(): boolean {
    return this.#reign.inForce;
  }

  /** Whether the cell exists: its first value is applied. Until then nothing is computed, read or answered. */
  get serves(): boolean {
    return this.#serves;
  }

  /** What it has to carry at this moment. */
  get load(): MasterLoad {
    const { sessions, subscriptions } = this.#reign;
    return {
      sessions: sessions.size,
      stretchedLeaseMs: this.#lengths.stretchedMs,
      waitingAcquires: this.#waits.size,
      cachedAnswers: this.#caching.size,
      changesWaiting: this.#caching.changesWaiting,
      subscriptions: subscriptions.size,
      eventBytes: sessions.eventBytes,
    };
  }

  /** To be called while the reign is in force. */
  call(caller: Caller, call: Call, respond: Respond): void {
    if (call.name === 'closeSession') return this.#closeSession(call, respond);
    // A `cat` needs no session.
    if (call.credential === undefined && isRead(call)) return this.#reads.read(caller, call, undefined, respond);
    const overload = isRead(call) ? undefined : this.#reign.overload();
    if (overload !== undefined) return respond({ failure: overload });
    if (call.name === 'createSession') return this.#births.create(caller, call.request, respond);
    const session = this.#reign.sessions.authenticate(call.credential);
    if (isFailure(session)) return respond({ failure: session });
    if (session.ending) return this.#reign.answer({ failure: session.endedBecause }, [respond]);
    session.hasCalled = true;
    if (isRead(call)) return this.#reads.read(caller, call, session, respond);
    if (call.name === 'cancel') return this.#waitEnds.cancel(call, session, respond);
    if (call.name === 'reattach') return this.#reattach.reattach(call, session, respond);
    if (call.name === 'poison') return this.#waitEnds.poison(call, session, respond);
    this.#writes.write(call, session, respond);
  }

  /** To be called while the reign is in force. */
  admin(caller: Caller, call: AdminCall, respond: Respond): void {
    const overload = call.name === 'rotateKeys' ? this.#reign.overload() : undefined;
    if (overload !== undefined) return respond({ failure: overload });
    this.#admin.call(caller, call, respond);
  }

  /** To be called while the reign is in force. */
  keepAlive(caller: Caller, request: KeepAliveRequest, respond: RespondKeepAlive): HeldKeepAlive {
    return this.#keepAlives.hold(caller, request, respond);
  }

  /** As planted: asks nobody whether this replica is master. */
  readAnyway(caller: Caller, call: ReadCall, respond: Respond): void {
    this.#reads.read(caller, call, undefined, respond);
  }

  /**
   * Values of this reign were applied: what waited for them may leave.
   *
   * @param changed what they did to nodes
   */
  applied(changed: readonly Changed[]): void {
    if (changed.length > 0) this.#reads.applied(changed);
    this.#reign.answers.settleUpTo(this.#reign.around.cell.settled);
    this.#events.deliver(changed);
  }

  /** When something is due that only time brings about, or another turn of the event loop; infinite for never. */
  nextDueMs(): number {
    const sessionsMs = Math.min(this.#leases.next(), this.#keepAlives.next(), this.#caching.next());
    return Math.min(sessionsMs, this.#orphans.next(), this.#waits.next(), this.#delays.next(), this.#rotation.next());
  }

  /**
   * The reign goes on after a while in which this replica was not in force, and could neither hear nor answer those who
   * kept their sessions alive: as under a new master, each has a full lease from here on.
   */
  resumed(): void {
    const nowMs = this.#reign.around.clock.monotonicMs();
    for (const { id, leaseMs, ending } of this.#reign.sessions) {
      if (!ending) this.#leases.promise(id, nowMs + leaseMs);
    }
  }

  /** Does what is due. What time brings about goes through the log, so that no deposed master does it. */
  timePassed(): void {
    const { cell, clock } = this.#reign.around;
    const nowMs = clock.monotonicMs();
    for (let id = this.#leases.takeExpired(nowMs); id !== undefined; id = this.#leases.takeExpired(nowMs)) {
      const session = this.#reign.sessions.get(id);
      if (session === undefined) continue;
      const waitUntilMs = this.#latecomers.waitUntilMs(session, nowMs);
      if (waitUntilMs > nowMs) this.#leases.promise(id, waitUntilMs);
      else this.#end(session, 'expired');
    }
    this.#keepAlives.answerDue(nowMs);
    this.#keepAlives.goOn();
    this.#caching.goOn();
    this.#waitEnds.timePassed(nowMs);
    this.#rotation.timePassed(nowMs);
    this.#orphans.timePassed(nowMs);
    for (let path = this.#delays.takeOver(cell, nowMs); path !== undefined; path = this.#delays.takeOver(cell, nowMs)) {
      const draft = cell.draft();
      endLockDelay(draft, path);
      this.#proposals.proposeAlone(draft, CALL_CODES.endLockDelay, () => undefined);
    }
  }

  /** The reign is over: nobody is left without an answer. */
  end(cause: string): void {
    const { answers, around } = this.#reign;
    // Before the answers are lost, lest one of these goes on behind them.
    this.#writes.deferred.end(around.redirect.notMaster());
    answers.loseAll(cause);
    const failure = refusal('UNKNOWN_OUTCOME', `the master's reign ended while the request waited: ${cause}`);
    for (const { responds } of this.#waits.takeAll()) for (const respond of responds) respond({ failure });
    this.#ends.reignEnds(failure);
    this.#keepAlives.endAll(around.redirect.notMaster());
  }

  #closeSession({ credential }: CallOf<'closeSession'>, respond: Respond): void {
    const session = this.#reign.sessions.authenticate(credential);
    if (!isFailure(session)) {
      const by = { sessionId: session.shownId, principal: session.record.principal, call: CALL_CODES.closeSession };
      return this.#ends.end(session, 'closed', by, { response: {} }, [respond]);
    }
    // That it ended already is what the caller wants.
    const reply = session.reason === 'UNKNOWN_SESSION' ? { response: {} } : { failure: session };
    this.#reign.answer(reply, [respond]);
  }

  /** Ends a session though nobody asks for it now. */
  #end(session: SessionState, end: SessionEnd): void {
    const call = end === 'closed' ? CALL_CODES.closeSession : CALL_CODES.expireSession;
    this.#ends.end(session, end, { sessionId: session.shownId, principal: '', call }, { response: {} }, []);
  }

  #makeAdmin(): Admin {
    const sources = {
      reign: this.#reign,
      waits: this.#waits,
      leases: this.#leases,
      keepAlives: this.#keepAlives,
      followers: this.#followers(),
    };
    return new Admin(sources, this.#delays, this.#ends, this.#rotation);
  }

  #followers(): Followers {
    return {
      cachedBy: (session) => this.#caching.cachedBy(session),
      cachersOf: (path) => this.#caching.cachersOf(path),
      subscriptionsTo: (path) => this.#reign.subscriptions.sizeAt(path),
    };
  }

  #beginCell(rng: Rng, timings: CellTimings): void {
    const { cell, cellName, cellId, clock } = this.#reign.around;
    const draft = cell.draft();
    giveBirth(draft, { name: cellName, cellId, bornWallMs: clock.wallMs(), timings }, rng);
    this.#proposals.proposeAlone(draft, CALL_CODES.genesis, () => (this.#serves = true));
  }

  /** There is nobody of an earlier reign: a restored state has no sessions. */
  #beginRestored(rng: Rng): void {
    const draft = this.#reign.around.cell.draft();
    giveSecrets(draft, rng);
    this.#proposals.proposeAlone(draft, CALL_CODES.genesis, () => (this.#serves = true));
  }

  #takeOver(): void {
    this.#serves = true;
    const nowMs = this.#reign.around.clock.monotonicMs();
    const comeByMs = nowMs + this.#latecomers.tookOver(this.#reign.sessions.size, nowMs);
    for (const session of this.#reign.sessions) {
      session.leaseMs = this.#lengths.inheritedMs(session.record);
      this.#leases.promise(session.id, comeByMs + session.leaseMs);
      session.hasShownAll = false;
      if (!session.ending) this.#caching.failedOver(session, () => this.#orphans.heardOf(session));
    }
    this.#orphans.tookOver(this.#reign.sessions);
    // Ends that were half done when the last reign was over go on as they began; they, too, wait for everybody's cache.
    for (const session of this.#reign.sessions) {
      const { ending } = session.record;
      if (ending !== undefined) this.#end(session, ending);
    }
  }
}

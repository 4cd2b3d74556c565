import { Cell } from '../chubby/cell.js';
import type { CellTimings } from '../chubby/records/cell-facts.js';
import { stateLoading, stateSnapshot } from '../chubby/state-transfer.js';
import { assert } from '../common/assert.js';
import type { Clock } from '../common/clock.js';
import type { Rng } from '../common/rng.js';
import type { Application, LoadedState, StateLoading, StateSnapshot } from '../replica/ports.js';
import { LIMITS } from '../wire/limits.js';
import type { Failure, GetMasterResponse, KeepAliveRequest } from '../wire/types.js';
import { Alarm } from './alarm.js';
import { Backups } from './backups.js';
import type { OutgoingBackup } from './backups.js';
import type { AdminCall, Call, Caller, HeldKeepAlive, Respond, RespondKeepAlive } from './call.js';
import { assertSameCell, factsOf } from './cell-birth.js';
import { Crowd } from './crowd.js';
import { NOT_HELD } from './keep-alives.js';
import { Master } from './master.js';
import { NO_LOAD } from './master-load.js';
import type { MasterLoad } from './master-load.js';
import { sameEpoch } from './options.js';
import type { Epoch, ServiceOptions } from './options.js';
import { Redirect } from './redirect.js';
import type { Surroundings } from './reign.js';
import { signingKeyMessage } from './replies.js';
import { Secrets } from './secrets.js';

/** What the service knows of the state that this replica has applied. */
export interface StateStatus {
  /** Every slot up to here is applied or skipped. */
  readonly applied: number;
  /** Of the reign that the last value applied belongs to. */
  readonly epoch: { readonly round: number; readonly replicaId: number } | undefined;
  readonly entries: number;
  /** Of all entries, as 32 hex digits: equal on replicas that applied the same slots. */
  readonly digest: string;
}

/** When to look again at what is due, while this replica is not in force to do it. */
const LOOK_AGAIN_MS = 50;

/**
 * Chubby on the log of one replica: requests in, replies out, without gRPC. On every replica it applies the log's values
 * to the cell's state; on the master it answers clients, and makes the values. (DESIGN 2, 5)
 */
export class ChubbyService implements Application {
  readonly #around: Surroundings;
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #timings: CellTimings;
  readonly #alarm: Alarm;
  readonly #crowd: Crowd;
  readonly #backups = new Backups();
  readonly #self: number;
  readonly #memoryFails: ServiceOptions['memoryFails'];
  #master: Master | undefined;
  /** Whether it was seen without its lease since something due was done last. */
  #wasOutOfForce = false;
  /** Kept for a planted bug alone. */
  #formerMaster: Master | undefined;

  constructor(options: ServiceOptions) {
    const { cellName, cellId, self, replicas, log, clock, rng } = options;
    this.#around = {
      cellName,
      cellId,
      cell: new Cell(),
      log,
      clock,
      limits: { ...LIMITS, ...options.limits },
      bugs: options.plantedBugs ?? {},
      redirect: new Redirect(log, self, replicas),
      secrets: new Secrets(),
    };
    this.#crowd = new Crowd(this.#around.cell, clock);
    this.#clock = clock;
    this.#self = self;
    this.#memoryFails = options.memoryFails;
    this.#rng = rng;
    this.#timings = options.timings;
    this.#alarm = new Alarm(clock, () => this.#ring());
  }

  // --- clients ---

  /**
   * Takes a call. It belongs to its session, not to the connection it came by: when that is gone, `respond` may do
   * nothing, but is called all the same.
   *
   * @param respond called exactly once, possibly before this returns
   */
  call(caller: Caller, call: Call, respond: Respond): void {
    const master = this.#masterInForce();
    if (master === undefined) return this.#callElsewhere(caller, call, respond);
    master.call(caller, call, respond);
    this.#alarm.arm(master.nextDueMs());
  }

  /** Takes a call of service Admin. @param respond called exactly once, possibly before this returns */
  admin(caller: Caller, call: AdminCall, respond: Respond): void {
    const master = this.#masterInForce();
    if (master === undefined) return respond({ failure: this.#around.redirect.notMaster() });
    master.admin(caller, call, respond);
    this.#alarm.arm(master.nextDueMs());
  }

  /** Begins a backup of the state as it is now. */
  backup(): OutgoingBackup | Failure {
    if (this.#masterInForce() === undefined) return this.#around.redirect.notMaster();
    return this.#backups.begin(this.#around);
  }

  /** Takes a KeepAlive, and holds it until its session's lease is nearly over or there is something to tell. */
  keepAlive(caller: Caller, request: KeepAliveRequest, respond: RespondKeepAlive): HeldKeepAlive {
    const master = this.#masterInForce();
    if (master === undefined) {
      respond({ failure: this.#around.redirect.notMaster() });
      return NOT_HELD;
    }
    const held = master.keepAlive(caller, request, respond);
    this.#alarm.arm(master.nextDueMs());
    return held;
  }

  /** What any replica answers: the cell, its replicas, its master as far as this one knows, its public keys. */
  masterLocation(): GetMasterResponse {
    const { cellName, cellId, cell, redirect, secrets } = this.#around;
    const master = redirect.master();
    return {
      cell: cellName,
      cellId: Buffer.from(cellId, 'hex'),
      ...(master !== undefined && { master }),
      replicas: redirect.replicas,
      signingKeys: secrets.publicKeys(cell.applied).map(signingKeyMessage),
      spreadMs: this.#crowd.spreadMs,
    };
  }

  status(): StateStatus {
    const { applied } = this.#around.cell;
    return {
      applied: applied.appliedUpTo,
      epoch: applied.pairInForce?.epoch,
      entries: applied.entryCount,
      digest: applied.digest,
    };
  }

  /** Nothing where this replica is not master. */
  get load(): MasterLoad {
    return this.#master?.load ?? NO_LOAD;
  }

  // --- the log ---

  /** @throws WrongCell when the state is another cell's */
  timings(): CellTimings | undefined {
    const { cell, cellName, cellId } = this.#around;
    const facts = factsOf(cell);
    if (facts !== undefined) assertSameCell(facts, cellName, cellId);
    return facts?.timings;
  }

  apply(...[slot, header, body]: Parameters<Application['apply']>): void {
    this.#apply(slot, header, body);
    if (this.#memoryFails?.(slot) === true) this.#around.cell.applied.damage(this.#self);
  }

  #apply(...[slot, header, body]: Parameters<Application['apply']>): void {
    const { cell } = this.#around;
    const master = this.#master;
    if (master === undefined || header.kind !== 'operations' || !sameEpoch(header.epoch, master.epoch)) {
      return cell.applied.apply(slot, header, body);
    }
    master.applied(cell.applyOwn(slot, header, body));
    this.#alarm.arm(master.nextDueMs());
  }

  skip(...[slot]: Parameters<Application['skip']>): void {
    this.#around.cell.applied.skip(slot);
  }

  digest(): string {
    return this.#around.cell.applied.digest;
  }

  snapshot(): StateSnapshot {
    const { slot, ...state } = stateSnapshot(this.#around.cell);
    return { slot: slot as StateSnapshot['slot'], ...state };
  }

  loadState(): StateLoading {
    const { add, finish } = stateLoading(this.#around.cell);
    return { add, finish: (handle) => ({ ...finish(handle), slot: handle.slot }) as LoadedState };
  }

  /** @throws WrongCell when the database is another cell's */
  reignBegan(epoch: Epoch): void {
    assert(this.#master === undefined, 'a reign begins when the last one has ended');
    this.#around.cell.reset();
    this.#wasOutOfForce = false;
    this.#master = new Master(this.#around, epoch, this.#rng, this.#timings);
    this.#alarm.arm(this.#master.nextDueMs());
  }

  reignEnded(cause: string): void {
    const master = this.#master;
    if (master === undefined) return;
    this.#master = undefined;
    if (this.#around.bugs.readWithoutLease === true) this.#formerMaster = master;
    this.#alarm.cancel();
    this.#around.cell.reset();
    master.end(cause);
  }

  nextBatch(maxBytes: number): Uint8Array | undefined {
    return this.#master === undefined ? undefined : this.#around.cell.nextBatch(maxBytes, this.#clock.wallMs());
  }

  // --- within ---

  /** The master, if this replica is it at this very moment and the cell exists. */
  #masterInForce(): Master | undefined {
    const master = this.#master;
    return master !== undefined && master.serves && master.inForce ? master : undefined;
  }

  #callElsewhere(caller: Caller, call: Call, respond: Respond): void {
    const former = this.#formerMaster;
    if (former !== undefined && isReadByName(call)) return former.readAnyway(caller, call, respond);
    respond({ failure: this.#around.redirect.notMaster() });
  }

  #ring(): void {
    const master = this.#master;
    if (master === undefined) return;
    if (master.inForce) {
      if (this.#wasOutOfForce) master.resumed();
      this.#wasOutOfForce = false;
      master.timePassed();
      this.#alarm.arm(master.nextDueMs());
    } else {
      this.#wasOutOfForce = true;
      this.#alarm.arm(this.#clock.monotonicMs() + LOOK_AGAIN_MS);
    }
  }
}

const isReadByName = (call: Call): call is Extract<Call, { name: 'getContentsAndStat' | 'getStat' | 'readDir' }> =>
  (call.name === 'getContentsAndStat' || call.name === 'getStat' || call.name === 'readDir') &&
  call.request.target === 'name';

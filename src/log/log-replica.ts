import { MachineClock } from '../machine/machine-clock.js';
import { MachineRng } from '../machine/machine-rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import { Replica } from '../replica/replica.js';
import { DEFAULT_RESERVE_BYTES } from '../replica/space-watch.js';
import { GrpcTransport } from '../rpc/peer-transport.js';
import { openDataDirectory } from '../storage/level/data-directory.js';
import { ReserveFile } from '../storage/level/reserve-file.js';
import { setAside } from '../storage/level/set-aside.js';
import { DamagedLog } from '../storage/replay-log.js';
import { LIMITS } from '../wire/limits.js';
import type { LogApplication } from './application.js';
import { LogError } from './log-error.js';
import { LoggedApplication } from './logged-application.js';
import { checkedOptions } from './replica-options.js';
import type { LogReplicaOptions } from './replica-options.js';

const HAND_OVER_MS = 1_000;

/** One replica of a replicated log. */
export class LogReplica<App extends LogApplication> {
  readonly #options: LogReplicaOptions<App>;
  readonly #rng = new MachineRng();
  readonly #closers: (() => Promise<void>)[] = [];
  #replica: Replica | undefined;
  #logged: LoggedApplication<App> | undefined;
  #stopped = false;

  private constructor(options: LogReplicaOptions<App>) {
    this.#options = options;
  }

  /** @internal {@link startReplica} */
  static async start<App extends LogApplication>(options: LogReplicaOptions<App>): Promise<LogReplica<App>> {
    const replica = new LogReplica(options);
    try {
      await replica.#start();
    } catch (error) {
      replica.#replica?.halt();
      await replica.#close();
      throw error;
    }
    return replica;
  }

  /** The master as far as this replica knows; a hint where to propose. */
  get master(): number | undefined {
    return this.#replica?.master();
  }

  /**
   * Has every replica carry out a command, in one order with all others. Only the master takes it.
   *
   * @param command at most 512 KiB; copied
   * @returns what `apply` returned here, once a majority has the command on its disks
   * @throws LogError
   */
  async propose(command: Uint8Array): Promise<ReturnType<App['apply']>> {
    return (await this.#running().propose(command)) as ReturnType<App['apply']>;
  }

  /**
   * Looks at the state when it is certain to be the newest: every command whose proposer was answered is in it. Costs no
   * message. (the master's lease, [PML] 5.2, DESIGN 3.5)
   *
   * @param look synchronous; must not change the state, nor keep what it was given
   * @throws LogError where this replica is not master
   */
  read<Result>(look: (application: App) => Result): Result {
    const logged = this.#running();
    logged.checkInForce();
    return look(logged.application);
  }

  /** Hands the mastership over, if this replica has it, and closes everything. Idempotent. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.#replica?.stop(HAND_OVER_MS);
    this.#logged?.reignEnded('it was stopped');
    await this.#close();
  }

  #running(): LoggedApplication<App> {
    if (this.#stopped) throw new LogError('stopped', 'this replica was stopped: start it again');
    if (this.#logged !== undefined) return this.#logged;
    throw new LogError('notMaster', 'the replicas have not met yet: try again when there is a master');
  }

  async #start(): Promise<void> {
    const { dataDir, replicas, onFatal, onMaster } = this.#options;
    const replicaId = this.#options.replicaId as ReplicaId;
    const { timings, snapshots: snapshotSchedule } = checkedOptions(this.#options);
    const clock = new MachineClock();
    // The address first: who cannot have it touches no disk.
    const transport = await this.#dial();
    const space = await ReserveFile.open(dataDir, DEFAULT_RESERVE_BYTES);
    const { identityStore, replayLog, snapshots } = await openDataDirectory(dataDir, replicaId, this.#rng);
    this.#closers.push(() => replayLog.close());
    this.#replica = new Replica({
      replicaId,
      configured: [...replicas.keys()] as ReplicaId[],
      timings,
      identityStore,
      log: replayLog,
      snapshots,
      snapshotSchedule,
      checkSchedule: { afterSlots: LIMITS.checkSlots, afterMs: LIMITS.checkMs },
      space,
      transport,
      clock,
      rng: this.#rng,
      application: (log) => (this.#logged = new LoggedApplication(this.#options.application(), log)),
      fatal: (error) => {
        this.#logged?.reignEnded(error.message);
        onFatal(error);
      },
      onReign: (notice) => {
        if (notice.type === 'reignBegan') onMaster?.(true);
        else onMaster?.(false, notice.cause);
      },
    });
    await this.#replica.start();
  }

  async #dial(): Promise<GrpcTransport> {
    const { replicas } = this.#options;
    const self = this.#options.replicaId as ReplicaId;
    const peers = new Map([...replicas].filter(([id]) => id !== self)) as Map<ReplicaId, string>;
    const { transport } = await GrpcTransport.start({ self, listen: replicas.get(self)!, peers });
    this.#closers.push(() => transport.close());
    return transport;
  }

  async #close(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }
}

/**
 * Starts a replica and resolves when it listens to the others; a master there is when a majority has started, the first
 * time all. A directory whose log is damaged is moved aside, and its replica joins the others anew. (DESIGN 3, 3.9)
 *
 * @throws LogError `badOptions`; Error of Node when the address cannot be had
 * @throws UnusableDirectory, DamagedIdentity, DamagedLog, StorageFailure (by `name`) when the directory cannot be used
 */
export async function startReplica<App extends LogApplication>(
  options: LogReplicaOptions<App>,
): Promise<LogReplica<App>> {
  try {
    return await LogReplica.start(options);
  } catch (error) {
    // A replica without peers has nobody to have its state from.
    if (!(error instanceof DamagedLog) || options.replicas.size === 1) throw error;
    options.onDamage?.(error, await setAside(options.dataDir, new MachineRng()));
    return LogReplica.start(options);
  }
}

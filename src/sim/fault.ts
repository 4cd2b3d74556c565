import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { SimDisk } from './sim-disk.js';
import type { SimNetwork } from './sim-network.js';
import type { SimProcess } from '../testing/sim-process.js';
import type { MachineTime } from '../testing/machine-time.js';

/** A replica's machine as faults see it. */
export interface Victim {
  readonly id: ReplicaId;
  readonly process: SimProcess | undefined;
  readonly time: MachineTime;
  readonly disk: SimDisk;
  start(): void;
  crash(): void;
  losePower(): void;
  /** Asks the replica to end in good order, within so many milliseconds. */
  handOver(patienceMs: number): void;
  /** The machine and all that runs on it. */
  suspend(): void;
  wake(): void;
  /** Runs, undisturbed. */
  heal(): void;
}

/** A client's machine as faults see it. */
export interface ClientVictim {
  /** In the network. */
  readonly place: number;
  readonly process: SimProcess;
}

export interface FaultScene {
  /** Runs it after so many milliseconds, unless all is healed by then. */
  later(delayMs: number, run: () => void): void;
  readonly network: SimNetwork;
  readonly rng: Rng;
  readonly victims: readonly Victim[];
  readonly clients: readonly ClientVictim[];
  /** How long a voter is bound by one message. */
  readonly leaseMs: number;
  /** Who reigns, to be hit more often than chance would. */
  master(): ReplicaId | undefined;
  /** Where the client sits that holds the lock. */
  lockHolder(): number | undefined;
}

/** Begins one fault; what it returns ends it. */
export type Fault = (scene: FaultScene) => () => void;

export const between = (rng: Rng, low: number, high: number): number => low + below(rng, high - low);

export const pick = <T>(rng: Rng, from: readonly T[]): T => from[below(rng, from.length)]!;

/** The master every other time, anybody else otherwise. */
export function victim({ rng, victims, master }: FaultScene): Victim {
  const reigning = victims.find(({ id }) => id === master());
  return reigning !== undefined && rng.next() < 0.5 ? reigning : pick(rng, victims);
}

/** The holder of the lock every other time, any client otherwise. */
export function clientVictim({ rng, clients, lockHolder }: FaultScene): ClientVictim {
  const holder = clients.find(({ place }) => place === lockHolder());
  return holder !== undefined && rng.next() < 0.5 ? holder : pick(rng, clients);
}

/** Each of them with this probability. */
export const some = <T>(rng: Rng, from: readonly T[], probability: number): T[] =>
  from.filter(() => rng.next() < probability);

/** All of them in a random order. */
export function shuffled<T>(rng: Rng, from: readonly T[]): T[] {
  const left = [...from];
  return from.map(() => left.splice(below(rng, left.length), 1)[0]!);
}

/** Those who know most come last: what only they know must be found again all the same. */
export const leastKnowingFirst = (victims: readonly Victim[]): Victim[] =>
  [...victims].sort((a, b) => a.disk.newestSlot - b.disk.newestSlot);

/**
 * Naps, some so short that each alone passes for a late timer.
 *
 * @returns ends them
 */
export function nap({ rng, later }: FaultScene, hit: Victim): () => void {
  let over = false;
  const fallAsleep = (): void => {
    if (over) return;
    hit.suspend();
    later(between(rng, 5, 100), () => {
      hit.wake();
      later(between(rng, 5, 80), fallAsleep);
    });
  };
  fallAsleep();
  return () => {
    over = true;
  };
}

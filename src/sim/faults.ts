import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import type { ReplicaId } from '../paxos/ballot.js';
import type { Scheduler } from './scheduler.js';
import type { SimNetwork } from './sim-network.js';
import type { SimClock, SimProcess } from './sim-process.js';
import { HEALTHY_SYNC_MS } from './sim-replica.js';

/** A machine as faults see it. */
export interface Victim {
  readonly id: ReplicaId;
  readonly process: SimProcess | undefined;
  readonly clock: SimClock | undefined;
  syncMs: number;
  start(): void;
  crash(): void;
  crashAfterNextSync(): void;
  losePower(): void;
  /** Runs, undisturbed. */
  heal(): void;
}

export interface FaultScene {
  readonly scheduler: Scheduler;
  readonly network: SimNetwork;
  readonly rng: Rng;
  readonly victims: readonly Victim[];
  /** Who reigns, to be hit more often than chance would. */
  master(): ReplicaId | undefined;
}

/** Begins one fault; what it returns ends it. */
type Fault = (scene: FaultScene) => () => void;

const between = (rng: Rng, low: number, high: number): number => low + below(rng, high - low);

const pick = <T>(rng: Rng, from: readonly T[]): T => from[below(rng, from.length)]!;

/** The master every other time, anybody else otherwise. */
function victim({ rng, victims, master }: FaultScene): Victim {
  const reigning = victims.find(({ id }) => id === master());
  return reigning !== undefined && rng.next() < 0.5 ? reigning : pick(rng, victims);
}

const FAULTS: readonly Fault[] = [
  function crash(scene) {
    const hit = victim(scene);
    hit.crash();
    return () => hit.start();
  },

  function crashBetweenSyncAndSend(scene) {
    const hit = victim(scene);
    hit.crashAfterNextSync();
    return () => hit.start();
  },

  function crashTwo(scene) {
    const hit = [victim(scene), pick(scene.rng, scene.victims)];
    for (const one of hit) one.crash();
    return () => {
      for (const one of hit) one.start();
    };
  },

  function crashAll({ victims }) {
    for (const one of victims) one.crash();
    return () => {
      for (const one of victims) one.start();
    };
  },

  /** Nothing unsynced survives anywhere, and with slow disks much is unsynced. */
  function powerLoss({ rng, victims, scheduler }) {
    for (const one of victims) one.syncMs = between(rng, 1, 60);
    return () => {
      for (const one of victims) {
        one.losePower();
        one.syncMs = HEALTHY_SYNC_MS;
        scheduler.after(below(rng, 50), () => one.start());
      }
    };
  },

  function pause(scene) {
    const { process } = victim(scene);
    process?.pause();
    return () => process?.resume();
  },

  function suspend(scene) {
    const { process, clock } = victim(scene);
    const beganAtMs = scene.scheduler.nowMs;
    process?.pause();
    return () => {
      clock?.suspended(scene.scheduler.nowMs - beganAtMs);
      process?.resume();
    };
  },

  function stepWallClock(scene) {
    victim(scene).clock?.stepWall(between(scene.rng, -3_600_000, 3_600_000));
    return () => undefined;
  },

  function isolate(scene) {
    const hit = victim(scene);
    for (const { id } of scene.victims) cutBothWays(scene.network, hit.id, id);
    return () => scene.network.heal();
  },

  function deafen(scene) {
    const hit = victim(scene);
    for (const { id } of scene.victims) scene.network.cut(id, hit.id);
    return () => scene.network.heal();
  },

  function silence(scene) {
    const hit = victim(scene);
    for (const { id } of scene.victims) scene.network.cut(hit.id, id);
    return () => scene.network.heal();
  },

  function split({ rng, victims, network }) {
    const minority = victims.filter(() => rng.next() < 0.4);
    for (const inside of minority) {
      for (const outside of victims) if (!minority.includes(outside)) cutBothWays(network, inside.id, outside.id);
    }
    return () => network.heal();
  },

  function cutOneLink({ rng, victims, network }) {
    cutBothWays(network, pick(rng, victims).id, pick(rng, victims).id);
    return () => network.heal();
  },

  function badLinks({ rng, network }) {
    network.quality = {
      delayMs: between(rng, 0, 20),
      jitterMs: between(rng, 1, 60),
      loss: rng.next() * 0.2,
      duplication: rng.next() * 0.3,
      duplicateDelayMs: between(rng, 1, 3000),
    };
    return () => network.heal();
  },

  function slowDisks({ rng, victims }) {
    const hit = victims.filter(() => rng.next() < 0.6);
    for (const one of hit) one.syncMs = between(rng, 5, 150);
    return () => {
      for (const one of hit) one.syncMs = HEALTHY_SYNC_MS;
    };
  },
];

function cutBothWays(network: SimNetwork, a: ReplicaId, b: ReplicaId): void {
  network.cut(a, b);
  network.cut(b, a);
}

/**
 * Begins and ends faults at random moments until it is told to stop. Each run has its own few kinds of fault, so that
 * they meet each other more often than if every run had all. (TigerBeetle calls it swarm testing)
 */
export class Faults {
  readonly #kinds: readonly Fault[];
  #stopped = false;

  constructor(private readonly scene: FaultScene) {
    const drawn = FAULTS.filter(() => scene.rng.next() < 0.4);
    this.#kinds = drawn.length > 0 ? drawn : FAULTS;
    this.#next();
  }

  /** No more faults; everything heals and every replica runs. */
  stop(): void {
    this.#stopped = true;
    this.scene.network.heal();
    for (const one of this.scene.victims) one.heal();
  }

  #next(): void {
    const { scheduler, rng } = this.scene;
    scheduler.after(between(rng, 50, 800), () => {
      if (this.#stopped) return;
      const end = pick(rng, this.#kinds)(this.scene);
      scheduler.after(between(rng, 20, 1500), () => {
        if (!this.#stopped) end();
      });
      this.#next();
    });
  }
}

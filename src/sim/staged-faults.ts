import { below } from '../common/rng.js';
import { between, nap, shuffled, victim } from './fault.js';
import type { Fault, FaultScene, Victim } from './fault.js';
import { GOOD_LINK } from './sim-network.js';

// What chance would not bring about often enough: several faults in an order in which they hurt. Each has its time to
// itself.

function losePowerAll(replicas: readonly Victim[]): void {
  for (const one of replicas) {
    one.losePower();
    one.start();
  }
}

/** Starts the replica again whenever it has ended, until that is to stop. */
function keepStarting({ rng, later }: FaultScene, replica: Victim | undefined): () => void {
  let over = false;
  const start = (): void => {
    if (over) return;
    replica?.start();
    later(between(rng, 5, 50), start);
  };
  start();
  return () => {
    over = true;
  };
}

/**
 * Two halves that do not hear each other, and one replica between them on which both depend; after a power failure both
 * stand at about the same time. The one in the middle ends within a promise, is back at once, and then loses one half
 * before the other has given up.
 */
const forgetfulBridge: Fault = (scene) => {
  const { rng, victims, network, later, leaseMs } = scene;
  const [bridge, ...halves] = shuffled(rng, victims);
  const left = halves.slice(0, 2);
  const right = halves.slice(2);
  // So slow that the second candidate's question comes before the first one's claim.
  network.quality = { ...GOOD_LINK, delayMs: between(rng, 5, 35) };
  for (const a of left) for (const b of right) network.cutBothWays(a.id, b.id);
  losePowerAll(victims);
  bridge?.disk.crashBeforeSync('promise', below(rng, 3));
  const stop = keepStarting(scene, bridge);
  let over = false;
  later(leaseMs + between(rng, 100, leaseMs), () => {
    const lost = rng.next() < 0.5 ? left : right;
    if (!over && bridge !== undefined) for (const one of lost) network.cutBothWays(bridge.id, one.id);
  });
  return () => {
    over = true;
    stop();
    network.heal();
    bridge?.start();
  };
};

/**
 * Only one replica can be elected, for the others do not hear each other; its disk is slower than their answers, and it
 * ends while it still writes that it stands. It is back at once, and stands again.
 */
const hastyCandidate: Fault = (scene) => {
  const { rng, victims, network } = scene;
  const [hub, ...others] = shuffled(rng, victims);
  for (const a of others) for (const b of others) if (a !== b) network.cutBothWays(a.id, b.id);
  losePowerAll(victims);
  if (hub !== undefined) {
    hub.disk.syncMs = between(rng, 100, 400);
    hub.disk.crashBeforeSync('any', below(rng, 2));
  }
  const stop = keepStarting(scene, hub);
  return () => {
    stop();
    network.heal();
    hub?.disk.heal();
    hub?.start();
  };
};

/** A master that its voters do not hear any more counts its last lease with a clock that stands still now and then. */
const nappingAlone: Fault = (scene) => {
  const hit = victim(scene);
  for (const { id } of scene.victims) scene.network.cutBothWays(hit.id, id);
  const wakeUp = nap(scene, hit);
  return () => {
    wakeUp();
    scene.network.heal();
  };
};

/** A master's newest answers are old when they arrive, and its voters find each other at once when they lose it. */
const distantThenAlone: Fault = (scene) => {
  const { rng, victims, network, later, leaseMs } = scene;
  network.quality = { ...GOOD_LINK, delayMs: leaseMs * (0.15 + 0.2 * rng.next()) };
  let over = false;
  later(between(rng, 500, 1500), () => {
    if (over) return;
    network.quality = GOOD_LINK;
    const hit = victim(scene);
    for (const { id } of victims) network.cutBothWays(hit.id, id);
  });
  return () => {
    over = true;
    network.heal();
  };
};

/** Of what a master has in flight each voter has another part when it ends: a slot survives, the one before it does not. */
const patchyEnd: Fault = (scene) => {
  const { rng, network, later } = scene;
  const hit = victim(scene);
  let over = false;
  network.quality = { ...GOOD_LINK, loss: 0.4 + 0.4 * rng.next() };
  later(between(rng, 10, 80), () => {
    if (over) return;
    hit.losePower();
    network.quality = GOOD_LINK;
  });
  return () => {
    over = true;
    network.heal();
    hit.start();
  };
};

export const STAGED_FAULTS: readonly Fault[] = [
  forgetfulBridge,
  hastyCandidate,
  nappingAlone,
  distantThenAlone,
  patchyEnd,
];

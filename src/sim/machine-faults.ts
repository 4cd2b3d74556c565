import { below } from '../common/rng.js';
import { between, leastKnowingFirst, nap, victim } from './fault.js';
import type { Fault } from './fault.js';
import { HEALTHY_SYNC_MS } from './sim-disk.js';

// What befalls whole machines, their clocks included.

/** Nothing unsynced survives anywhere, and with slow disks much is unsynced. */
const powerLoss: Fault = ({ rng, victims, later }) => {
  for (const one of victims) one.disk.syncMs = between(rng, 1, 60);
  return () => {
    for (const one of victims) {
      one.losePower();
      one.disk.syncMs = HEALTHY_SYNC_MS;
    }
    const lastPauseMs = rng.next() < 0.5 ? 0 : between(rng, 200, 2500);
    leastKnowingFirst(victims).forEach((one, index) => {
      later(below(rng, 50) + (index < 3 ? 0 : lastPauseMs), () => one.start());
    });
  };
};

const suspend: Fault = (scene) => {
  const hit = victim(scene);
  hit.suspend();
  return () => hit.wake();
};

const naps: Fault = (scene) => {
  const hit = victim(scene);
  return nap(scene, hit);
};

const stepWallClock: Fault = (scene) => {
  victim(scene).time.stepWall(between(scene.rng, -3_600_000, 3_600_000));
  return () => undefined;
};

export const MACHINE_FAULTS: readonly Fault[] = [powerLoss, suspend, naps, stepWallClock];

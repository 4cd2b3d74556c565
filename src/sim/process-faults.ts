import { below } from '../common/rng.js';
import { between, pick, some, victim } from './fault.js';
import type { Fault } from './fault.js';

// What ends or stops single processes.

const crash: Fault = (scene) => {
  const hit = victim(scene);
  hit.crash();
  return () => hit.start();
};

const crashTwo: Fault = (scene) => {
  const hit = [victim(scene), pick(scene.rng, scene.victims)];
  for (const one of hit) one.crash();
  return () => {
    for (const one of hit) one.start();
  };
};

const crashAll: Fault = ({ victims }) => {
  for (const one of victims) one.crash();
  return () => {
    for (const one of victims) one.start();
  };
};

/** A supervisor has them back before anybody misses them: within the leases that they granted. */
const bounce: Fault = ({ rng, victims, later, master }) => {
  const reigning = master();
  for (const one of some(rng, victims, 0.6)) {
    if (one.id === reigning) continue;
    one.crash();
    later(below(rng, 40), () => one.start());
  }
  return () => undefined;
};

/** SIGTERM, and a new start. */
const handOver: Fault = (scene) => {
  const hit = victim(scene);
  hit.handOver(between(scene.rng, 1, 1000));
  return () => hit.start();
};

/** SIGSTOP and SIGCONT. */
const pause: Fault = (scene) => {
  const { process } = victim(scene);
  process?.pause();
  return () => process?.resume();
};

export const PROCESS_FAULTS: readonly Fault[] = [crash, crashTwo, crashAll, bounce, handOver, pause];

import { below } from '../common/rng.js';
import { between, some, victim } from './fault.js';
import type { Fault } from './fault.js';
import { HEALTHY_SYNC_MS } from './sim-disk.js';

// What befalls disks, and processes in the middle of a write.

const crashBetweenSyncAndSend: Fault = (scene) => {
  const hit = victim(scene);
  hit.disk.crashAfterNextSync();
  return () => hit.start();
};

/** Whatever was said before it was durable is said, and forgotten; and the process is back at once. */
const crashBeforeSync: Fault = (scene) => {
  const { rng, later } = scene;
  const hit = victim(scene);
  hit.disk.crashBeforeSync('any');
  later(between(rng, 1, 100), () => hit.start());
  return () => hit.start();
};

/** Several voters forget what they are about to promise. */
const forgetPromises: Fault = ({ rng, later, victims }) => {
  const hit = some(rng, victims, 0.5);
  for (const one of hit) one.disk.crashBeforeSync('promise');
  let over = false;
  const restart = (): void => {
    if (over) return;
    for (const one of hit) one.start();
    later(between(rng, 5, 50), restart);
  };
  restart();
  return () => {
    over = true;
    for (const one of hit) one.start();
  };
};

/** A failed write ends the process; its next life finds the disk in order. */
const refusal: Fault = (scene) => {
  const hit = victim(scene);
  hit.disk.refuseNextWrite();
  return () => hit.start();
};

const hang: Fault = (scene) => {
  const { disk } = victim(scene);
  disk.hang();
  return () => disk.unhang();
};

const slowDisks: Fault = ({ rng, victims }) => {
  const hit = some(rng, victims, 0.6);
  for (const { disk } of hit) disk.syncMs = between(rng, 5, 150);
  return () => {
    for (const { disk } of hit) disk.syncMs = HEALTHY_SYNC_MS;
  };
};

/** All are a little slow, each in its own way: writes overlap with messages everywhere. */
const sluggishDisks: Fault = ({ rng, victims }) => {
  for (const { disk } of victims) disk.syncMs = 1 + below(rng, 20);
  return () => {
    for (const { disk } of victims) disk.syncMs = HEALTHY_SYNC_MS;
  };
};

export const DISK_FAULTS: readonly Fault[] = [
  crashBetweenSyncAndSend,
  crashBeforeSync,
  forgetPromises,
  refusal,
  hang,
  slowDisks,
  sluggishDisks,
];

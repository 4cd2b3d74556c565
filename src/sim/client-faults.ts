import { below } from '../common/rng.js';
import { clientVictim } from './fault.js';
import type { Fault } from './fault.js';

// What befalls clients.

/** How much longer than other faults theirs may last: long enough for a short session to run out. */
const LONGER_MS = 1500;

const stopClient: Fault = (scene) => {
  const { process } = clientVictim(scene);
  process.pause();
  return () => scene.later(below(scene.rng, LONGER_MS), () => process.resume());
};

const suspendClient: Fault = (scene) => {
  const { process } = clientVictim(scene);
  process.suspend();
  return () => scene.later(below(scene.rng, LONGER_MS), () => process.wake());
};

const cutClientOff: Fault = (scene) => {
  const { victims, network } = scene;
  const { place } = clientVictim(scene);
  for (const { id } of victims) network.cutBothWays(place, id);
  return () => network.heal();
};

export const CLIENT_FAULTS: readonly Fault[] = [stopClient, suspendClient, cutClientOff];

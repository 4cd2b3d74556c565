import { between, pick, some, victim } from './fault.js';
import type { Fault } from './fault.js';

// What befalls links between replicas.

const isolate: Fault = (scene) => {
  const hit = victim(scene);
  for (const { id } of scene.victims) scene.network.cutBothWays(hit.id, id);
  return () => scene.network.heal();
};

const deafen: Fault = (scene) => {
  const hit = victim(scene);
  for (const { id } of scene.victims) scene.network.cut(id, hit.id);
  return () => scene.network.heal();
};

const silence: Fault = (scene) => {
  const hit = victim(scene);
  for (const { id } of scene.victims) scene.network.cut(hit.id, id);
  return () => scene.network.heal();
};

const split: Fault = ({ rng, victims, network }) => {
  const minority = some(rng, victims, 0.4);
  for (const inside of minority) {
    for (const outside of victims) if (!minority.includes(outside)) network.cutBothWays(inside.id, outside.id);
  }
  return () => network.heal();
};

const cutOneLink: Fault = (scene) => {
  scene.network.cutBothWays(victim(scene).id, pick(scene.rng, scene.victims).id);
  return () => scene.network.heal();
};

/** Each direction of each link alone. */
const cutSomeWays: Fault = ({ rng, victims, network }) => {
  for (const { id: from } of victims) for (const { id: to } of some(rng, victims, 0.3)) network.cut(from, to);
  return () => network.heal();
};

const badLinks: Fault = ({ rng, network }) => {
  network.quality = {
    delayMs: between(rng, 0, 20),
    jitterMs: between(rng, 1, 60),
    loss: rng.next() * 0.2,
    duplication: rng.next() * 0.3,
    duplicateDelayMs: between(rng, 1, 3000),
  };
  return () => network.heal();
};

export const NETWORK_FAULTS: readonly Fault[] = [isolate, deafen, silence, split, cutOneLink, cutSomeWays, badLinks];

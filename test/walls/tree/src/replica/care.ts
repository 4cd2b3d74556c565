import { Thing } from '../paxos/thing.js'; // wall: @typescript-eslint/consistent-type-imports

type Shape = 'round' | 'square';

export async function save(thing: Thing): Promise<void> {
  await Promise.resolve(thing);
}

export function careless(thing: Thing, shape: Shape, anything: any): boolean { // wall: @typescript-eslint/no-explicit-any
  save(thing); // wall: @typescript-eslint/no-floating-promises
  if (save(thing)) console.log(anything); // wall: @typescript-eslint/no-misused-promises, no-console
  const unused = 1; // wall: @typescript-eslint/no-unused-vars
  const _deliberatelyUnused = 1;
  switch (shape) { // wall: @typescript-eslint/switch-exhaustiveness-check
    case 'round':
      return anything == 1; // wall: eqeqeq
  }
  return false;
}

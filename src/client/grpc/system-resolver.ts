import { lookup } from 'node:dns/promises';
import type { Resolver } from '../resolver.js';

/** Looks names up as the system does, /etc/hosts included. */
export class SystemResolver implements Resolver {
  async addressesOf(name: string): Promise<string[]> {
    const found = await lookup(name, { all: true });
    return found.map(({ address }) => address);
  }
}

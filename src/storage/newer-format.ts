import { MalformedBytes } from '../common/bytes.js';

/** A later version of this program wrote it: no damage, and no reason to throw it away. (docs/UPGRADES.md) */
export class NewerFormat extends MalformedBytes {
  constructor(what: string, found: number, newest: number) {
    super(`${what} has format ${found}, this version knows ${newest}: start the version that wrote it, or a later one`);
  }
}

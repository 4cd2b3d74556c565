import { check } from './violation.js';

interface Switch {
  /** The latest state that was acknowledged or seen. */
  seen: number;
  /** The latest state that its owner asked for. */
  attempted: number;
}

/** Odd states are those in which the file is there. */
const isThere = (state: number): boolean => state % 2 === 1;

/**
 * Judges files that one owner creates and deletes in turn: whoever looks sees the file there or not, in the state that
 * was acknowledged or seen before it looked, or in one asked for since. (S2, S5; DESIGN 3.7)
 */
export class Presence {
  readonly #switches = new Map<string, Switch>();

  attempt(file: string, state: number): void {
    this.#switch(file).attempted = state;
  }

  acknowledged(file: string, state: number): void {
    const file_ = this.#switch(file);
    file_.seen = Math.max(file_.seen, state);
  }

  /** What a look that begins now must at least see. */
  floor(file: string): number {
    return this.#switch(file).seen;
  }

  looked(file: string, there: boolean, floor: number): void {
    const found = this.#switch(file);
    const earliest = isThere(floor) === there ? floor : floor + 1;
    check(
      earliest <= found.attempted,
      () => `${file} is ${there ? 'there' : 'gone'}, and was not when its owner had last touched it (state ${floor})`,
    );
    found.seen = Math.max(found.seen, earliest);
  }

  #switch(file: string): Switch {
    let found = this.#switches.get(file);
    if (found === undefined) this.#switches.set(file, (found = { seen: 0, attempted: 0 }));
    return found;
  }
}

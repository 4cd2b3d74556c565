import { check } from './violation.js';

interface Register {
  /** The highest value whose write was acknowledged, or that a finished read returned. */
  seen: number;
  /** The highest value that anybody tried to write. */
  attempted: number;
}

/**
 * Judges files with one writer each, whose contents only grow: there linearizability says that a read returns nothing
 * older than what was acknowledged or read before it began, and nothing that nobody tried to write. (S2, S5)
 */
export class Registers {
  readonly #registers = new Map<string, Register>();

  attempt(file: string, value: number): void {
    const register = this.#register(file);
    register.attempted = Math.max(register.attempted, value);
  }

  acknowledged(file: string, value: number): void {
    const register = this.#register(file);
    register.seen = Math.max(register.seen, value);
  }

  /** What a read that begins now must at least return. */
  floor(file: string): number {
    return this.#register(file).seen;
  }

  read(file: string, value: number, floor: number): void {
    const register = this.#register(file);
    check(value >= floor, () => `stale read: ${file} held ${floor} before the read began, which returned ${value}`);
    check(value <= register.attempted, () => `${file} holds ${value}, which nobody wrote`);
    register.seen = Math.max(register.seen, value);
  }

  #register(file: string): Register {
    let register = this.#registers.get(file);
    if (register === undefined) this.#registers.set(file, (register = { seen: 0, attempted: 0 }));
    return register;
  }
}

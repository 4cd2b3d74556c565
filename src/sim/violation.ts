/** What the simulator found wrong with the cell, seen from outside. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function check(condition: boolean, claim: string | (() => string)): asserts condition {
  if (!condition) throw new Violation(typeof claim === 'string' ? claim : claim());
}

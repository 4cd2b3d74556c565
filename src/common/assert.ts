/** A broken invariant. Nothing in `src/` catches it: a stopped replica is safe, a lying one is not. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/**
 * States what must hold; stays on in production.
 *
 * @param condition the claim's truth
 * @param claim what holds, as a sentence; a function where building the sentence costs something
 * @throws InvariantViolation when the condition is false
 */
export function assert(condition: boolean, claim: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantViolation(typeof claim === 'string' ? claim : claim());
}

/** Closes a switch over a union: the compiler refuses a call that a new member could reach. */
export function assertNever(value: never, where: string): never {
  throw new InvariantViolation(`${where}: unexpected ${JSON.stringify(value)}`);
}

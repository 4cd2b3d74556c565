/**
 * Which call an operation came about by, as its provenance keeps it: for audit and for people. Codes stay what they are
 * as long as logs are read; new ones are added.
 */
export const CALL_CODES = {
  genesis: 1,
  createSession: 2,
  closeSession: 3,
  expireSession: 4,
  open: 5,
  close: 6,
  setContents: 7,
  delete: 8,
  acquire: 9,
  tryAcquire: 10,
  release: 11,
  cancel: 12,
  /** A waiter's turn came. */
  grant: 13,
  /** A lock is no longer held back. */
  endLockDelay: 14,
  acquireAll: 15,
  setSequencer: 16,
  /** An operator ends a session. */
  endSession: 17,
  rotateKeys: 18,
  /** The time of a former key is over. */
  forgetKey: 19,
  setAcl: 20,
  multiOp: 21,
  /** Nobody has shown the handles that keep ephemeral nodes. */
  giveUpHandles: 22,
  /** The longest lease in use changes. */
  longestLease: 23,
} as const;

export type CallCode = (typeof CALL_CODES)[keyof typeof CALL_CODES];

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(CALL_CODES).map(([name, code]) => [code, name]));

/** What people call it; nothing for a code of a later program, or where there is none. */
export const callNameOf = (code: number): string | undefined => NAMES.get(code);

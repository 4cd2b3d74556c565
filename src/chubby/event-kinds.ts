/**
 * What a session can be told of a node that it has open. ([CH] 2.5)
 *
 * Each kind is a bit, so that what a handle wants is one number; bits are stored in handles and stay what they are.
 */
export const EVENT_BITS = {
  /** The contents of the file were replaced. */
  contentsModified: 1,
  childAdded: 2,
  childRemoved: 4,
  childModified: 8,
  /** The node was deleted: the handle is of no more use. */
  handleInvalid: 16,
  /** The lock that the handle held is lost. */
  lockInvalid: 32,
  /** The lock went from free to held. */
  lockAcquired: 64,
  /** Somebody else asks for the lock that the handle holds. */
  conflictingLockRequest: 128,
} as const;

export type EventKind = keyof typeof EVENT_BITS;

/** Kinds of events: the sum of their {@link EVENT_BITS}. */
export type EventMask = number;

/** What they tell of contents and children only readers may know. */
export const SHOWS_TO_READERS: EventMask =
  EVENT_BITS.contentsModified | EVENT_BITS.childAdded | EVENT_BITS.childRemoved | EVENT_BITS.childModified;

export const wants = (mask: EventMask, kind: EventKind): boolean => (mask & EVENT_BITS[kind]) !== 0;

import { EventKind } from './types.js';

/** Kinds of events, as the code names them and as they are sent. */
export const WIRE_EVENT_KINDS = {
  contentsModified: EventKind.EVENT_KIND_CONTENTS_MODIFIED,
  childAdded: EventKind.EVENT_KIND_CHILD_ADDED,
  childRemoved: EventKind.EVENT_KIND_CHILD_REMOVED,
  childModified: EventKind.EVENT_KIND_CHILD_MODIFIED,
  handleInvalid: EventKind.EVENT_KIND_HANDLE_INVALID,
  lockInvalid: EventKind.EVENT_KIND_LOCK_INVALID,
  lockAcquired: EventKind.EVENT_KIND_LOCK_ACQUIRED,
  conflictingLockRequest: EventKind.EVENT_KIND_CONFLICTING_LOCK_REQUEST,
} as const;

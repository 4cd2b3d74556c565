// Original file: proto/chubby/v1/chubby.proto

export const EventKind = {
  EVENT_KIND_UNSPECIFIED: 'EVENT_KIND_UNSPECIFIED',
  /**
   * The contents of the file were replaced.
   */
  EVENT_KIND_CONTENTS_MODIFIED: 'EVENT_KIND_CONTENTS_MODIFIED',
  /**
   * A child of the directory came, went, or had its contents replaced.
   */
  EVENT_KIND_CHILD_ADDED: 'EVENT_KIND_CHILD_ADDED',
  EVENT_KIND_CHILD_REMOVED: 'EVENT_KIND_CHILD_REMOVED',
  EVENT_KIND_CHILD_MODIFIED: 'EVENT_KIND_CHILD_MODIFIED',
  /**
   * The node was deleted, and the handle is of no more use.
   */
  EVENT_KIND_HANDLE_INVALID: 'EVENT_KIND_HANDLE_INVALID',
  /**
   * The lock that the handle held is lost.
   */
  EVENT_KIND_LOCK_INVALID: 'EVENT_KIND_LOCK_INVALID',
  /**
   * The node's lock went from free to held.
   */
  EVENT_KIND_LOCK_ACQUIRED: 'EVENT_KIND_LOCK_ACQUIRED',
  /**
   * Somebody else asks for the lock that the handle holds.
   */
  EVENT_KIND_CONFLICTING_LOCK_REQUEST: 'EVENT_KIND_CONFLICTING_LOCK_REQUEST',
} as const;

export type EventKindFields =
  | 'EVENT_KIND_UNSPECIFIED'
  | 0
  /**
   * The contents of the file were replaced.
   */
  | 'EVENT_KIND_CONTENTS_MODIFIED'
  | 1
  /**
   * A child of the directory came, went, or had its contents replaced.
   */
  | 'EVENT_KIND_CHILD_ADDED'
  | 2
  | 'EVENT_KIND_CHILD_REMOVED'
  | 3
  | 'EVENT_KIND_CHILD_MODIFIED'
  | 4
  /**
   * The node was deleted, and the handle is of no more use.
   */
  | 'EVENT_KIND_HANDLE_INVALID'
  | 5
  /**
   * The lock that the handle held is lost.
   */
  | 'EVENT_KIND_LOCK_INVALID'
  | 6
  /**
   * The node's lock went from free to held.
   */
  | 'EVENT_KIND_LOCK_ACQUIRED'
  | 7
  /**
   * Somebody else asks for the lock that the handle holds.
   */
  | 'EVENT_KIND_CONFLICTING_LOCK_REQUEST'
  | 8

export type EventKind = typeof EventKind[keyof typeof EventKind]

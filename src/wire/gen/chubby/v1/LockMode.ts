// Original file: proto/chubby/v1/chubby.proto

export const LockMode = {
  LOCK_MODE_UNSPECIFIED: 'LOCK_MODE_UNSPECIFIED',
  LOCK_MODE_EXCLUSIVE: 'LOCK_MODE_EXCLUSIVE',
  LOCK_MODE_SHARED: 'LOCK_MODE_SHARED',
} as const;

export type LockModeFields =
  | 'LOCK_MODE_UNSPECIFIED'
  | 0
  | 'LOCK_MODE_EXCLUSIVE'
  | 1
  | 'LOCK_MODE_SHARED'
  | 2

export type LockMode = typeof LockMode[keyof typeof LockMode]

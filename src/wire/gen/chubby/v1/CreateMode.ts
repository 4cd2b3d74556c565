// Original file: proto/chubby/v1/chubby.proto

export const CreateMode = {
  CREATE_MODE_NEVER: 'CREATE_MODE_NEVER',
  CREATE_MODE_MAY: 'CREATE_MODE_MAY',
  CREATE_MODE_MUST: 'CREATE_MODE_MUST',
} as const;

export type CreateModeFields =
  | 'CREATE_MODE_NEVER'
  | 0
  | 'CREATE_MODE_MAY'
  | 1
  | 'CREATE_MODE_MUST'
  | 2

export type CreateMode = typeof CreateMode[keyof typeof CreateMode]

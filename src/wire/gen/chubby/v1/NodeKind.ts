// Original file: proto/chubby/v1/chubby.proto

export const NodeKind = {
  NODE_KIND_UNSPECIFIED: 'NODE_KIND_UNSPECIFIED',
  NODE_KIND_FILE: 'NODE_KIND_FILE',
  NODE_KIND_DIRECTORY: 'NODE_KIND_DIRECTORY',
} as const;

export type NodeKindFields =
  | 'NODE_KIND_UNSPECIFIED'
  | 0
  | 'NODE_KIND_FILE'
  | 1
  | 'NODE_KIND_DIRECTORY'
  | 2

export type NodeKind = typeof NodeKind[keyof typeof NodeKind]

// Original file: proto/chubby/v1/chubby.proto

export const CachedKind = {
  CACHED_KIND_UNSPECIFIED: 'CACHED_KIND_UNSPECIFIED',
  /**
   * A Stat, with or without contents.
   */
  CACHED_KIND_NODE: 'CACHED_KIND_NODE',
  CACHED_KIND_LISTING: 'CACHED_KIND_LISTING',
  CACHED_KIND_ABSENCE: 'CACHED_KIND_ABSENCE',
} as const;

export type CachedKindFields =
  | 'CACHED_KIND_UNSPECIFIED'
  | 0
  /**
   * A Stat, with or without contents.
   */
  | 'CACHED_KIND_NODE'
  | 1
  | 'CACHED_KIND_LISTING'
  | 2
  | 'CACHED_KIND_ABSENCE'
  | 3

export type CachedKind = typeof CachedKind[keyof typeof CachedKind]

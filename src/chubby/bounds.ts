/** The bounds that the meaning of the calls depends on; the service passes those of wire/limits. */
export interface ChubbyBounds {
  readonly nameBytes: number;
  readonly nameLevels: number;
  readonly contentsBytes: number;
  readonly childrenPerDirectory: number;
  readonly databaseBytes: number;
  readonly listingEntries: number;
  readonly listingBytes: number;
  readonly lockDelayMs: number;
  readonly sharersPerLock: number;
  readonly multiOpBytes: number;
  readonly multiOpResultBytes: number;
}

/** Those of names alone. */
export type NameBounds = Pick<ChubbyBounds, 'nameBytes' | 'nameLevels'>;

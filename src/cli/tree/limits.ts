/** The largest file of a cell; as LIMITS.contentsBytes of the wire. */
export const MAX_FILE_BYTES = 262_144;

/** Files under way at a time: enough to keep the cell busy, few enough for a laptop's memory. */
export const FILES_AT_ONCE = 64;

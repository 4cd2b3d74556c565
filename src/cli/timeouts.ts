/**
 * For each request, unless `--timeout` is given: longer than a write waits for a client that died with something cached,
 * and a change of master before that.
 */
export const TIMEOUT_SECONDS = 15;

/** The same of import and export: a move of many files outlives a change of master. */
export const BULK_TIMEOUT_SECONDS = 60;

/** Of a whole backup: that of a full database over a slow line. */
export const BACKUP_TIMEOUT_SECONDS = 600;

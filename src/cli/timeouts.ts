/** For each request, unless `--timeout` is given. */
export const TIMEOUT_SECONDS = 10;

/** The same of import and export: a move of many files outlives a change of master. */
export const BULK_TIMEOUT_SECONDS = 60;

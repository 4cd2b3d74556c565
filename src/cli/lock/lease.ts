import { UsageError } from '../usage-error.js';

/** The longest session lease of a cell; as LIMITS.sessionLeaseMaxMs of the wire. */
const LONGEST_SECONDS = 60;
const SHORTEST_SECONDS = 12;

/** Of a lease that the cell renews in time, this client has a quarter left for certain: see {@link leaseMsFor}. */
const PARTS = 4;
/** A quarter of it is for a change of master. */
const SPARE_SECONDS = 8;

/**
 * The session lease that leaves a command time to stop. The master answers a KeepAlive when 40 % of the lease is left,
 * and by the slowest clock 24 % of it is left here by then: a command that needs longer to stop would have to be stopped
 * though the cell is well.
 *
 * @param killAfter between SIGTERM and SIGKILL, in seconds
 * @throws UsageError when no cell gives a lease that is long enough
 */
export function leaseMsFor(killAfter: number): number {
  const needed = Math.max(SHORTEST_SECONDS, SPARE_SECONDS + PARTS * killAfter);
  if (needed <= LONGEST_SECONDS) return Math.ceil(needed * 1_000);
  const most = (LONGEST_SECONDS - SPARE_SECONDS) / PARTS;
  throw new UsageError(
    `--kill-after ${killAfter} does not fit into the session lease, which is ${LONGEST_SECONDS} seconds at most: ` +
      `it can be ${most} at most, that much being left whenever the lease is renewed`,
    'lock',
  );
}

import { UnusableDirectory } from '../storage/level/unusable-directory.js';
import { DamagedIdentity } from '../storage/identity-store.js';
import { StorageFailure } from '../storage/storage-failure.js';
import { WrongCell } from '../service/cell-birth.js';
import { BirthConflict, LostDisk } from '../replica/birth.js';
import { RemovedFromCell } from '../replica/removed.js';
import { StateDiverged } from '../replica/state-diverged.js';
import { AddressRefused } from './address-refused.js';
import { ConfigError } from '../config/config-problem.js';

/** What a replica process ends with. Part of the command's documentation. */
export const EXIT = {
  /** It was asked to end. */
  asked: 0,
  /** A broken invariant, an error that nothing foresaw, or a disk that was lost. Starting again is safe, and helps. */
  broken: 1,
  /** The command line or the configuration is wrong. Starting again changes nothing. */
  configuration: 2,
  /** Another process has the address or the data directory. Starting again later may succeed. */
  taken: 3,
  /** The data directory must not be used by this replica. Starting again changes nothing. */
  directory: 4,
  /** The disk refused a write or a read while the replica ran. */
  storage: 5,
  /** Its state was not that of a majority. Started again it makes it anew. */
  diverged: 6,
} as const;

/** The exit code for what ended a replica. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof ConfigError || error instanceof WrongCell) return EXIT.configuration;
  if (error instanceof AddressRefused) return EXIT.taken;
  if (error instanceof UnusableDirectory) return error.reason === 'in-use' ? EXIT.taken : EXIT.directory;
  if (error instanceof StorageFailure) return EXIT.storage;
  if (error instanceof StateDiverged) return EXIT.diverged;
  const refused = [DamagedIdentity, LostDisk, BirthConflict, RemovedFromCell];
  return refused.some((type) => error instanceof type) ? EXIT.directory : EXIT.broken;
}

/** Whether a process that ended like this may be started again without anybody's doing. */
export const worthRestarting = (exitCode: number | null): boolean =>
  exitCode !== EXIT.configuration && exitCode !== EXIT.directory;

import { loadCell } from '../config/config.js';
import { ConfigError } from '../config/config-problem.js';
import type { RestoredReplica } from '../offline/restore-cell.js';
import { UsageError } from './usage-error.js';

/**
 * Where the replicas of a cell keep their data, as its configuration says.
 *
 * @throws UsageError that says what is wrong with it
 */
export function replicasOf(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly cellName: string; readonly replicas: readonly RestoredReplica[] } {
  try {
    const configs = loadCell(file, env);
    const replicas = configs.map(({ replicaId, dataDir }) => ({ replicaId, directory: dataDir }));
    if (new Set(replicas.map(({ directory }) => directory)).size < replicas.length) {
      throw new UsageError(`${file}: dataDir is the same for all replicas: write {replicaId} into it`, 'restore');
    }
    return { cellName: configs[0]!.cell, replicas };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(error.message, 'restore');
  }
}

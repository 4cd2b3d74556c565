import type { Stat } from '../../client/index.js';
import type { CellClient } from '../context.js';

/** Components of `/ls/<cell>`, which is there as long as the cell. */
const ROOT_COMPONENTS = 2;

/** Creates a directory and those above it, as far as they are missing. */
export async function makeDirectories(client: CellClient, path: string): Promise<Stat> {
  const components = path.split('/').slice(1);
  for (let depth = ROOT_COMPONENTS + 1; depth < components.length; depth++) {
    await client.mkdir(`/${components.slice(0, depth).join('/')}`, { mayExist: true });
  }
  if (components.length <= ROOT_COMPONENTS) return client.stat(path);
  return client.mkdir(path, { mayExist: true });
}

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'dist/build.tsbuildinfo');

function newestMs(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

/**
 * Processes run what was built: builds once before all tests when a source is newer than that. Errors of types are shown
 * and not judged here: like the other tests, these run what the compiler made of it.
 */
export default function buildIfStale(): void {
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs > newestMs(join(ROOT, 'src'))) return;
  spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
}

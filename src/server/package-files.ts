import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The package asks for its own root by name: the same answer from src/, from dist/src/ and from an installed copy.
const manifest = createRequire(import.meta.url).resolve('chubby/package.json');
const root = dirname(manifest);

/** The launcher of one replica; it runs what was built. */
export const CHUBBYD = join(root, 'bin', 'chubbyd');

/** The configuration of the cell that `npm start` runs. */
export const LOCAL_CONFIG = join(root, 'config', 'local-5.yaml');

export const VERSION = (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;

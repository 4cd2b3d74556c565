import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { below } from '../../src/common/rng.js';
import type { Rng } from '../../src/common/rng.js';

/** What a durable file of a replica is for. */
export const FILE_KINDS = [
  'identity.json',
  'log.tail',
  'CURRENT',
  'MANIFEST',
  'table (.ldb)',
  'write-ahead (.log)',
  "LevelDB's notes (LOG, LOCK)",
  'snapshot',
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export const DAMAGE_KINDS = [
  'bit flipped',
  'range zeroed',
  'truncated',
  'emptied',
  'deleted',
  'older copy',
  "another's file",
] as const;
export type DamageKind = (typeof DAMAGE_KINDS)[number];

export interface Damage {
  /** Relative to the replica's directory. */
  readonly file: string;
  readonly fileKind: FileKind;
  readonly kind: DamageKind;
  /** Where in the file, for people. */
  readonly where: string;
}

/** Where copies of the same file are: the replica's own older directory, and the present one of another replica. */
export interface Copies {
  readonly older: string;
  readonly others: string;
}

const DRAWS_MAX = 1_000;

/**
 * Does one thing to one file of a stopped replica. Every kind of file, and of damage, is as likely as every other; what
 * would change nothing is drawn anew.
 */
export function damageOneFile(directory: string, copies: Copies, rng: Rng): Damage {
  for (let draws = 0; draws < DRAWS_MAX; draws++) {
    const kind = one(rng, DAMAGE_KINDS);
    const fileKind = one(rng, FILE_KINDS);
    const files = filesIn(directory).filter((file) => kindOf(file) === fileKind);
    if (files.length === 0) continue;
    const file = one(rng, files);
    const path = join(directory, file);
    const before = readFileSync(path);
    const changed = change(
      kind,
      before,
      () => copyOf(kind === 'older copy' ? copies.older : copies.others, file, rng),
      rng,
    );
    if (changed === undefined) continue;
    const { after, where } = changed;
    if (after !== undefined && before.equals(after)) continue;
    if (after === undefined) rmSync(path);
    else writeFileSync(path, after);
    return { file, fileKind, kind, where };
  }
  throw new Error(`nothing in ${directory} can be damaged`);
}

interface Changed {
  /** Nothing for a file that is gone. */
  readonly after: Buffer | undefined;
  readonly where: string;
}

function change(kind: DamageKind, before: Buffer, copy: () => Buffer | undefined, rng: Rng): Changed | undefined {
  const sizeBytes = before.length;
  const at = below(rng, sizeBytes);
  const after = Buffer.from(before);
  switch (kind) {
    case 'bit flipped': {
      if (sizeBytes === 0) return undefined;
      const bit = below(rng, 8);
      after[at]! ^= 1 << bit;
      return { after, where: `bit ${bit} of byte ${at} of ${sizeBytes}` };
    }
    case 'range zeroed': {
      const lengthBytes = 1 + below(rng, Math.min(4096, sizeBytes));
      after.fill(0, at, Math.min(at + lengthBytes, sizeBytes));
      return { after, where: `${lengthBytes} bytes from ${at} of ${sizeBytes}` };
    }
    case 'truncated':
      return { after: after.subarray(0, at), where: `at ${at} of ${sizeBytes}` };
    case 'emptied':
      return { after: Buffer.alloc(0), where: `of ${sizeBytes}` };
    case 'deleted':
      return { after: undefined, where: `of ${sizeBytes}` };
    case 'older copy':
    case "another's file": {
      const found = copy();
      return found && { after: found, where: `${found.length} bytes in the place of ${sizeBytes}` };
    }
  }
}

/** That file in another directory; where LevelDB named it otherwise by then, one of its kind. */
function copyOf(directory: string, file: string, rng: Rng): Buffer | undefined {
  const same = join(directory, file);
  if (existsSync(same)) return readFileSync(same);
  const alike = filesIn(directory).filter((other) => kindOf(other) === kindOf(file));
  return alike.length === 0 ? undefined : readFileSync(join(directory, one(rng, alike)));
}

/** In the order of their names, so that the same draws choose the same. */
const filesIn = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();

function kindOf(file: string): FileKind | undefined {
  const name = basename(file);
  if (name === 'identity.json' || name === 'log.tail' || name === 'CURRENT') return name;
  if (name.startsWith('MANIFEST')) return 'MANIFEST';
  if (name.endsWith('.ldb')) return 'table (.ldb)';
  if (name.endsWith('.log')) return 'write-ahead (.log)';
  if (name.endsWith('.snapshot')) return 'snapshot';
  return name.startsWith('LOG') || name === 'LOCK' ? "LevelDB's notes (LOG, LOCK)" : undefined;
}

const one = <Item>(rng: Rng, items: readonly Item[]): Item => items[below(rng, items.length)]!;

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteReader, MalformedBytes } from '../../common/bytes.js';

// LevelDB's doc/log_format.md: blocks of 32 KiB with fragments of records, each behind its sum, length and type. The
// records of a manifest are changes of the set of tables, as a list of tagged fields (its db/version_edit.cc).

const BLOCK_BYTES = 32 * 1024;
const FRAGMENT_HEADER_BYTES = 7;
const FULL = 1;
const FIRST = 2;
const LAST = 4;

const COMPARATOR = 1;
const LOG_NUMBER = 2;
const NEXT_FILE_NUMBER = 3;
const LAST_SEQUENCE = 4;
const COMPACT_POINTER = 5;
const DELETED_FILE = 6;
const NEW_FILE = 7;
const PREVIOUS_LOG_NUMBER = 9;

/** A table that belongs to a database. Others may lie beside it: what a crash or a closing left half written. */
export interface Table {
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * The tables that the manifest in force names. Its sums are not looked at: LevelDB does that, at its opening.
 *
 * @throws MalformedBytes when nobody can make sense of it
 */
export async function tablesOf(directory: string): Promise<readonly Table[]> {
  const current = await readFile(join(directory, 'CURRENT'), 'utf8');
  const name = current.trimEnd();
  if (!/^MANIFEST-[0-9]+$/.test(name)) throw new MalformedBytes('CURRENT names no manifest');
  const sizes = new Map<number, number>();
  for (const record of recordsOf(await readFile(join(directory, name)))) applyEdit(new ByteReader(record), sizes);
  return [...sizes].map(([number, sizeBytes]) => ({
    path: join(directory, `${String(number).padStart(6, '0')}.ldb`),
    sizeBytes,
  }));
}

/** The records up to the first that is not whole: the last one may be just being written. */
function* recordsOf(file: Buffer): Generator<Uint8Array, void, undefined> {
  let fragments: Uint8Array[] = [];
  let at = 0;
  while (at + FRAGMENT_HEADER_BYTES <= file.length) {
    const leftInBlock = BLOCK_BYTES - (at % BLOCK_BYTES);
    const length = file.readUInt16LE(at + 4);
    const type = file[at + 6]!;
    const end = at + FRAGMENT_HEADER_BYTES + length;
    if (leftInBlock < FRAGMENT_HEADER_BYTES || type === 0) {
      at += leftInBlock;
      continue;
    }
    if (end > file.length) return;
    if (type === FULL || type === FIRST) fragments = [];
    fragments.push(file.subarray(at + FRAGMENT_HEADER_BYTES, end));
    if (type === FULL || type === LAST) yield Buffer.concat(fragments);
    at = end;
  }
}

function applyEdit(from: ByteReader, sizes: Map<number, number>): void {
  while (from.remaining > 0) {
    const tag = from.uint();
    switch (tag) {
      case COMPARATOR:
        from.bytes();
        break;
      case LOG_NUMBER:
      case NEXT_FILE_NUMBER:
      case LAST_SEQUENCE:
      case PREVIOUS_LOG_NUMBER:
        from.uint();
        break;
      case COMPACT_POINTER:
        from.uint();
        from.bytes();
        break;
      case DELETED_FILE:
        from.uint();
        sizes.delete(from.uint());
        break;
      case NEW_FILE: {
        from.uint();
        const number = from.uint();
        sizes.set(number, from.uint());
        from.bytes();
        from.bytes();
        break;
      }
      default:
        throw new MalformedBytes(`a manifest with a field ${tag}`);
    }
  }
}

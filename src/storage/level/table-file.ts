import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ByteReader, MalformedBytes } from '../../common/bytes.js';
import { crc32c } from './crc32c.js';
import { damagedLog, levelError } from './damage.js';
import { hasCode } from './durable-files.js';
import { tablesOf } from './manifest.js';
import type { Table } from './manifest.js';
import { uncompress } from './snappy.js';

// LevelDB's doc/table_format.txt: data blocks, further blocks, an index of the data blocks, and a footer that says where
// that is. Behind each block stand one byte, how it is compressed, and its masked checksum.

const FOOTER_BYTES = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
const TRAILER_BYTES = 5;
const UNCOMPRESSED = 0;
const SNAPPY = 1;
const MASK_DELTA = 0xa282ead8;
/** An index has some ten bytes for each block of 4 KiB, and a table some 2 MiB; a batch of any size is one table, too. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

interface BlockHandle {
  readonly offset: number;
  readonly sizeBytes: number;
}

interface StoredBlock {
  readonly bytes: Uint8Array;
  readonly compression: number;
}

/**
 * Verifies each block of each table of a log that is not open, by the checksum that LevelDB wrote and does not look at. A
 * table that is not what was written would have LevelDB end the whole process by an assertion: at its opening, at the
 * start after that, and so on, or in the background much later. (DESIGN 3.10)
 *
 * @throws DamagedLog naming the file
 * @throws StorageFailure when the disk does not answer
 */
export async function verifyTables(directory: string): Promise<void> {
  for (const table of await knownTables(directory)) {
    try {
      await verifyTable(table);
    } catch (error) {
      if (isLeftToLevel(error)) continue;
      if (!(error instanceof MalformedBytes)) throw levelError(directory, 'cannot read', error);
      throw damagedLog(directory, `its table ${table.path} is not what was written (${error.message})`, error);
    }
  }
}

/** None where the manifest is gone. @throws DamagedLog where it, or CURRENT, is not what was written */
async function knownTables(directory: string): Promise<readonly Table[]> {
  try {
    return await tablesOf(directory);
  } catch (error) {
    if (isLeftToLevel(error)) return [];
    if (error instanceof MalformedBytes) throw damagedLog(directory, error.message, error);
    throw levelError(directory, 'cannot read', error);
  }
}

/** Of files that are gone LevelDB tells itself; or another process, which has the log open, needs them no more. */
const isLeftToLevel = (error: unknown): boolean => hasCode(error, 'ENOENT');

async function verifyTable({ path, sizeBytes }: Table): Promise<void> {
  const file = await open(path, 'r');
  try {
    await new TableFile(file, sizeBytes).verify();
  } finally {
    await file.close();
  }
}

class TableFile {
  constructor(
    private readonly file: FileHandle,
    private readonly sizeBytes: number,
  ) {}

  /** @throws MalformedBytes */
  async verify(): Promise<void> {
    const { metaindex, index } = await this.#footer();
    for (const each of [metaindex, index]) {
      for (const handle of handlesIn(plain(await this.#block(each)))) await this.#block(handle);
    }
  }

  async #footer(): Promise<{ metaindex: BlockHandle; index: BlockHandle }> {
    const footer = await this.#read({ offset: this.sizeBytes - FOOTER_BYTES, sizeBytes: FOOTER_BYTES });
    if (!MAGIC.equals(footer.subarray(FOOTER_BYTES - MAGIC.length))) throw new MalformedBytes('it has no end');
    const from = new ByteReader(footer);
    return { metaindex: takeHandle(from), index: takeHandle(from) };
  }

  /** A block as it is stored, once its sum was verified. */
  async #block({ offset, sizeBytes }: BlockHandle): Promise<StoredBlock> {
    const stored = await this.#read({ offset, sizeBytes: sizeBytes + TRAILER_BYTES });
    const masked = stored.readUInt32LE(sizeBytes + 1);
    const sum = crc32c(stored.subarray(0, sizeBytes + 1));
    if (masked !== (((sum >>> 15) | (sum << 17)) + MASK_DELTA) >>> 0) {
      throw new MalformedBytes(`the checksum of the block at ${offset} does not fit`);
    }
    return { bytes: stored.subarray(0, sizeBytes), compression: stored[sizeBytes]! };
  }

  async #read({ offset, sizeBytes }: BlockHandle): Promise<Buffer> {
    if (offset < 0 || sizeBytes > MAX_BLOCK_BYTES || offset + sizeBytes > this.sizeBytes) {
      throw new MalformedBytes(`it has ${this.sizeBytes} bytes, and ${sizeBytes} more should be at ${offset}`);
    }
    const bytes = Buffer.allocUnsafeSlow(sizeBytes);
    const { bytesRead } = await this.file.read(bytes, 0, sizeBytes, offset);
    if (bytesRead !== sizeBytes) throw new MalformedBytes(`it ends at ${offset + bytesRead}`);
    return bytes;
  }
}

function plain({ bytes, compression }: StoredBlock): Uint8Array {
  if (compression === UNCOMPRESSED) return bytes;
  if (compression === SNAPPY) return uncompress(bytes, MAX_BLOCK_BYTES);
  throw new MalformedBytes(`a block is compressed in an unknown way, ${compression}`);
}

/**
 * The blocks that an index names. An entry is what its key shares with the one before it, how long the rest is, how long
 * the value is, that rest, and the value; behind all entries stand the offsets of some, and how many those are.
 */
function* handlesIn(index: Uint8Array): Generator<BlockHandle, void, undefined> {
  const from = new ByteReader(index);
  const offsets = new ByteReader(index.subarray(-4)).u32();
  const end = index.length - 4 * (offsets + 1);
  if (end < 0) throw new MalformedBytes('an index is shorter than it says');
  while (from.offset < end) {
    from.uint();
    const keyBytes = from.uint();
    const valueBytes = from.uint();
    from.raw(keyBytes);
    yield takeHandle(new ByteReader(from.raw(valueBytes)));
  }
}

const takeHandle = (from: ByteReader): BlockHandle => ({ offset: from.uint(), sizeBytes: from.uint() });

import { ByteReader, ByteWriter, MalformedBytes, toHex } from '../common/bytes.js';
import { checksum } from '../common/checksum.js';
import type { Slot } from '../paxos/ballot.js';
import { NewerFormat } from './newer-format.js';
import type { CellId } from './identity-store.js';
import type { SnapshotHandle } from './snapshot-store.js';

// A snapshot as bytes: blocks, each with its length and a sum that goes on from the sum of the block before it, so that
// none can be missing, doubled or exchanged. The first one tells what it is a snapshot of, the last one that it is whole.

const FORMAT_VERSION = 1;
const CELL_ID_BYTES = 16;
const DIGEST_BYTES = 16;
/** Length and sum, before each block. */
const FRAME_BYTES = 8;
/** A chunk is some hundred KiB, or a single entry. */
const MAX_BLOCK_BYTES = 64 * 1024 * 1024;

const HEADER = 0;
const CHUNK = 1;
const END = 2;

/** Writes the blocks of one snapshot. */
export class SnapshotEncoder {
  #sum = 0;
  #chunks = 0;

  header({ cellId, slot, digest, entryCount, stateBytes }: SnapshotHandle): Uint8Array {
    const block = new ByteWriter(64).u8(HEADER).u8(FORMAT_VERSION).raw(Buffer.from(cellId, 'hex')).uint(slot);
    return this.#framed(block.raw(Buffer.from(digest, 'hex')).uint(entryCount).uint(stateBytes));
  }

  chunk(chunk: Uint8Array): Uint8Array {
    this.#chunks++;
    return this.#framed(new ByteWriter(FRAME_BYTES + 1 + chunk.length).u8(CHUNK).raw(chunk));
  }

  end(): Uint8Array {
    return this.#framed(new ByteWriter(16).u8(END).uint(this.#chunks));
  }

  #framed(block: ByteWriter): Uint8Array {
    const body = block.view();
    this.#sum = checksum(body, this.#sum);
    return new ByteWriter(FRAME_BYTES + body.length).u32(body.length).u32(this.#sum).raw(body).take();
  }
}

/** Takes a snapshot apart as its bytes come in, in pieces of any size, and verifies it on the way. */
export class SnapshotDecoder {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #wantedBytes = FRAME_BYTES;
  #sum = 0;
  #chunks = 0;
  #handle: SnapshotHandle | undefined;
  #ended = false;

  /** Known as soon as the first block has come. */
  get handle(): SnapshotHandle | undefined {
    return this.#handle;
  }

  /** Whether the last block has come: it is whole. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * @returns the chunks that are complete with this piece
   * @throws MalformedBytes for anything that {@link SnapshotEncoder} does not write
   */
  push(piece: Uint8Array): Uint8Array[] {
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    const chunks: Uint8Array[] = [];
    while (this.#waitingBytes >= this.#wantedBytes) {
      if (this.#ended) throw new MalformedBytes('something stands behind its end');
      const bytes = this.#gathered();
      const from = new ByteReader(bytes);
      const length = from.u32();
      const sum = from.u32();
      if (length > MAX_BLOCK_BYTES) throw new MalformedBytes(`a block of ${length} bytes`);
      this.#wantedBytes = FRAME_BYTES + length;
      if (bytes.length < this.#wantedBytes) break;
      const chunk = this.#open(from.raw(length), sum);
      if (chunk !== undefined) chunks.push(chunk);
      this.#keep(bytes.subarray(this.#wantedBytes));
      this.#wantedBytes = this.#ended ? 1 : FRAME_BYTES;
    }
    return chunks;
  }

  #open(body: Uint8Array, sum: number): Uint8Array | undefined {
    this.#sum = checksum(body, this.#sum);
    if (this.#sum !== sum) throw new MalformedBytes('a checksum does not fit');
    const from = new ByteReader(body);
    const kind = from.u8();
    if ((kind === HEADER) !== (this.#handle === undefined)) throw new MalformedBytes('a block out of its order');
    if (kind === HEADER) {
      this.#handle = this.#readHeader(from);
      return undefined;
    }
    if (kind === CHUNK) {
      this.#chunks++;
      return from.raw(from.remaining);
    }
    if (kind !== END) throw new MalformedBytes(`a block of kind ${kind}`);
    if (from.uint() !== this.#chunks) throw new MalformedBytes('a chunk is missing');
    from.end();
    this.#ended = true;
    return undefined;
  }

  #readHeader(from: ByteReader): SnapshotHandle {
    const version = from.u8();
    if (version > FORMAT_VERSION) throw new NewerFormat('it', version, FORMAT_VERSION);
    if (version !== FORMAT_VERSION) throw new MalformedBytes(`format ${version} is none`);
    const cellId = toHex(from.raw(CELL_ID_BYTES)) as CellId;
    const slot = from.uint() as Slot;
    const digest = toHex(from.raw(DIGEST_BYTES));
    const handle = { cellId, slot, digest, entryCount: from.uint(), stateBytes: from.uint() };
    from.end();
    return handle;
  }

  #gathered(): Uint8Array {
    const [only] = this.#waiting;
    if (this.#waiting.length === 1 && only !== undefined) return only;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [bytes];
    return bytes;
  }

  #keep(bytes: Uint8Array): void {
    this.#waiting = bytes.length === 0 ? [] : [bytes];
    this.#waitingBytes = bytes.length;
  }
}

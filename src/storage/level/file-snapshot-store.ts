import { open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../../common/assert.js';
import { MalformedBytes } from '../../common/bytes.js';
import type { Slot } from '../../paxos/ballot.js';
import { SnapshotDecoder, SnapshotEncoder } from '../snapshot-blocks.js';
import { DamagedSnapshot } from '../snapshot-store.js';
import type {
  IncomingSnapshot,
  SnapshotHandle,
  SnapshotPiece,
  SnapshotStore,
  StoredSnapshot,
} from '../snapshot-store.js';
import { NewerFormat } from '../newer-format.js';
import { StorageFailure } from '../storage-failure.js';
import { hasCode, makeDirectory, syncDirectory } from './durable-files.js';
import { newerFormat } from './unusable-directory.js';

const SUFFIX = '.snapshot';
/** Where one is written, or received, before it has its name; a crash may leave it behind. */
const WRITTEN_ASIDE = 'written.part';
const RECEIVED_ASIDE = 'received.part';
/** So wide that names have the order of slots. */
const SLOT_DIGITS = 16;
const READ_BYTES = 256 * 1024;
/** Synced after so much: what waits for the disk never holds up the log's syncs for long. ([PML] 5, "flushed in chunks") */
const SYNC_BYTES = 1024 * 1024;

/** Snapshots as files of a directory, each written aside, synced, and renamed. */
export class FileSnapshotStore implements SnapshotStore {
  readonly #directory: string;
  #writing = false;
  #receiving = false;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes the directory if it is missing. @throws StorageFailure */
  static async open(directory: string): Promise<FileSnapshotStore> {
    await guarded(`cannot make ${directory}`, () => makeDirectory(directory));
    return new FileSnapshotStore(directory);
  }

  async list(): Promise<readonly Slot[]> {
    const names = await guarded(`cannot read ${this.#directory}`, () => readdir(this.#directory));
    const slots = names.map(slotOfName).filter((slot) => slot !== undefined);
    return slots.sort((a, b) => b - a);
  }

  async write(handle: SnapshotHandle, chunks: Iterable<Uint8Array>): Promise<void> {
    assert(!this.#writing, 'one snapshot is written at a time');
    this.#writing = true;
    const encoder = new SnapshotEncoder();
    try {
      const file = await AsideFile.create(join(this.#directory, WRITTEN_ASIDE));
      try {
        await file.append(encoder.header(handle));
        for (const chunk of chunks) await file.append(encoder.chunk(chunk));
        await file.append(encoder.end());
        await file.moveTo(this.#pathOf(handle.slot), this.#directory);
      } finally {
        await file.close();
      }
    } finally {
      this.#writing = false;
    }
  }

  async open(slot: Slot): Promise<StoredSnapshot> {
    const path = this.#pathOf(slot);
    const handle = await readHandle(path);
    if (handle.slot !== slot) throw damaged(path, `it is of slot ${handle.slot}`);
    return { handle, chunks: readChunks(path) };
  }

  async piece(slot: Slot, offset: number, maxBytes: number): Promise<SnapshotPiece | undefined> {
    const path = this.#pathOf(slot);
    return guarded(`cannot read ${path}`, async () => {
      const file = await openToRead(path);
      if (file === undefined) return undefined;
      try {
        const { size } = await file.stat();
        if (offset >= size) return undefined;
        const bytes = Buffer.allocUnsafeSlow(Math.min(maxBytes, size - offset));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
        return { totalBytes: size, bytes: bytes.subarray(0, bytesRead) };
      } finally {
        await file.close();
      }
    });
  }

  async receive(slot: Slot): Promise<IncomingSnapshot> {
    assert(!this.#receiving, 'one snapshot is received at a time');
    const file = await AsideFile.create(join(this.#directory, RECEIVED_ASIDE));
    this.#receiving = true;
    const done = (): void => void (this.#receiving = false);
    return new IncomingFile(slot, file, this.#pathOf(slot), this.#directory, done);
  }

  async remove(slot: Slot): Promise<void> {
    const path = this.#pathOf(slot);
    await guarded(`cannot remove ${path}`, async () => {
      await rm(path, { force: true });
      await syncDirectory(this.#directory);
    });
  }

  #pathOf(slot: Slot): string {
    return join(this.#directory, `${String(slot).padStart(SLOT_DIGITS, '0')}${SUFFIX}`);
  }
}

/** A file that is written from its beginning, and then given its name. */
class AsideFile {
  #sizeBytes = 0;
  #unsyncedBytes = 0;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** An empty one, in the place of what a crash may have left. */
  static async create(path: string): Promise<AsideFile> {
    return guarded(`cannot write ${path}`, async () => {
      await rm(path, { force: true });
      return new AsideFile(path, await open(path, 'wx', 0o600));
    });
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await guarded(`cannot write ${this.path}`, async () => {
      await this.file.writeFile(bytes);
      this.#sizeBytes += bytes.length;
      this.#unsyncedBytes += bytes.length;
      if (this.#unsyncedBytes < SYNC_BYTES) return;
      await this.file.datasync();
      this.#unsyncedBytes = 0;
    });
  }

  async moveTo(path: string, directory: string): Promise<void> {
    await guarded(`cannot write ${path}`, async () => {
      await this.file.sync();
      await rename(this.path, path);
      await syncDirectory(directory);
    });
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  async remove(): Promise<void> {
    await guarded(`cannot remove ${this.path}`, () => rm(this.path, { force: true }));
  }
}

class IncomingFile implements IncomingSnapshot {
  readonly #decoder = new SnapshotDecoder();

  constructor(
    readonly slot: Slot,
    private readonly file: AsideFile,
    private readonly path: string,
    private readonly directory: string,
    private readonly done: () => void,
  ) {}

  get receivedBytes(): number {
    return this.file.sizeBytes;
  }

  async append(piece: Uint8Array): Promise<void> {
    decodeReceived(this.path, this.#decoder, piece);
    const { handle } = this.#decoder;
    if (handle !== undefined && handle.slot !== this.slot) throw damaged(this.path, `it is of slot ${handle.slot}`);
    await this.file.append(piece);
  }

  async complete(): Promise<void> {
    if (!this.#decoder.ended) throw damaged(this.path, 'it is not whole');
    await this.file.moveTo(this.path, this.directory);
    await this.file.close();
    this.done();
  }

  async discard(): Promise<void> {
    await this.file.close();
    await this.file.remove();
    this.done();
  }
}

async function readHandle(path: string): Promise<SnapshotHandle> {
  const decoder = new SnapshotDecoder();
  for await (const piece of readPieces(path)) {
    decode(path, decoder, piece);
    if (decoder.handle !== undefined) return decoder.handle;
  }
  throw damaged(path, 'it ends before it tells what it is');
}

async function* readChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new SnapshotDecoder();
  for await (const piece of readPieces(path)) yield* decode(path, decoder, piece);
  if (!decoder.ended) throw damaged(path, 'it ends in the middle');
}

async function* readPieces(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await guarded(`cannot read ${path}`, () => openToRead(path));
  if (file === undefined) throw damaged(path, 'it is gone');
  try {
    for (;;) {
      const bytes = Buffer.allocUnsafeSlow(READ_BYTES);
      const { bytesRead } = await guarded(`cannot read ${path}`, () => file.read(bytes, 0, bytes.length));
      if (bytesRead === 0) return;
      yield bytes.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function openToRead(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A later version may have written it: then it is of no use here, and no reason to end. */
function decodeReceived(path: string, decoder: SnapshotDecoder, piece: Uint8Array): void {
  try {
    decoder.push(piece);
  } catch (error) {
    if (error instanceof MalformedBytes) throw damaged(path, error.message, error);
    throw error;
  }
}

/** @throws UnusableDirectory when a later version of this program wrote it: it must not be thrown away as damaged */
function decode(path: string, decoder: SnapshotDecoder, piece: Uint8Array): Uint8Array[] {
  try {
    return decoder.push(piece);
  } catch (error) {
    if (error instanceof NewerFormat) throw newerFormat(path, error);
    if (error instanceof MalformedBytes) throw damaged(path, error.message, error);
    throw error;
  }
}

const damaged = (path: string, what: string, cause?: unknown): DamagedSnapshot =>
  new DamagedSnapshot(`${path} is damaged: ${what}`, { cause });

function slotOfName(name: string): Slot | undefined {
  const digits = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
  return digits.length === SLOT_DIGITS && /^[0-9]+$/.test(digits) ? (Number(digits) as Slot) : undefined;
}

async function guarded<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new StorageFailure(what, error);
  }
}

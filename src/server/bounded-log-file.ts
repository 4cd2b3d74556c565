import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_AND_GROUP = 0o640;

/** On a line of its own, for the last line before it may be torn. */
const lostNotice = (count: number): string =>
  `\n{"level":"warn","msg":"${count} log lines were lost: the disk refused them"}\n`;

/**
 * A log file that is renamed to `FILE.1` when it is full, in place of an older one, so that both together stay below
 * twice the bound. Lines that the disk refuses are counted and the count is written once the disk takes lines again:
 * a full log disk must not end a replica.
 */
export class BoundedLogFile {
  readonly #file: string;
  readonly #maxBytes: number;
  #descriptor: number;
  #sizeBytes: number;
  #lost = 0;

  /** @throws Error of Node when the file cannot be opened */
  constructor(file: string, maxBytes: number) {
    this.#file = file;
    this.#maxBytes = maxBytes;
    mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = openSync(file, 'a', OWNER_AND_GROUP);
    this.#sizeBytes = fstatSync(this.#descriptor).size;
  }

  /** @param line with its line end */
  write(line: string): void {
    try {
      if (this.#sizeBytes + Buffer.byteLength(line) > this.#maxBytes && this.#sizeBytes > 0) this.#turnOver();
      if (this.#lost > 0) this.#append(lostNotice(this.#lost));
      this.#lost = 0;
      this.#append(line);
    } catch {
      this.#lost++;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #append(text: string): void {
    const writtenBytes = writeSync(this.#descriptor, text);
    this.#sizeBytes += writtenBytes;
    if (writtenBytes < Buffer.byteLength(text)) throw new Error('the disk is full');
  }

  #turnOver(): void {
    renameSync(this.#file, `${this.#file}.1`);
    const descriptor = openSync(this.#file, 'a', OWNER_AND_GROUP);
    closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#sizeBytes = 0;
  }
}

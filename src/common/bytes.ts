import { assert } from './assert.js';

/** Damaged or foreign bytes: what was read is not what a writer of this format produces. */
export class MalformedBytes extends Error {
  override readonly name = 'MalformedBytes';
}

/**
 * Appends fields to one growing buffer: counters as LEB128 (1 byte below 128), byte strings with their length before
 * them. Every record and log value is written with it, so that encoding costs no intermediate objects.
 */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes = 256) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  /** One byte, 0 to 255. */
  u8(value: number): this {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
    return this;
  }

  /** Four bytes, little-endian. */
  u32(value: number): this {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value >>> 0, this.#length);
    return this;
  }

  /** Eight bytes, little-endian double: for times with fractions. */
  f64(value: number): this {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
    return this;
  }

  /** A counter: a whole number from 0 to 2^53 - 1. */
  uint(value: number): this {
    assert(Number.isSafeInteger(value) && value >= 0, () => `a counter is a safe integer, not ${value}`);
    this.#reserve(8);
    while (value >= 0x80) {
      this.#buffer[this.#length++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.#buffer[this.#length++] = value;
    return this;
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  /** A byte string of any length, its length first. */
  bytes(value: Uint8Array): this {
    return this.uint(value.length).raw(value);
  }

  /** Bytes whose length the reader knows. */
  raw(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** Text as UTF-8, its length in bytes first. */
  text(value: string): this {
    return this.bytes(Buffer.from(value, 'utf8'));
  }

  /** A byte string held as a string of code units 0 to 255 (the database's keys), its length first. */
  latin1(value: string): this {
    this.uint(value.length);
    this.#reserve(value.length);
    this.#length += this.#buffer.write(value, this.#length, 'latin1');
    return this;
  }

  /** A copy of what was written; the writer can go on. */
  take(): Uint8Array {
    const copy = Buffer.allocUnsafeSlow(this.#length);
    this.#buffer.copy(copy, 0, 0, this.#length);
    return copy;
  }

  /** A view of what was written, good until the next write. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  reset(): this {
    this.#length = 0;
    return this;
  }

  #reserve(moreBytes: number): void {
    const needed = this.#length + moreBytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

/** Reads what {@link ByteWriter} wrote; anything short or out of range is {@link MalformedBytes}. */
export class ByteReader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = asBuffer(bytes);
  }

  get remaining(): number {
    return this.#buffer.length - this.#offset;
  }

  get offset(): number {
    return this.#offset;
  }

  u8(): number {
    this.#need(1);
    return this.#buffer[this.#offset++]!;
  }

  u32(): number {
    this.#need(4);
    const value = this.#buffer.readUInt32LE(this.#offset);
    this.#offset += 4;
    return value;
  }

  f64(): number {
    this.#need(8);
    const value = this.#buffer.readDoubleLE(this.#offset);
    this.#offset += 8;
    return value;
  }

  uint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
      scale *= 0x80;
    }
    throw new MalformedBytes('a counter is beyond 2^53');
  }

  bool(): boolean {
    const value = this.u8();
    if (value > 1) throw new MalformedBytes(`a truth value is ${value}`);
    return value === 1;
  }

  /** A view into the bytes read from, not a copy: keep it only as long as the whole may live. */
  bytes(): Uint8Array {
    return this.raw(this.uint());
  }

  /** A view of `sizeBytes` bytes, as {@link bytes}. */
  raw(sizeBytes: number): Uint8Array {
    this.#need(sizeBytes);
    const view = this.#buffer.subarray(this.#offset, this.#offset + sizeBytes);
    this.#offset += sizeBytes;
    return view;
  }

  text(): string {
    const length = this.uint();
    this.#need(length);
    const value = this.#buffer.toString('utf8', this.#offset, this.#offset + length);
    this.#offset += length;
    return value;
  }

  latin1(): string {
    const length = this.uint();
    this.#need(length);
    const value = this.#buffer.toString('latin1', this.#offset, this.#offset + length);
    this.#offset += length;
    return value;
  }

  /** @throws MalformedBytes when something is left over */
  end(): void {
    if (this.remaining !== 0) throw new MalformedBytes(`${this.remaining} bytes too many`);
  }

  #need(sizeBytes: number): void {
    if (sizeBytes > this.remaining) {
      throw new MalformedBytes(`${sizeBytes} bytes expected at offset ${this.#offset}, ${this.remaining} there`);
    }
  }
}

/** The same bytes as a Buffer: itself where it is one, for a view of it costs more than reading a short string. */
const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether two byte strings are the same. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Lower-case hex, as ids are shown. */
export const toHex = (bytes: Uint8Array): string => asBuffer(bytes).toString('hex');

/** The byte string as a string of code units 0 to 255: its order is the bytes' order, and it can be a map's key. */
export const toLatin1 = (bytes: Uint8Array): string => asBuffer(bytes).toString('latin1');

export const fromLatin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** A copy that owns its memory, so that it keeps no larger buffer alive. */
export const ownedCopy = (bytes: Uint8Array): Uint8Array => {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
};

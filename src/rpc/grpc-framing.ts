/** Whether a message is compressed, and its size: what gRPC puts before it. */
export const PREFIX_BYTES = 5;

/** Bytes that gRPC's framing, as far as it is spoken here, does not allow. */
export class FramingError extends Error {
  override readonly name: string = 'FramingError';
}

/** A message beyond the bound of its stream. */
export class MessageTooLarge extends FramingError {
  override readonly name = 'MessageTooLarge';
}

/** What gRPC puts before a message of `sizeBytes` that is not compressed. */
export function messagePrefix(sizeBytes: number): Buffer {
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix[0] = 0;
  prefix.writeUInt32BE(sizeBytes, 1);
  return prefix;
}

/** Follows the bytes of a stream through gRPC's framing and keeps none of them. */
export class MessageMeter {
  /** Of the prefix under way, or of the one before the message under way. */
  #prefixBytes = 0;
  #leftBytes = 0;

  /** @param maxBytes of a message */
  constructor(private readonly maxBytes: number) {}

  /** Whether a message has begun and not ended. */
  get isWithin(): boolean {
    return this.#prefixBytes > 0;
  }

  /**
   * @returns whether a message ended with this chunk, or within it
   * @throws FramingError when a message is compressed or too large: the stream cannot go on
   */
  push(chunk: Buffer): boolean {
    let ended = false;
    for (let offset = 0; offset < chunk.length;) {
      if (this.#prefixBytes < PREFIX_BYTES) this.#takePrefix(chunk[offset++]!);
      else offset += this.#take(chunk.length - offset);
      if (this.#prefixBytes < PREFIX_BYTES || this.#leftBytes > 0) continue;
      this.#prefixBytes = 0;
      ended = true;
    }
    return ended;
  }

  #takePrefix(byte: number): void {
    if (this.#prefixBytes === 0) {
      if (byte !== 0) throw new FramingError('a compressed message');
      this.#leftBytes = 0;
    } else {
      this.#leftBytes = this.#leftBytes * 256 + byte;
    }
    this.#prefixBytes++;
    if (this.#prefixBytes === PREFIX_BYTES) checkSize(this.#leftBytes, this.maxBytes);
  }

  #take(availableBytes: number): number {
    const takenBytes = Math.min(availableBytes, this.#leftBytes);
    this.#leftBytes -= takenBytes;
    return takenBytes;
  }
}

/** Cuts the bytes of a stream into gRPC's messages. */
export class MessageSplitter {
  readonly #chunks: Buffer[] = [];
  #heldBytes = 0;
  #wanted: 'prefix' | 'message' = 'prefix';
  #wantedBytes = PREFIX_BYTES;

  /** @param maxBytes of a message */
  constructor(private readonly maxBytes: number) {}

  /**
   * The messages that are whole with this chunk. Each has memory of its own, so that a part of it which is kept keeps
   * nothing else alive.
   *
   * @throws FramingError when a message is compressed or too large: the stream cannot go on
   */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length;
    const messages: Buffer[] = [];
    while (this.#heldBytes >= this.#wantedBytes) {
      const bytes = this.#take(this.#wantedBytes);
      if (this.#wanted === 'prefix') {
        this.#wanted = 'message';
        this.#wantedBytes = this.#sizeIn(bytes);
      } else {
        this.#wanted = 'prefix';
        this.#wantedBytes = PREFIX_BYTES;
        messages.push(bytes);
      }
    }
    return messages;
  }

  #take(sizeBytes: number): Buffer {
    const taken = Buffer.allocUnsafeSlow(sizeBytes);
    let filledBytes = 0;
    while (filledBytes < sizeBytes) {
      const chunk = this.#chunks[0]!;
      const part = chunk.subarray(0, sizeBytes - filledBytes);
      taken.set(part, filledBytes);
      filledBytes += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#heldBytes -= sizeBytes;
    return taken;
  }

  #sizeIn(prefix: Buffer): number {
    if (prefix[0] !== 0) throw new FramingError('a compressed message');
    const sizeBytes = prefix.readUInt32BE(1);
    checkSize(sizeBytes, this.maxBytes);
    return sizeBytes;
  }
}

function checkSize(sizeBytes: number, maxBytes: number): void {
  if (sizeBytes > maxBytes) throw new MessageTooLarge(`a message of ${sizeBytes} bytes; ${maxBytes} are the most`);
}

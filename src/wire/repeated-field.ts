/** Of a length up to 2^28: more than any message may have. */
const LENGTH_BYTES_MAX = 4;

/**
 * Collects encoded elements of one repeated message field and gives them back as bytes of the message around them. An
 * element is encoded when it arrives, so that what waits is counted by its true size and a message never outgrows its
 * bound; in protobuf the concatenation of such fields is the message.
 */
export class RepeatedField {
  readonly #tag: number;
  readonly #elements: Uint8Array[] = [];
  #sizeBytes = 0;

  /** @param fieldNumber from 1 to 15, whose tag is one byte */
  constructor(fieldNumber: number) {
    this.#tag = (fieldNumber << 3) | 2;
  }

  /** Size of what waits, too high by less than {@link LENGTH_BYTES_MAX} per element. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isEmpty(): boolean {
    return this.#elements.length === 0;
  }

  add(element: Uint8Array): void {
    this.#elements.push(element);
    this.#sizeBytes += sizeAround(element);
  }

  /** The first elements that fit into `maxBytes`, but at least one; `prefix`, other fields of the message, before them. */
  take(maxBytes: number, prefix?: Uint8Array): Buffer {
    let sizeBytes = prefix?.length ?? 0;
    let count = 0;
    for (const element of this.#elements) {
      const moreBytes = sizeAround(element);
      if (sizeBytes + moreBytes > maxBytes && count > 0) break;
      sizeBytes += moreBytes;
      this.#sizeBytes -= moreBytes;
      count++;
    }
    const out = Buffer.allocUnsafe(sizeBytes);
    let offset = 0;
    if (prefix !== undefined) {
      out.set(prefix);
      offset = prefix.length;
    }
    for (const element of this.#elements.splice(0, count)) offset = this.#write(out, offset, element);
    return out.subarray(0, offset);
  }

  #write(out: Buffer, offset: number, element: Uint8Array): number {
    out[offset++] = this.#tag;
    let length = element.length;
    while (length >= 0x80) {
      out[offset++] = (length & 0x7f) | 0x80;
      length >>>= 7;
    }
    out[offset++] = length;
    out.set(element, offset);
    return offset + element.length;
  }
}

/** An element with its tag and the longest length field. */
const sizeAround = (element: Uint8Array): number => 1 + LENGTH_BYTES_MAX + element.length;

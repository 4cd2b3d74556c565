import { ByteReader, MalformedBytes } from '../../common/bytes.js';

const LITERAL = 0;

/**
 * Undoes Snappy's compression, by which LevelDB stores blocks (its format_description.txt).
 *
 * @param maxBytes the most that may come out
 * @throws MalformedBytes for what no Snappy wrote, or for more than that
 */
export function uncompress(input: Uint8Array, maxBytes: number): Uint8Array {
  const from = new ByteReader(input);
  const length = from.uint();
  if (length > maxBytes) throw new MalformedBytes(`a compressed block of ${length} bytes`);
  const output = new Uint8Array(length);
  let filled = 0;
  const expectRoom = (sizeBytes: number): void => {
    if (filled + sizeBytes > length) throw new MalformedBytes('a compressed block is longer than it says');
  };

  while (from.remaining > 0) {
    const tag = from.u8();
    if ((tag & 3) === LITERAL) {
      const short = tag >> 2;
      const sizeBytes = 1 + (short < 60 ? short : littleEndian(from.raw(short - 59)));
      expectRoom(sizeBytes);
      output.set(from.raw(sizeBytes), filled);
      filled += sizeBytes;
      continue;
    }
    const isNear = (tag & 3) === 1;
    const sizeBytes = isNear ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const back = isNear ? (tag >> 5) * 256 + from.u8() : littleEndian(from.raw((tag & 3) === 2 ? 2 : 4));
    expectRoom(sizeBytes);
    if (back === 0 || back > filled) throw new MalformedBytes('a compressed block copies from nowhere');
    // One by one: a copy may reach into itself, and repeats then.
    for (let i = 0; i < sizeBytes; i++, filled++) output[filled] = output[filled - back]!;
  }
  if (filled !== length) throw new MalformedBytes('a compressed block is shorter than it says');
  return output;
}

const littleEndian = (bytes: Uint8Array): number => bytes.reduceRight((value, byte) => value * 256 + byte, 0);

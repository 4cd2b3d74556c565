import { check } from './violation.js';

const FILLER = 0x2e;

/** What a file holds that was written for the `value`-th time: its number, and so much filler as the number decides. */
export function contentsOf(value: number, largestBytes: number): Buffer {
  const number = `${value} `;
  return Buffer.alloc(Math.max(number.length, sizeOf(value, largestBytes)), FILLER).fill(number, 0, number.length);
}

/** The number that the contents were made from; they must be all that was written. */
export function valueOf(contents: Buffer, largestBytes: number): number {
  const value = Number.parseInt(contents.toString('latin1', 0, 20), 10);
  check(
    contents.equals(contentsOf(value, largestBytes)),
    () => `contents ${value} came back as ${contents.length} bytes`,
  );
  return value;
}

/** Every eighth one is large. */
const sizeOf = (value: number, largestBytes: number): number =>
  value % 8 === 1 ? largestBytes - ((value * 7919) % (largestBytes >> 1)) : 0;

/** The text with what would move the cursor, or colour what follows, as the bytes that it is: `\x0a`. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, (found) => inHex(Buffer.from(found)));

/** Bytes that are no text, as far as they are ASCII, and the others in hex. */
export function printableBytes(bytes: Buffer): string {
  return bytes.reduce(
    (out, byte) => out + (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : inHex(Buffer.of(byte))),
    '',
  );
}

const inHex = (bytes: Buffer): string =>
  bytes.reduce((out, byte) => `${out}\\x${byte.toString(16).padStart(2, '0')}`, '');

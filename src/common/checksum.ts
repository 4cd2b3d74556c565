import { crc32 } from 'node:zlib';

/** CRC-32 (IEEE 802.3) of the bytes, continued from `previous`: a chain of records carries the last one's sum on. */
export const checksum = (bytes: Uint8Array, previous = 0): number => crc32(bytes, previous);

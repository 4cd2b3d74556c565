import { crc32 } from 'node:zlib';
import { gzipSync } from 'node:zlib'; // wall: @typescript-eslint/no-restricted-imports
import 'node:fs'; // wall: no-io-but-checksum
export const sums = [crc32, gzipSync];

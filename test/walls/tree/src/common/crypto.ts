import { hash, type KeyObject } from 'node:crypto';
import { randomBytes } from 'node:crypto'; // wall: @typescript-eslint/no-restricted-imports
import 'node:fs'; // wall: no-io-but-crypto
export const digest = (key: KeyObject) => [hash('sha256', ''), randomBytes(8), key];

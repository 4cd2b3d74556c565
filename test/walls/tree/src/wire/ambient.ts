import 'node:fs'; // wall: no-io
import 'pino'; // wall: no-io
import '@grpc/grpc-js'; // wall: no-io, no-io-by-detour
import 'classic-level'; // wall: no-io, no-io-by-detour
export const lazily = () => import('node:os'); // wall: no-io
export const now = () => Date.now(); // wall: no-restricted-globals
export const date = () => new globalThis.Date(); // wall: no-restricted-globals
export const exact = () => performance.now(); // wall: no-restricted-globals
export const later = (f: () => void) => setTimeout(f, 1); // wall: no-restricted-globals
export const often = (f: () => void) => setInterval(f, 1); // wall: no-restricted-globals
export const soon = (f: () => void) => setImmediate(f); // wall: no-restricted-globals
export const sooner = (f: () => void) => queueMicrotask(f);
export const dice = () => Math.random(); // wall: no-restricted-properties
export const uuid = () => crypto.randomUUID(); // wall: no-restricted-globals
export const pid = () => process.pid; // wall: no-restricted-globals
export const page = () => fetch('http://localhost/'); // wall: no-restricted-globals
export const timer = () => AbortSignal.timeout(1); // wall: no-restricted-properties
export const order = (a: string, b: string) => a.localeCompare(b); // wall: no-restricted-properties
export const bytes = Buffer.from('is allowed everywhere');

import 'node:fs'; // wall: no-io
export const now = () => Date.now(); // wall: no-restricted-globals
export const dice = () => Math.random(); // wall: no-restricted-properties

import 'node:fs';
export const now = () => Date.now() + process.pid + Math.random();

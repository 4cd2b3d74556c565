import 'node:fs';
import './thing.js';
import '@grpc/grpc-js'; // wall: no-io-by-detour
console.log(process.argv, Date.now());

import '../src/server/thing.js';
import '../bench/thing.js'; // wall: room-trials

import '../src/server/thing.js';
import '../test/thing.js'; // wall: room-bench
console.log('speaks to people');

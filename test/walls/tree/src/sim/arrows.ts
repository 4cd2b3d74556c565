import '../testing/thing.js';
import '../server/thing.js'; // wall: room-sim
import '../rpc/thing.js'; // wall: room-sim
import '../storage/level/thing.js'; // wall: room-sim

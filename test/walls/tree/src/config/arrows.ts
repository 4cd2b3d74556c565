import '../rpc/thing.js';
import '../server/thing.js'; // wall: room-config
import '../cli/thing.js'; // wall: room-config

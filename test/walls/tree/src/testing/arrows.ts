import '../client/thing.js';
import '../sim/thing.js'; // wall: room-testing
import '../client/grpc/thing.js'; // wall: room-testing
import '../client/index.js'; // wall: no-io-by-detour

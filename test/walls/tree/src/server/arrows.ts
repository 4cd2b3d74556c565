import '../rpc/thing.js';
import '../storage/level/thing.js';
import '../sim/thing.js'; // wall: room-server
import '../../bench/thing.js'; // wall: room-server
import '../../test/thing.js'; // wall: room-server
import '../../bin/thing.js'; // wall: room-server

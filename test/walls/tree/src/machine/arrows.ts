import '../common/thing.js';
import '../paxos/thing.js'; // wall: room-machine

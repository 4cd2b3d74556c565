import '../paxos/thing.js';
import '../storage/thing.js';
import '../storage/level/thing.js'; // wall: room-replica
import '../db/thing.js'; // wall: room-replica
import '../service/thing.js'; // wall: room-replica

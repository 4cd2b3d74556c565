import '../db/thing.js';
import './records/thing.js';
import '../paxos/thing.js'; // wall: room-chubby
import '../replica/thing.js'; // wall: room-chubby
import '../service/thing.js'; // wall: room-chubby

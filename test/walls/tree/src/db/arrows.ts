import 'sorted-btree';
import '../common/thing.js';
import '../paxos/thing.js'; // wall: room-db
import '../chubby/thing.js'; // wall: room-db
import 'pino'; // wall: no-io-but-btree

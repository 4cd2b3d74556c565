import '../chubby/calls/thing.js';
import '../replica/thing.js';
import '../wire/thing.js';
import '../rpc/thing.js'; // wall: room-service
import '../client/thing.js'; // wall: room-service
import '../paxos/thing.js'; // wall: room-service

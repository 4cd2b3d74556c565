import '../paxos/thing.js'; // wall: room-common

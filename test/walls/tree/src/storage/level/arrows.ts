import 'classic-level';
import 'node:fs/promises';
import '../thing.js';
import '../../replica/thing.js'; // wall: room-storage-level
import '../../paxos/thing.js'; // wall: types-only-storage-level

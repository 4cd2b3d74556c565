import '../replica/thing.js';
import '../storage/level/thing.js';
import '../service/thing.js'; // wall: room-log
import '../server/thing.js'; // wall: room-log

import '../chubby/thing.js';
import '../storage/level/thing.js';
import '../service/thing.js'; // wall: room-offline
import '../replica/thing.js'; // wall: room-offline

import '../../db/thing.js';
import '../calls/thing.js'; // wall: room-chubby-records
import '../thing.js'; // wall: room-chubby-records

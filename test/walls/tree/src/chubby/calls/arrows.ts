import '../records/thing.js';
import '../thing.js';
import '../../wire/thing.js'; // wall: room-chubby-calls

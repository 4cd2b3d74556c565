import '../wire/thing.js';
import '../client/thing.js'; // wall: room-fencing

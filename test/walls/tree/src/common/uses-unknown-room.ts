import '../utils/thing.js'; // wall: room-common

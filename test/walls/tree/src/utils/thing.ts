import '../common/thing.js'; // wall: room-unknown

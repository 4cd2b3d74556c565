import '../common/thing.js';
import '../service/thing.js'; // wall: room-wire
import 'yargs'; // wall: no-io

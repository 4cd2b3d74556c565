import 'yargs';
import '../client/index.js';
import '../client/grpc/thing.js'; // wall: room-cli
import '../server/thing.js'; // wall: room-cli

import '../wire/thing.js';
import './grpc/thing.js'; // wall: room-client
import '../service/thing.js'; // wall: room-client
import '../rpc/thing.js'; // wall: room-client

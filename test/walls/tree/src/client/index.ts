import './thing.js';
import './grpc/channel.js';
import '../rpc/thing.js'; // wall: room-client-entry

import '../../rpc/thing.js'; // wall: room-client-grpc

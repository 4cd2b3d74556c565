import '@grpc/grpc-js';
import '../thing.js';

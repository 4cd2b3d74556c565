import '@grpc/grpc-js';
import 'node:net';
import '../service/thing.js';
import '../chubby/thing.js'; // wall: room-rpc
import '../server/thing.js'; // wall: room-rpc
import '../paxos/thing.js'; // wall: types-only-rpc
export type { Thing } from '../storage/thing.js';

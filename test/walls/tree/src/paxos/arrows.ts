import '../common/thing.js';
import '../storage/thing.js'; // wall: room-paxos
export type { Thing } from '../replica/thing.js'; // wall: room-paxos

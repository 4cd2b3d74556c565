import '../common/thing.js';
import './level/thing.js'; // wall: room-storage
export type { Thing } from '../paxos/thing.js';

export { thing } from '../paxos/thing.js'; // wall: types-only-storage

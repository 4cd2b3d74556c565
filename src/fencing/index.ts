// What `import ... from 'chubby/fencing'` gives: for resources that locks protect. It needs nothing but Node.

export { createFence } from './fence.js';
export type { Fence, FencedLock, FenceOptions } from './fence.js';
export type { FenceKey } from './fence-keys.js';
export { FencingError } from './fencing-error.js';
export type { FencingReason } from './fencing-error.js';
export { fenceCalls, SEQUENCER_METADATA } from './grpc-interceptor.js';
export { fencedLockOf, fenceRequests, SEQUENCER_HEADER } from './http-middleware.js';
export type { FencedRequest, FencedResponse } from './http-middleware.js';
export { isOlder, NewestInMemory } from './newest-seen.js';
export type { LockPair, NewestSeen } from './newest-seen.js';

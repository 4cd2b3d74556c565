// What `import ... from 'chubby/recipes'` gives.

export type { FollowOptions } from './follow.js';
export { LeaderElection } from './leader-election.js';
export type { CampaignOptions, Leader, Leadership, LeaderSighting } from './leader-election.js';
export { ReadWriteLock } from './read-write-lock.js';
export type { ReadWriteLockOptions } from './read-write-lock.js';
export type { Registration } from './registration.js';
export { Semaphore } from './semaphore.js';
export type { PermitOptions, SemaphoreOptions } from './semaphore.js';
export { ServiceDirectory } from './service-directory.js';
export type { DirectorySighting, Instances } from './service-directory.js';
export { WatchedFile } from './watched-file.js';
export type { FileState } from './watched-file.js';

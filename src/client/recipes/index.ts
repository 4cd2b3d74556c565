// What `import ... from 'chubby/recipes'` gives.

export { ReadWriteLock } from './read-write-lock.js';
export type { ReadWriteLockOptions } from './read-write-lock.js';
export { Semaphore } from './semaphore.js';
export type { PermitOptions, SemaphoreOptions } from './semaphore.js';

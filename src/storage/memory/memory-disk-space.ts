import type { DiskSpace } from '../disk-space.js';

/** The room of a disk in memory: as much as is said. */
export class MemoryDiskSpace implements DiskSpace {
  heldBytes: number;

  constructor(
    readonly reserveBytes: number,
    public freeBytes = Infinity,
  ) {
    this.heldBytes = reserveBytes;
  }

  spend(sizeBytes: number): Promise<void> {
    const spentBytes = Math.min(sizeBytes, this.heldBytes);
    this.heldBytes -= spentBytes;
    this.freeBytes += spentBytes;
    return Promise.resolve();
  }

  restore(sizeBytes: number): Promise<void> {
    if (this.freeBytes < sizeBytes) return Promise.resolve();
    this.heldBytes += sizeBytes;
    this.freeBytes -= sizeBytes;
    return Promise.resolve();
  }
}

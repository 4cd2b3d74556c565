import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';

const SIZE_BYTES = 64 * 1024 * 1024;
/** ext4's ioctl EXT4_IOC_SHUTDOWN, with "do not flush the journal": what a power failure does to a file system. */
const SHUT_DOWN = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))
`;

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** A file system of its own on a loop device, which can lose power: what was not synced is gone then. */
export class LossyVolume {
  private constructor(
    private readonly device: string,
    private readonly path: string,
  ) {}

  /** Mounted as long as the test lasts. @throws Error where this process may not do that: it takes root, and ext4 */
  static mount(path: string): LossyVolume {
    const image = `${path}.img`;
    mkdirSync(path, { recursive: true });
    writeFileSync(image, '');
    truncateSync(image, SIZE_BYTES);
    run('mkfs.ext4', '-q', image);
    const device = run('losetup', '--show', '-f', image);
    onTestFinished(() => void run('losetup', '-d', device));
    run('mount', '-t', 'ext4', device, path);
    onTestFinished(() => void run('umount', path));
    return new LossyVolume(device, path);
  }

  losePower(): void {
    run('python3', '-c', SHUT_DOWN, this.path);
  }

  /** The power is back, and nobody has files of it open any more. */
  recover(): void {
    run('umount', this.path);
    run('mount', '-t', 'ext4', this.device, this.path);
  }
}

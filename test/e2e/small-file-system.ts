import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const MIB = 1024 * 1024;

/** A directory that is a small ext4 file system of its own. */
export class SmallFileSystem {
  private constructor(readonly directory: string) {}

  /** Lasts as long as the test. @throws Error where this process may not mount one */
  static mount(directory: string, sizeMib: number): SmallFileSystem {
    const image = `${directory}.ext4`;
    mkdirSync(directory, { recursive: true });
    execFileSync('truncate', ['-s', `${sizeMib}M`, image]);
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', '-O', '^has_journal', image]);
    execFileSync('mount', ['-o', 'loop', image, directory], { stdio: 'ignore' });
    onTestFinished(() => void execFileSync('umount', ['-l', directory]));
    return new SmallFileSystem(directory);
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.directory);
    return bavail * bsize;
  }

  /** Has a stranger take all of it, at once, but for less than a MiB. */
  fill(): void {
    execFileSync('fallocate', ['-l', String(this.freeBytes - MIB / 2), this.#filler]);
  }

  /** Removes that file. */
  empty(): void {
    rmSync(this.#filler, { force: true });
  }

  get #filler(): string {
    return join(this.directory, 'filler');
  }
}

import { existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type * as promises from 'node:fs/promises';
import { dirname } from 'node:path';

type Promises = typeof promises;

/** What a crash leaves: all that was done, or of that only what was synced; names not always in their order. */
export const CRASHES = [
  'process killed',
  'unsynced contents lost',
  'unsynced contents and names lost',
  'unsynced contents and all unsynced names but the newest lost',
] as const;
export type Crash = (typeof CRASHES)[number];

/** A name that was made in a directory, and how to make it not so. */
interface MadeName {
  readonly directory: string;
  readonly undo: () => void;
}

/**
 * Stands between the storage and the real disk, counts what reaches the disk step by step, and ends the process, as it
 * were, at one of the steps: that one and all later ones fail.
 */
export class CrashingDisk {
  #steps = 0;
  #crashAt = Infinity;
  #unsynced = new Set<string>();
  #made: MadeName[] = [];

  /** Begins a life that ends before its `step`-th step, the first being 1. */
  crashAt(step: number): void {
    this.#steps = 0;
    this.#crashAt = step;
    this.#unsynced = new Set();
    this.#made = [];
  }

  get crashed(): boolean {
    return this.#steps >= this.#crashAt;
  }

  /** The end of the life: the disk is as the crash leaves it, and nothing fails any more. */
  recover(crash: Crash): void {
    if (crash !== 'process killed') {
      for (const path of this.#unsynced) if (existsSync(path)) truncateSync(path, 0);
    }
    if (crash.endsWith('but the newest lost')) this.#made.pop();
    if (crash.includes('names')) this.#made.reverse().forEach(({ undo }) => undo());
    this.crashAt(Infinity);
  }

  step(what: string): void {
    this.#steps++;
    if (this.crashed)
      throw Object.assign(new Error(`the process ended at step ${this.#steps}, ${what}`), { code: 'EIO' });
  }

  /** The functions of `node:fs/promises` by which something changes on the disk, step by step. */
  wrap(real: Promises): Partial<Promises> {
    return {
      mkdir: async (path: string, options?: object) => {
        this.step(`mkdir ${path}`);
        return real.mkdir(path, options);
      },
      open: async (path: string, flags: string, mode?: number) => {
        if (flags.includes('w')) this.step(`create ${path}`);
        const handle = await real.open(path, flags, mode);
        if (flags.includes('w')) this.#makes(path, () => rmSync(path, { force: true }));
        return this.#wrapHandle(path, handle);
      },
      link: async (from: string, to: string) => {
        this.step(`link ${to}`);
        await real.link(from, to);
        if (this.#unsynced.has(from)) this.#unsynced.add(to);
        this.#makes(to, () => rmSync(to, { force: true }));
      },
      rename: async (from: string, to: string) => {
        this.step(`rename to ${to}`);
        const former = existsSync(to) ? readFileSync(to) : undefined;
        await real.rename(from, to);
        if (this.#unsynced.delete(from)) this.#unsynced.add(to);
        this.#makes(to, () => {
          renameSync(to, from);
          if (former !== undefined) writeFileSync(to, former);
        });
      },
      rm: async (path: string, options?: object) => {
        this.step(`rm ${path}`);
        await real.rm(path, options);
      },
    } as Partial<Promises>;
  }

  #makes(path: string, undo: () => void): void {
    this.#made.push({ directory: dirname(path), undo });
  }

  #wrapHandle(path: string, handle: promises.FileHandle): promises.FileHandle {
    const synced = () => {
      this.#unsynced.delete(path);
      this.#made = this.#made.filter(({ directory }) => directory !== path);
    };
    const changed = {
      write: async (...args: Parameters<typeof handle.write>) => {
        this.step(`write ${path}`);
        return handle.write(...args);
      },
      writeFile: async (contents: string | Uint8Array) => {
        this.step(`write ${path}`);
        this.#unsynced.add(path);
        await handle.writeFile(contents);
      },
      sync: async () => {
        this.step(`sync ${path}`);
        await handle.sync();
        synced();
      },
      datasync: async () => {
        this.step(`datasync ${path}`);
        await handle.datasync();
        synced();
      },
    };
    return new Proxy(handle, {
      get(target, name) {
        if (name in changed) return changed[name as keyof typeof changed];
        const found: unknown = Reflect.get(target, name, target);
        return typeof found === 'function' ? (found.bind(target) as unknown) : found;
      },
    });
  }
}

// Full disks of real processes: each replica on a small file system of its own, which a stranger fills to the last block.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ChubbyError } from '../../src/client/index.js';
import type { Client } from '../../src/client/index.js';
import type { LocalCell, LocalReplica } from '../../src/server/local-cell.js';
import { askAdmin, clientOf, ELECTION_MS, eventually, logOf, startCell, temporaryDirectory } from './running-cell.js';
import { SmallFileSystem } from './small-file-system.js';

const SIZE_MIB = 128;
const FILE = '/ls/local/file';

/** Writes one after the other until told to end, and counts what came of them. */
class Writer {
  written = 0;
  readonly failures = new Map<string, number>();
  slowestRefusalMs = 0;
  #last = 0;
  #ended = false;
  readonly #loop: Promise<void>;

  constructor(private readonly client: Client) {
    this.#loop = this.#run();
  }

  /** The newest write that was acknowledged. */
  get last(): number {
    return this.#last;
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#loop;
  }

  async #run(): Promise<void> {
    for (let number = 1; !this.#ended; number++) {
      const beganAtMs = performance.now();
      try {
        await this.client.write(FILE, Buffer.alloc(8 * 1024, `${number} `));
        this.#last = number;
        this.written++;
      } catch (error) {
        const reason = error instanceof ChubbyError ? error.reason : String(error);
        this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
        if (reason === 'DISK_FULL') {
          this.slowestRefusalMs = Math.max(this.slowestRefusalMs, performance.now() - beganAtMs);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  }
}

async function metric(replica: LocalReplica, name: string): Promise<number> {
  const { text } = await askAdmin(replica, '/metrics');
  return Number(new RegExp(`^chubby_${name}\\{[^}]*\\} (\\d+)`, 'm').exec(text)?.[1] ?? NaN);
}

/** A cell of three, each replica on a file system of its own; nothing where this process may not mount any. */
async function cellOnSmallDisks(): Promise<{ cell: LocalCell; disks: SmallFileSystem[] } | undefined> {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  let disks: SmallFileSystem[];
  try {
    disks = [1, 2, 3].map((id) => SmallFileSystem.mount(join(directory, `replica-${id}`), SIZE_MIB));
  } catch {
    return undefined;
  }
  return { cell: await startCell({ directory, size: 3 }), disks };
}

test('full disks cost no process, no read and no acknowledged write, and all comes back with room', async ({
  skip,
}) => {
  const small = await cellOnSmallDisks();
  if (small === undefined) return skip('mounting a small file system takes root and a loop device');
  const { cell, disks } = small;
  const pids = cell.replicas.map(({ process }) => process.pid);
  const first = await cell.waitForMaster(ELECTION_MS);
  const reserved = async (): Promise<boolean> =>
    (await Promise.all(cell.replicas.map((replica) => metric(replica, 'disk_reserve_bytes')))).every(
      (heldBytes) => heldBytes === first.config.disk.reserveBytes,
    );
  await eventually('every replica has its reserve', reserved);
  const client = clientOf(cell);
  await client.write(FILE, 'first');
  const writer = new Writer(client);
  const goesOn = async (what: string): Promise<void> => {
    const before = writer.written;
    await eventually(`writes go on ${what}`, () => writer.written > before + 20);
  };

  // The master's disk: it hands over, and the others go on.
  disks[first.id - 1]!.fill();
  expect(disks[first.id - 1]!.freeBytes).toBeLessThan(1024 * 1024);
  await eventually('another is master', () => cell.master !== undefined && cell.master !== first);
  await goesOn('without the full one');
  expect(await metric(first, 'disk_short')).toBe(1);
  expect(logOf(first).join('\n')).toContain('its disk is short of space');

  // A majority: writes are refused at once, reads go on, and what frees space is done.
  const master = cell.master!;
  const second = cell.replicas.find((replica) => replica !== first && replica !== master)!;
  await client.write('/ls/local/superfluous', 'x');
  disks[second.id - 1]!.fill();
  await eventually('writes are refused', () => (writer.failures.get('DISK_FULL') ?? 0) > 20);
  const { last } = writer;
  const { contents } = await client.read(FILE);
  expect(Buffer.from(contents).toString().startsWith(`${last} `)).toBe(true);
  await client.delete('/ls/local/superfluous');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await metric(master, 'cell_disks_short')).toBe(1);
  expect(cell.master).toBe(master);

  // A restart on a full disk finds the room in its reserve.
  await second.process.kill();
  second.process.start();
  await eventually('it is back', () => second.process.state?.name === 'follower');
  pids[second.id - 1] = second.process.pid;

  for (const disk of disks) disk.empty();
  await goesOn('with room again');
  await eventually('the reserves are whole again', reserved);
  await eventually('nobody is short', async () =>
    (await Promise.all(cell.replicas.map((replica) => metric(replica, 'disk_short')))).every((short) => short === 0),
  );
  await writer.end();
  expect(cell.replicas.map(({ process }) => process.pid)).toEqual(pids);
  expect([...writer.failures.keys()]).toEqual(['DISK_FULL']);
  expect(writer.slowestRefusalMs).toBeLessThan(2_000);
  await eventually('all have applied the same', async () => {
    const { replicas } = await client.status();
    return replicas.length === 3 && new Set(replicas.map(({ applied }) => applied)).size === 1;
  });
}, 120_000);

// Power fails upon real file systems, under load: of one replica, and of all five at once. Needs root and loop devices.
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../src/client/index.js';
import { clientOf, ELECTION_MS, eventually, startCell, temporaryDirectory } from './running-cell.js';
import { LossyVolume } from './lossy-volume.js';

const FILES = 8;
const FILE_BYTES = 32 * 1024;
const OFTEN = { CHUBBYD_SNAPSHOTS_AFTER_LOG_BYTES: String(2 * 1024 * 1024), CHUBBYD_SNAPSHOTS_KEPT: '2' };

const contentsOf = (round: number): Buffer => Buffer.alloc(FILE_BYTES, `${round} `);
const roundOf = (contents: Uint8Array): number => Number.parseInt(Buffer.from(contents).toString('utf8', 0, 20), 10);

/** Writes its files in turn until it is stopped; knows which round of each was acknowledged. */
class Load {
  readonly acknowledged = new Map<string, number>();
  #stopped = false;
  readonly #done: Promise<void[]>;

  constructor(client: Client) {
    // Against a client that is closed it would go round for ever.
    onTestFinished(() => void (this.#stopped = true));
    this.#done = Promise.all(Array.from({ length: FILES }, (_, file) => this.#write(client, `/ls/local/file-${file}`)));
  }

  get rounds(): number {
    return Math.min(...this.acknowledged.values(), this.acknowledged.size === FILES ? Infinity : 0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #write(client: Client, file: string): Promise<void> {
    for (let round = 1; !this.#stopped; round++) {
      await client.write(file, contentsOf(round)).then(
        () => this.acknowledged.set(file, round),
        () => undefined,
      );
    }
  }
}

async function expectAllHeld(client: Client, { acknowledged }: Load): Promise<void> {
  for (const [file, round] of acknowledged) {
    const { contents } = await client.read(file);
    expect(roundOf(contents)).toBeGreaterThanOrEqual(round);
    expect(contentsOf(roundOf(contents)).equals(contents)).toBe(true);
  }
}

test('nothing acknowledged is lost when the power fails, of one replica and of all at once', async ({ skip }) => {
  const directory = temporaryDirectory();
  let volumes: readonly LossyVolume[];
  try {
    volumes = [1, 2, 3, 4, 5].map((id) => LossyVolume.mount(join(directory, `replica-${id}`)));
  } catch (error) {
    return skip(`no loop device can be had here: ${String(error)}`);
  }
  const cell = await startCell({ directory, environment: OFTEN });
  const master = await cell.waitForMaster(ELECTION_MS);
  const load = new Load(clientOf(cell));
  await eventually('the log was cut', () => load.rounds > 15);

  const one = cell.replicas.find((replica) => replica !== master)!;
  volumes[one.id - 1]!.losePower();
  await one.process.kill();
  volumes[one.id - 1]!.recover();
  const before = load.rounds;
  one.process.start();
  await eventually('the one is back', () => one.process.state?.name === 'follower');
  await eventually('the others went on', () => load.rounds > before + 5);

  for (const volume of volumes) volume.losePower();
  await cell.kill();
  for (const volume of volumes) volume.recover();
  cell.start();
  await cell.waitForMaster(ELECTION_MS);
  await load.stop();
  await expectAllHeld(clientOf(cell), load);
  await eventually('all take part again', () =>
    cell.replicas.every(({ process }) => ['master', 'follower'].includes(process.state?.name ?? '')),
  );
  for (const { process } of cell.replicas) expect(process.said.join()).not.toContain('damaged');
});

import { cp, rm } from 'node:fs/promises';
import { below, SeededRng } from '../../src/common/rng.js';
import type { Rng } from '../../src/common/rng.js';
import { forgotten } from './acceptor-memory.js';
import { damageOneFile } from './damage.js';
import type { Damage } from './damage.js';
import { directoryOf, DiskCell, IDS } from './disk-cell.js';
import type { DiskReplica } from './disk-replica.js';
import type { History } from './history.js';
import { Writer } from './writer.js';

/** What became of the replica. The first three are what may become of it. */
export const OUTCOMES = ['unharmed', 'joined anew', 'refused by name', 'WRONG'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface TrialResult {
  readonly damage: Damage;
  readonly outcome: Outcome;
  /** What went wrong, or what the replica said. */
  readonly words: string;
}

/** Ten seconds of silence, a transfer, and elections. */
const REJOIN_MS = 120_000;

class Wrong extends Error {}

/**
 * One damage of one file of one stopped replica, which then starts in its living cell: it comes back as itself with all
 * that it promised and accepted, or as a new incarnation, or refuses by a line that names what is damaged; the cell holds
 * all that was acknowledged, also once the one that came back is needed for it; and all states are equal.
 */
export async function tryDamage(history: History, scratch: string, seed: number): Promise<TrialResult> {
  const rng = new SeededRng(seed);
  await cp(history.directory, scratch, { recursive: true });
  const id = one(rng, IDS);
  const other = one(
    rng,
    IDS.filter((each) => each !== id),
  );
  const copies = { older: directoryOf(history.olderDirectory, id), others: directoryOf(history.directory, other) };
  const damage = damageOneFile(directoryOf(scratch, id), copies, rng);
  const cell = new DiskCell(scratch, seed);
  try {
    const outcome = await judge(cell, cell.replica(id), history);
    return { damage, outcome, words: cell.replica(id).said.join('; ') };
  } catch (error) {
    const words = error instanceof Wrong ? error.message : String(error instanceof Error ? error.stack : error);
    return { damage, outcome: 'WRONG', words: `replica ${id}: ${words}; it said: ${cell.replica(id).said.join('; ')}` };
  } finally {
    await cell.kill();
    await rm(scratch, { recursive: true });
  }
}

async function judge(cell: DiskCell, victim: DiskReplica, history: History): Promise<Outcome> {
  await cell.start([victim.id]);
  const acknowledged = new Map(history.acknowledged);
  const writer = await Writer.connect(cell, acknowledged);
  await expectAllHeld(writer);
  for (let n = 0; n < 3; n++) await writer.write('/ls/local/meanwhile', `${n}`);

  await victim.start();
  const settled = await cell.until(() => victim.ended !== undefined || cell.isBack(victim), REJOIN_MS);
  if (!settled) throw new Wrong('it neither came back nor ended');
  expectNothingForgotten(victim, history);
  await expectAllHeld(writer);
  await writer.write('/ls/local/afterwards', 'with it');
  if (victim.ended !== undefined) {
    const { line } = victim.ended;
    if (!line.includes(victim.directory)) throw new Wrong(`it refuses by a line that names no file: ${line}`);
    return 'refused by name';
  }
  await needFor(cell, victim, acknowledged);
  const { self } = victim.replica!.status();
  return self?.incarnation === history.memories.get(victim.id)!.self.incarnation ? 'unharmed' : 'joined anew';
}

/** With two others away nothing is chosen without it. */
async function needFor(cell: DiskCell, victim: DiskReplica, acknowledged: Map<string, string>): Promise<void> {
  const others = cell.replicas.filter((replica) => replica !== victim);
  await Promise.all([others[0]!.kill(), others[2]!.kill()]);
  const writer = await Writer.connect(cell, acknowledged);
  await expectAllHeld(writer);
  await writer.write('/ls/local/needed', 'by it');
  const running = cell.replicas.filter(({ runs }) => runs);
  if (!(await cell.until(() => running.every((replica) => cell.isBack(replica)), REJOIN_MS))) {
    throw new Wrong('the states of the replicas are not equal in the end');
  }
}

function expectNothingForgotten(victim: DiskReplica, { memories }: History): void {
  const known = memories.get(victim.id)!;
  for (const found of victim.memories) {
    const lost = found.self.incarnation === known.self.incarnation ? forgotten(known, found) : undefined;
    if (lost !== undefined) throw new Wrong(`it votes as before, but ${lost}`);
  }
}

async function expectAllHeld(writer: Writer): Promise<void> {
  const wrong = await writer.wrongFile();
  if (wrong !== undefined) throw new Wrong(wrong);
}

const one = <Item>(rng: Rng, items: readonly Item[]): Item => items[below(rng, items.length)]!;

import type { Cell } from '../chubby/cell.js';
import type { Draft } from '../chubby/draft.js';
import { genesis, putSecrets } from '../chubby/genesis.js';
import { decodeCellFacts } from '../chubby/records/cell-facts.js';
import type { CellSecrets } from '../chubby/genesis.js';
import type { CellFacts } from '../chubby/records/cell-facts.js';
import { CELL_FACTS_KEY } from '../chubby/records/keys.js';
import { CELL_SECRET_BYTES } from '../chubby/records/secret.js';
import type { Rng } from '../common/rng.js';

/** This replica was told that it belongs to another cell than the one whose log it keeps. Ends the process. */
export class WrongCell extends Error {
  override readonly name = 'WrongCell';
}

/** What the cell's first value says; nothing before it is applied. */
export function factsOf(cell: Cell): CellFacts | undefined {
  const stored = cell.applied.get(CELL_FACTS_KEY);
  return stored && decodeCellFacts(stored);
}

/** @throws WrongCell when the database is another cell's */
export function assertSameCell(facts: CellFacts, cellName: string, cellId: string): void {
  if (facts.name === cellName && facts.cellId === cellId) return;
  throw new WrongCell(
    `the database is of cell "${facts.name}" (${facts.cellId}), the configuration says "${cellName}" (${cellId}): ` +
      `correct the cell's name or the data directory`,
  );
}

/** Draws the cell's secrets and writes its first value. */
export function giveBirth(draft: Draft, facts: CellFacts, rng: Rng): void {
  genesis(draft, { facts, ...drawnSecrets(rng) });
}

/** Draws the secrets of a cell that was restored: its first value. */
export const giveSecrets = (draft: Draft, rng: Rng): void => putSecrets(draft, drawnSecrets(rng));

const drawnSecrets = (rng: Rng): CellSecrets => ({
  handleSecret: rng.bytes(CELL_SECRET_BYTES),
  signingSeed: rng.bytes(CELL_SECRET_BYTES),
});

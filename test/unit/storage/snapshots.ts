import type { Slot } from '../../../src/paxos/ballot.js';
import type { CellId } from '../../../src/storage/identity-store.js';
import { SnapshotEncoder } from '../../../src/storage/snapshot-blocks.js';
import type { SnapshotHandle, SnapshotStore } from '../../../src/storage/snapshot-store.js';

export const handleOf = (slot: number): SnapshotHandle => ({
  cellId: 'c0ffee00'.repeat(4) as CellId,
  slot: slot as Slot,
  digest: 'd1'.repeat(16),
  entryCount: 3,
  stateBytes: 12,
});

export const chunksOf = (...texts: readonly string[]): Uint8Array[] => texts.map((text) => Buffer.from(text));

/** Its chunks as text. */
export async function readAll(store: SnapshotStore, slot: number): Promise<string[]> {
  const { chunks } = await store.open(slot as Slot);
  const texts: string[] = [];
  for await (const chunk of chunks) texts.push(Buffer.from(chunk).toString());
  return texts;
}

/** The whole snapshot as it is stored. */
export async function bytesOf(store: SnapshotStore, slot: number, pieceBytes = 10): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; ; offset += pieceBytes) {
    const piece = await store.piece(slot as Slot, offset, pieceBytes);
    if (piece === undefined) return Buffer.concat(pieces);
    pieces.push(piece.bytes);
  }
}

/** A snapshot as a peer sends it. */
export function encoded(slot: number, ...texts: readonly string[]): Buffer {
  const encoder = new SnapshotEncoder();
  const blocks = [encoder.header(handleOf(slot)), ...chunksOf(...texts).map((chunk) => encoder.chunk(chunk))];
  return Buffer.concat([...blocks, encoder.end()]);
}

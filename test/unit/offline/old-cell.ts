import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRng } from '../../../src/common/rng.js';
import { FaultTolerantDb } from '../../../src/db/fault-tolerant-db.js';
import { stateChunks } from '../../../src/db/state-chunks.js';
import type { AcceptedRecord } from '../../../src/paxos/accepted-record.js';
import type { Ballot, Identity, ReplicaId, Slot } from '../../../src/paxos/ballot.js';
import { encodeConfiguration } from '../../../src/paxos/configuration.js';
import { encodeValue } from '../../../src/paxos/value.js';
import type { Value, ValueHeader } from '../../../src/paxos/value.js';
import type { CellId } from '../../../src/storage/identity-store.js';
import { FileSnapshotStore } from '../../../src/storage/level/file-snapshot-store.js';
import { FileIdentityStore } from '../../../src/storage/level/identity-file.js';
import { LevelReplayLog } from '../../../src/storage/level/level-replay-log.js';
import { newIdentity } from '../../../src/storage/new-identity.js';
import { byName, CELL_ID, TestCell } from '../service/test-cell.js';

interface LogValue {
  readonly header: ValueHeader;
  readonly body: Uint8Array;
}

/** What a replica's directory is to hold. */
export interface Left {
  /** Known to be chosen; the slots up to it are there as the cell had them. */
  readonly chosenUpTo: number;
  /** What was accepted above, at a ballot of this round. */
  readonly accepted?: readonly { readonly slot: number; readonly round: number; readonly value: Value }[];
  /** Of the state after these slots. */
  readonly snapshots?: readonly number[];
  /** The log below is gone. */
  readonly firstSlot?: number;
  readonly cellId?: string;
}

/** A cell that wrote one file again and again, a minute apart, and of which directories are left. */
export class OldCell {
  readonly cell = TestCell.reigning();
  readonly founders: readonly Identity[];
  readonly directory = mkdtempSync(join(tmpdir(), 'chubby-old-cell-'));
  /** The wall clock of each slot's value. */
  readonly wallMs: number[] = [];
  readonly #session = this.cell.session();
  #made = 0;

  constructor(size = 5) {
    this.founders = Array.from(
      { length: size },
      (_, index) => newIdentity((index + 1) as ReplicaId, new SeededRng(index + 1)).self,
    );
  }

  /** @returns the slot of the value that wrote it */
  write(contents: string): number {
    const { clock } = this.cell;
    // Only the wall clock: sessions live on.
    clock.setWall(clock.wallMs() + 60_000);
    this.#session.do('setContents', { ...byName('/ls/test/file'), contents: Buffer.from(contents), create: true });
    this.wallMs[this.slots] = clock.wallMs();
    return this.slots;
  }

  /** Another master reigns. */
  failOver(round: number): void {
    this.cell.log.endReign();
    this.cell.log.beginReign(round);
    this.cell.log.run();
  }

  /** The voters are others from here on. @returns the slot of the value that says so */
  configure(voters: readonly Identity[]): number {
    const { header } = this.cell.log.chosen.at(-1)!;
    this.cell.log.choose({
      header: { ...header, kind: 'configuration', orderInEpoch: header.orderInEpoch + 1 },
      body: encodeConfiguration({ number: ++this.#made, voters, learners: [] }),
    });
    return this.slots;
  }

  get slots(): number {
    return this.cell.log.chosen.length;
  }

  valueOf(slot: number): Value {
    const { header, body } = this.#at(slot);
    return encodeValue(header, body);
  }

  /** The values from one slot to another as they were accepted at a ballot of this round. */
  accepted(from: number, upTo: number, round = 1): NonNullable<Left['accepted']> {
    return Array.from({ length: upTo - from + 1 }, (_, index) => ({
      slot: from + index,
      round,
      value: this.valueOf(from + index),
    }));
  }

  stateAfter(slot: number): FaultTolerantDb {
    const state = new FaultTolerantDb();
    for (let each = 1; each <= slot; each++) {
      const { header, body } = this.#at(each);
      if (header.kind === 'noop') state.skip(each);
      else state.apply(each, header, body);
    }
    return state;
  }

  /** @returns the directory */
  async leave(replicaId: number, left: Left): Promise<string> {
    const { chosenUpTo, accepted = [], snapshots = [], firstSlot = 1 } = left;
    const directory = join(this.directory, `replica-${replicaId}`);
    const self = this.founders[replicaId - 1]!;
    const cellId = (left.cellId ?? CELL_ID) as CellId;
    const { offeredCellId } = newIdentity(self.replicaId, new SeededRng(replicaId));
    const { founders } = this;
    mkdirSync(directory, { recursive: true });
    await new FileIdentityStore(directory).create({
      ...{ state: 'member', self, offeredCellId, cellId, founders, longestLeaseMs: 600 },
    });
    const log = await LevelReplayLog.create(join(directory, 'log'), self);
    await log.recover();
    const records: AcceptedRecord[] = [...this.accepted(1, chosenUpTo), ...accepted].map(({ slot, round, value }) => ({
      slot: slot as Slot,
      ballot: this.ballot(round),
      value,
    }));
    await log.append({ accepted: records, chosenUpTo: chosenUpTo as Slot });
    await log.append({ accepted: [], firstSlot: firstSlot as Slot });
    await log.close();
    for (const slot of snapshots) await this.snapshot(directory, slot, this.stateAfter(slot), cellId);
    return directory;
  }

  /** Puts a state into a directory as the snapshot of a slot. */
  async snapshot(directory: string, slot: number, state: FaultTolerantDb, cellId = CELL_ID as CellId): Promise<void> {
    const store = await FileSnapshotStore.open(join(directory, 'snapshots'));
    const { digest, entryCount, sizeBytes: stateBytes } = state;
    await store.write({ cellId, slot: slot as Slot, digest, entryCount, stateBytes }, stateChunks(state, 64 * 1024));
  }

  ballot(round: number): Ballot {
    return { round, ...this.founders[0]! };
  }

  #at(slot: number): LogValue {
    return this.cell.log.chosen[slot - 1]!;
  }
}

import type { AcceptedRecord } from '../paxos/accepted-record.js';
import { assert } from '../common/assert.js';
import { nextSlot } from '../paxos/ballot.js';
import type { Slot } from '../paxos/ballot.js';
import { decodeConfiguration } from '../paxos/configuration.js';
import type { Configuration } from '../paxos/configuration.js';
import { EpochJudge } from '../paxos/epoch-judge.js';
import type { PlantedBugs } from '../paxos/planted-bugs.js';
import { decodeValue } from '../paxos/value.js';
import type { CellId } from '../storage/identity-store.js';
import { afterTurn } from '../storage/log-state.js';
import type { RecoveredLog, ReplayLog } from '../storage/replay-log.js';
import { DamagedSnapshot } from '../storage/snapshot-store.js';
import type { SnapshotStore } from '../storage/snapshot-store.js';
import { loadSnapshot } from './load-snapshot.js';
import type { LoadedState, StateMachine } from './ports.js';

const CHUNK_BYTES = 4 * 1024 * 1024;

export interface ReplayedLog {
  /** What the log knows now: the state may have been ahead of what it said. */
  readonly recovered: RecoveredLog;
  readonly judge: EpochJudge;
  readonly configuration: Configuration;
  /** What the disk knows above the chosen watermark. */
  readonly accepted: readonly AcceptedRecord[];
}

/** What a replay reads from, and into. */
export interface ReplayPorts<Machine extends StateMachine = StateMachine> {
  readonly log: ReplayLog;
  readonly store: SnapshotStore;
  readonly cellId: CellId;
  readonly birthConfiguration: Configuration;
  readonly stateMachine: Machine;
  /** Told of each snapshot that was passed over. */
  readonly damaged: (error: DamagedSnapshot) => void;
  readonly bugs: PlantedBugs;
}

/**
 * Brings the state machine up to the chosen watermark on disk: the newest sound snapshot, and from there on the log, by
 * the same judge that serves later.
 *
 * @returns nothing where the log begins above every sound snapshot: the state has to come from a peer
 */
export async function replay(ports: ReplayPorts, found: RecoveredLog): Promise<ReplayedLog | undefined> {
  const { log, birthConfiguration, stateMachine, bugs } = ports;
  const loaded = await newestSound(ports, found.firstSlot);
  if (loaded === undefined && found.firstSlot > 1) return undefined;
  loaded?.install();
  const recovered = await coverState(log, found, loaded?.slot ?? found.chosenUpTo);
  const judge = new EpochJudge(loaded?.pairInForce, bugs);
  let configuration = birthConfiguration;
  if (loaded?.configuration !== undefined) configuration = decodeConfiguration(loaded.configuration);
  let slot = loaded === undefined ? recovered.firstSlot : nextSlot(loaded.slot);
  while (slot <= recovered.chosenUpTo) {
    const records = await log.read(slot, recovered.chosenUpTo, CHUNK_BYTES);
    for (const record of records) {
      assert(record.slot === slot, () => `chosen slot ${slot} is in the log`);
      const { header, body } = decodeValue(record.value);
      if (judge.judge(header)) {
        if (header.kind === 'configuration') configuration = decodeConfiguration(body);
        stateMachine.apply(slot, header, body);
      } else {
        stateMachine.skip(slot);
      }
      slot = nextSlot(slot);
    }
    assert(records.length > 0, () => `chosen slot ${slot} is in the log`);
  }
  return { recovered, judge, configuration, accepted: await readAccepted(log, slot, recovered.lastSlot) };
}

/** The newest snapshot that is sound, and from which the log goes on. */
async function newestSound(ports: ReplayPorts, firstSlot: Slot): Promise<LoadedState | undefined> {
  const { store, cellId, stateMachine, damaged } = ports;
  for (const slot of await store.list()) {
    if (nextSlot(slot) < firstSlot) return undefined;
    try {
      return await loadSnapshot(store, slot, cellId, stateMachine);
    } catch (error) {
      if (!(error instanceof DamagedSnapshot)) throw error;
      damaged(error);
      await store.remove(slot);
    }
  }
  return undefined;
}

/** A snapshot may be of a slot that the log did not know to be chosen yet, when it was written: then it goes on there. */
async function coverState(log: ReplayLog, found: RecoveredLog, slot: Slot): Promise<RecoveredLog> {
  if (slot <= found.chosenUpTo) return found;
  const turn = { accepted: [], chosenUpTo: slot, firstSlot: nextSlot(slot) };
  await log.append(turn);
  return afterTurn(found, turn);
}

async function readAccepted(log: ReplayLog, from: Slot, last: Slot): Promise<AcceptedRecord[]> {
  const accepted: AcceptedRecord[] = [];
  let slot = from;
  while (slot <= last) {
    const records = await log.read(slot, last, CHUNK_BYTES);
    const newest = records.at(-1);
    if (newest === undefined) break;
    accepted.push(...records);
    slot = nextSlot(newest.slot);
  }
  return accepted;
}

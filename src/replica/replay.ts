import type { AcceptedRecord } from '../paxos/accepted-record.js';
import { assert } from '../common/assert.js';
import { nextSlot } from '../paxos/ballot.js';
import type { Slot } from '../paxos/ballot.js';
import { decodeConfiguration } from '../paxos/configuration.js';
import type { Configuration } from '../paxos/configuration.js';
import { EpochJudge } from '../paxos/epoch-judge.js';
import type { PlantedBugs } from '../paxos/planted-bugs.js';
import { decodeValue } from '../paxos/value.js';
import type { RecoveredLog, ReplayLog } from '../storage/replay-log.js';
import type { StateMachine } from './ports.js';

const CHUNK_BYTES = 4 * 1024 * 1024;

export interface ReplayedLog {
  readonly judge: EpochJudge;
  readonly configuration: Configuration;
  /** What the disk knows above the chosen watermark. */
  readonly accepted: readonly AcceptedRecord[];
}

/** Brings the state machine up to the chosen watermark of the log on disk, by the same judge that serves later. */
export async function replay(
  log: ReplayLog,
  recovered: RecoveredLog,
  birthConfiguration: Configuration,
  stateMachine: StateMachine,
  bugs: PlantedBugs,
): Promise<ReplayedLog> {
  const judge = new EpochJudge(undefined, bugs);
  let configuration = birthConfiguration;
  let slot = recovered.firstSlot;
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
  return { judge, configuration, accepted: await readAccepted(log, slot, recovered.lastSlot) };
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

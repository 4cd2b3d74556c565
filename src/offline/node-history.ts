import { cellNameOf } from '../chubby/restored-state.js';
import { parseName } from '../chubby/names.js';
import { callNameOf } from '../chubby/records/call-code.js';
import { nodeKey } from '../chubby/records/keys.js';
import { decodeNode } from '../chubby/records/node.js';
import type { NodeRecord } from '../chubby/records/node.js';
import { Refusal } from '../chubby/refusal.js';
import { decodeBatch } from '../db/batch.js';
import type { BatchEntry } from '../db/batch.js';
import type { Key } from '../db/key.js';
import { nextSlot } from '../paxos/ballot.js';
import type { Slot } from '../paxos/ballot.js';
import { EpochJudge } from '../paxos/epoch-judge.js';
import type { PairInForce } from '../paxos/epoch-judge.js';
import { decodeValue } from '../paxos/value.js';
import { recoverState } from './recover-state.js';
import { RestoreRefused } from './restore-refused.js';
import type { StoppedReplica } from './stopped-replica.js';
import { Survivors } from './survivors.js';

/** A change of a node, and who made it. */
export interface NodeChange {
  readonly slot: number;
  /** The wall clock of the master that made the value. */
  readonly wallMs: number;
  readonly what: 'created' | 'deleted' | 'contents' | 'acl' | 'children' | 'handles';
  /** The global revision; nothing for a deletion, which leaves none behind. */
  readonly revision: number | null;
  /** The call by which it came about; nothing for one of a later program. */
  readonly call: string | null;
  /** 16 hex digits; nothing for what the master did of itself. */
  readonly sessionId: string | null;
  /** Nothing for nobody. */
  readonly principal: string | null;
}

/** What a log tells of a node. */
export interface NodeHistory {
  /** The newest first. */
  readonly changes: readonly NodeChange[];
  /** Whether earlier ones were left out. */
  readonly more: boolean;
  /** From here on the log tells; from 1 on it tells everything. */
  readonly firstSlot: number;
  readonly firstWallMs: number | null;
  readonly lastSlot: number;
}

const READ_BYTES = 4 * 1024 * 1024;
/** A name that is longer than the cell takes is of a node that nobody changed. */
const ANY_NAME = { nameBytes: Infinity, nameLevels: 0xff };

/**
 * Who changed a node, as far back as the log of a stopped replica reaches, from what each operation says of its origin.
 * Locks are not part of it: they have entries of their own. (DESIGN 4)
 *
 * @param atMost so many of the newest changes
 * @throws RestoreRefused for a name that is none, or where the log is of no use
 * @throws StorageFailure when the disk does not answer
 */
export async function nodeHistory(replica: StoppedReplica, name: string, atMost: number): Promise<NodeHistory> {
  const key = nodeKey(await pathOf(replica, name));
  const state = await replica.earliestState();
  if (replica.log === undefined || state === undefined) {
    throw new RestoreRefused(`the log of ${replica.directory} is damaged`, 'name the directory of another replica');
  }
  const { records, chosenUpTo } = replica.log;
  const judge = new EpochJudge(state.pairInForce as PairInForce | undefined);
  const stored = state.get(key);
  let before = stored && decodeNode(stored);
  const changes: NodeChange[] = [];
  let firstWallMs: number | null = null;
  let more = false;
  const firstSlot = nextSlot(state.appliedUpTo as Slot);
  for (let slot = firstSlot; slot <= chosenUpTo;) {
    for (const { value } of await records.read(slot, chosenUpTo, READ_BYTES)) {
      const { header, body } = decodeValue(value);
      const { wallMs, entries } = judge.judge(header) && header.kind === 'operations' ? decodeBatch(body) : NOTHING;
      firstWallMs ??= wallMs;
      for (const entry of entries) {
        const after = nodeAfter(entry, key);
        if (after === undefined) continue;
        changes.push({ slot, wallMs: wallMs!, ...changed(before, after), ...originOf(entry) });
        before = after ?? undefined;
        if (changes.length <= atMost) continue;
        changes.shift();
        more = true;
      }
      slot = nextSlot(slot);
    }
  }
  return { changes: changes.reverse(), more, firstSlot, firstWallMs, lastSlot: chosenUpTo };
}

const NOTHING = { wallMs: null, entries: [] };

/** The node as an operation leaves it; null where it deletes it, undefined where it leaves it alone. */
function nodeAfter({ multiOp }: BatchEntry, key: Key): NodeRecord | null | undefined {
  const last = multiOp.tOps.findLast((operation) => operation.key === key && operation.op !== 'lookup');
  if (last === undefined) return undefined;
  return last.op === 'insert' ? decodeNode(last.value) : null;
}

function changed(before: NodeRecord | undefined, after: NodeRecord | null): Pick<NodeChange, 'what' | 'revision'> {
  if (after === null) return { what: 'deleted', revision: null };
  return { what: difference(before, after), revision: after.revision };
}

function difference(before: NodeRecord | undefined, after: NodeRecord): NodeChange['what'] {
  if (before?.instanceNumber !== after.instanceNumber) return 'created';
  if (before.contentGeneration !== after.contentGeneration) return 'contents';
  if (before.aclGeneration !== after.aclGeneration) return 'acl';
  return before.revision === after.revision ? 'handles' : 'children';
}

const originOf = ({ provenance }: BatchEntry): Pick<NodeChange, 'call' | 'sessionId' | 'principal'> => ({
  call: callNameOf(provenance.call) ?? null,
  sessionId: provenance.sessionId === '' ? null : provenance.sessionId,
  principal: provenance.principal === '' ? null : provenance.principal,
});

/** By the newest state, which verifies all that is read here, too. */
async function pathOf(replica: StoppedReplica, name: string) {
  const { state } = await recoverState(await Survivors.of([replica]), {});
  const path = parseName(name, cellNameOf(state), ANY_NAME);
  if (path instanceof Refusal) throw new RestoreRefused(path.sentence, 'names begin with /ls/local/');
  return path;
}

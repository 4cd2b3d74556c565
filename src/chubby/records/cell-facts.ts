import { ByteWriter } from '../../common/bytes.js';
import { openRecord } from './format.js';

const CELL_ID_BYTES = 16;

/** Timings belong to the cell, not to a replica: set from the file at birth, changed by a command only. (DESIGN 3.5) */
export interface CellTimings {
  readonly leaseMs: number;
  readonly renewMs: number;
  readonly maxClockDrift: number;
  readonly windowSlots: number;
  readonly batchBytes: number;
  /** A session's lease where the client asks for none. */
  readonly sessionLeaseMs: number;
  /** How long a client waits for a master beyond its lease before it gives its session up. */
  readonly graceMs: number;
}

export const DEFAULT_CELL_TIMINGS: CellTimings = {
  leaseMs: 600,
  renewMs: 150,
  maxClockDrift: 0.1,
  windowSlots: 64,
  batchBytes: 1024 * 1024,
  sessionLeaseMs: 12_000,
  graceMs: 45_000,
};

/** What the cell knows of itself from its first reign on. */
export interface CellFacts {
  readonly name: string;
  /** 32 hex digits. */
  readonly cellId: string;
  /** The first master's wall clock, to show people. */
  readonly bornWallMs: number;
  readonly timings: CellTimings;
}

const FORMAT_VERSION = 1;

export function encodeCellFacts(facts: CellFacts): Uint8Array {
  const { timings } = facts;
  const out = new ByteWriter().u8(FORMAT_VERSION).text(facts.name).raw(Buffer.from(facts.cellId, 'hex'));
  out.f64(facts.bornWallMs).uint(timings.leaseMs).uint(timings.renewMs).f64(timings.maxClockDrift);
  out.uint(timings.windowSlots).uint(timings.batchBytes);
  return out.uint(timings.sessionLeaseMs).uint(timings.graceMs).take();
}

/** @throws MalformedBytes for anything that {@link encodeCellFacts} does not produce */
export function decodeCellFacts(bytes: Uint8Array): CellFacts {
  const from = openRecord('cell facts', bytes, FORMAT_VERSION);
  const name = from.text();
  const cellId = Buffer.from(from.raw(CELL_ID_BYTES)).toString('hex');
  const bornWallMs = from.f64();
  const timings = {
    leaseMs: from.uint(),
    renewMs: from.uint(),
    maxClockDrift: from.f64(),
    windowSlots: from.uint(),
    batchBytes: from.uint(),
    sessionLeaseMs: from.uint(),
    graceMs: from.uint(),
  };
  from.end();
  return { name, cellId, bornWallMs, timings };
}

import { ByteWriter } from '../../common/bytes.js';
import { openRecord } from './format.js';

const CELL_ID_BYTES = 16;

/** Timings belong to the cell, not to a replica: set from the file at its birth, and from then on what is here. (DESIGN 3.5) */
export interface CellTimings {
  readonly leaseMs: number;
  readonly renewMs: number;
  readonly maxClockDrift: number;
  readonly leaseMarginMs: number;
  readonly electionJitterMs: number;
  readonly resendMs: number;
  readonly windowSlots: number;
  /** A session's lease where the client asks for none. */
  readonly sessionLeaseMs: number;
  /** How long a client waits for a master beyond its lease before it gives its session up. */
  readonly graceMs: number;
}

export const DEFAULT_SESSION_TIMINGS = { sessionLeaseMs: 12_000, graceMs: 45_000 } as const;

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

/** In the order in which they are stored. */
const TIMINGS = [
  'leaseMs',
  'renewMs',
  'maxClockDrift',
  'leaseMarginMs',
  'electionJitterMs',
  'resendMs',
  'windowSlots',
  'sessionLeaseMs',
  'graceMs',
] as const satisfies readonly (keyof CellTimings)[];

export function encodeCellFacts(facts: CellFacts): Uint8Array {
  const { timings } = facts;
  const out = new ByteWriter().u8(FORMAT_VERSION).text(facts.name).raw(Buffer.from(facts.cellId, 'hex'));
  out.f64(facts.bornWallMs);
  for (const name of TIMINGS) out.f64(timings[name]);
  return out.take();
}

/** @throws MalformedBytes for anything that {@link encodeCellFacts} does not produce */
export function decodeCellFacts(bytes: Uint8Array): CellFacts {
  const from = openRecord('cell facts', bytes, FORMAT_VERSION);
  const name = from.text();
  const cellId = Buffer.from(from.raw(CELL_ID_BYTES)).toString('hex');
  const bornWallMs = from.f64();
  const timings = Object.fromEntries(TIMINGS.map((name) => [name, from.f64()])) as Record<keyof CellTimings, number>;
  from.end();
  return { name, cellId, bornWallMs, timings };
}

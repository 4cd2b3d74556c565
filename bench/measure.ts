import { build } from 'hdr-histogram-js';

/** What one row of the table says. */
export interface Measurement {
  readonly name: string;
  readonly inFlight: number;
  readonly operations: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Load {
  readonly name: string;
  /** How many workers wait for an answer each at any time. */
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** One operation of one worker; a rejection ends the benchmark. */
  readonly operate: (worker: number) => Promise<unknown>;
}

const nowUs = (): number => performance.now() * 1000;

/** Runs a closed loop: each worker begins its next operation when its last one is answered. */
export async function measure(load: Load): Promise<Measurement> {
  await run(load, load.warmUpMs);
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  });
  const beganUs = nowUs();
  const operations = await run(load, load.durationMs, (latencyUs) => histogram.recordValue(Math.ceil(latencyUs)));
  const seconds = (nowUs() - beganUs) / 1_000_000;
  return {
    name: load.name,
    inFlight: load.inFlight,
    operations,
    perSecond: operations / seconds,
    p50Ms: histogram.getValueAtPercentile(50) / 1000,
    p99Ms: histogram.getValueAtPercentile(99) / 1000,
  };
}

async function run(load: Load, durationMs: number, record?: (latencyUs: number) => void): Promise<number> {
  const endUs = nowUs() + durationMs * 1000;
  let operations = 0;
  const work = async (worker: number): Promise<void> => {
    for (let beganUs = nowUs(); beganUs < endUs;) {
      await load.operate(worker);
      const endedUs = nowUs();
      record?.(endedUs - beganUs);
      operations++;
      beganUs = endedUs;
    }
  };
  await Promise.all(Array.from({ length: load.inFlight }, (_, worker) => work(worker)));
  return operations;
}

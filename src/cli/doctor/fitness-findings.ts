import { finding, hindrance, named } from './diagnosis.js';
import type { Finding, Patient } from './diagnosis.js';

/** More than a busy cell chooses while the replicas answer one after the other. */
const LAGS_BY = 5_000;
/** As the master judges: what a disk may take at any rate, and what the others may be faster by. */
const UNSUSPICIOUS_MS = 50;
const TIMES_SLOWER = 5;
/** States are compared every 10,000 values. */
const UNVERIFIED_VALUES = 30_000;
const TOO_LONG_A_LOG = 2;
const MIB = 1024 * 1024;

/** What is wrong with single replicas: their disks, their state, their clocks. */
export function* fitnessFindings(patients: readonly Patient[], masterId: number | undefined): Iterable<Finding> {
  const chosen = patients.find(({ id }) => id === masterId)?.chosen ?? 0;
  const paces = patients
    .flatMap(({ health }) => (health.appendMs === null ? [] : [health.appendMs]))
    .sort((a, b) => a - b);
  for (const patient of patients) {
    yield* stateFindings(patient, chosen);
    yield* diskFindings(patient, paces);
  }
  yield* clockFindings(patients);
}

function* stateFindings(patient: Patient, masterChosen: number): Iterable<Finding> {
  const { id, health } = patient;
  const about = { replicas: [id] };
  const chosen = patient.chosen ?? 0;
  const behind = Math.max(masterChosen - chosen, chosen - (patient.applied ?? 0));
  if (behind > LAGS_BY) {
    const text = `replica ${id} lags: it has to catch up ${behind} values`;
    yield finding({
      kind: 'lags',
      ...about,
      text,
      remedy: 'wait; if that number does not fall, look at its disk and network',
    });
  }
  if (health.disputed) {
    const text = `replica ${id} finds no majority with the same state: nothing is written until there is one`;
    yield finding({
      kind: 'disputed',
      ...about,
      text,
      remedy: 'restart one replica after the other; test their memory',
    });
  }
  const unverified = chosen - health.verifiedSlot;
  if (health.verifiedSlot > 0 && unverified > UNVERIFIED_VALUES) {
    const text = `the state of replica ${id} was last compared with the others' ${unverified} values ago`;
    yield finding({
      kind: 'unverified',
      ...about,
      text,
      remedy: 'see its log; chubby verify checks its files while it is stopped',
    });
  }
  if (health.logValues > TOO_LONG_A_LOG * health.logValuesUsual) {
    const text = `replica ${id} has ${health.logValues} values in its log and takes no snapshot`;
    yield finding({
      kind: 'no-snapshot',
      ...about,
      text,
      remedy: 'see its log; most often its disk has no room for one',
    });
  }
  for (const directory of health.setAside) {
    const text = `replica ${id} had a damaged data directory, which is now ${directory}`;
    yield finding({ kind: 'damaged', ...about, text, remedy: 'look after its disk, then remove that directory' });
  }
}

function* diskFindings({ id, health }: Patient, paces: readonly number[]): Iterable<Finding> {
  const about = { replicas: [id] };
  if (health.space !== 'ample') {
    const text = `the disk of replica ${id} is short of space (${Math.round(health.freeBytes / MIB)} MiB free)`;
    yield hindrance({ kind: 'space', ...about, text, remedy: 'free some: until then it takes no writes of clients' });
  }
  const { appendMs } = health;
  const usualMs = paces[Math.floor((paces.length - 1) / 2)] ?? 0;
  if (appendMs !== null && appendMs > UNSUSPICIOUS_MS && (paces.length < 2 || appendMs > TIMES_SLOWER * usualMs)) {
    const text = `the disk of replica ${id} takes ${Math.round(appendMs)} ms for a write, that of the others ${Math.round(usualMs)} ms`;
    yield finding({ kind: 'slow-disk', ...about, text, remedy: 'see what else uses that disk, or replace it' });
  }
}

/** Of two clocks that differ, the wrong one is that which differs from most others. */
function* clockFindings(patients: readonly Patient[]): Iterable<Finding> {
  let pairs = patients.flatMap(({ id: by, health: { peers, timings } }) =>
    peers
      .filter(
        ({ clockDrift }) => clockDrift !== null && Math.abs(clockDrift) > Number(timings['maxClockDrift'] ?? Infinity),
      )
      .map(({ id, clockDrift }) => ({ ids: [by, id], drift: Math.abs(clockDrift ?? 0) })),
  );
  while (pairs.length > 0) {
    const involved = new Map<number, number>();
    for (const id of pairs.flatMap(({ ids }) => ids)) involved.set(id, (involved.get(id) ?? 0) + 1);
    const [worst] = [...involved].sort(([a, ofA], [b, ofB]) => ofB - ofA || a - b)[0]!;
    const drift = Math.max(...pairs.filter(({ ids }) => ids.includes(worst)).map((pair) => pair.drift));
    pairs = pairs.filter(({ ids }) => !ids.includes(worst));
    yield finding({
      kind: 'clock',
      replicas: [worst],
      text: `the clock of ${named([worst])} runs at a rate that differs from others by ${(drift * 100).toFixed(1)} %: leases are not safe`,
      remedy: 'stop that replica, and repair the clock of its machine',
    });
  }
}

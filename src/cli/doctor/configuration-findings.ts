import { finding, grouped, named, note } from './diagnosis.js';
import type { Finding, Patient } from './diagnosis.js';

/** What the configurations of the replicas do not agree on, or agree on and should not. ([PML] 5: a misspelt member) */
export function* configurationFindings(patients: readonly Patient[]): Iterable<Finding> {
  yield* addressFindings(patients, 'peerAddress');
  yield* addressFindings(patients, 'clientAddress');
  yield* memberFindings(patients);
  yield* timingFindings(patients);
  yield* versionFindings(patients);
  yield* placeFindings(patients);
}

function* addressFindings(patients: readonly Patient[], key: 'peerAddress' | 'clientAddress'): Iterable<Finding> {
  const told = patients.flatMap(({ id: by, health }) =>
    health.peers.map((peer) => ({ by, of: peer.id, at: peer[key] })),
  );
  for (const [of, entries] of grouped(told, (entry) => entry.of)) {
    const byAddress = grouped(entries, ({ at }) => at.toLowerCase());
    if (byAddress.size < 2) continue;
    const versions = [...byAddress].sort(([, a], [, b]) => b.length - a.length);
    const shown = versions.map(([at, group]) => `${at} by that of ${named(group.map(({ by }) => by))}`).join(', ');
    yield finding({
      kind: 'address',
      replicas: [of],
      text: `${key} of replica ${of} differs between the configurations: ${shown}`,
      remedy: 'one is misspelt: write the right one into all, and restart the replicas that had it wrong',
    });
  }
}

function* memberFindings(patients: readonly Patient[]): Iterable<Finding> {
  const lists = grouped(patients, ({ health }) => health.peers.map(({ id }) => id).join(', '));
  if (lists.size < 2) return;
  const shown = [...lists].map(([ids, group]) => `${ids} by ${named(group.map(({ id }) => id))}`).join('; ');
  yield finding({
    kind: 'members',
    replicas: [],
    text: `the configurations list different replicas: ${shown}`,
    remedy: 'give all replicas the same list',
  });
}

function* timingFindings(patients: readonly Patient[]): Iterable<Finding> {
  const differing = patients.flatMap(({ id, health: { timings, configuredTimings } }) =>
    Object.entries(timings)
      .filter(([name, inForce]) => configuredTimings[name] !== inForce)
      .map(([name, inForce]) => ({
        id,
        said: `${name} is ${configuredTimings[name] ?? 'absent'}, and ${inForce} in force`,
      })),
  );
  for (const [said, group] of grouped(differing, (each) => each.said)) {
    const ids = group.map(({ id }) => id);
    yield finding({
      kind: 'timings',
      replicas: ids,
      text: `in the configuration of ${named(ids)} ${said}`,
      remedy: 'write there what is in force: timings of a cell are what it was born with',
    });
  }
}

function* versionFindings(patients: readonly Patient[]): Iterable<Finding> {
  const versions = grouped(patients, ({ version }) => version);
  if (versions.size < 2) return;
  const shown = [...versions].map(([version, group]) => `${version} on ${named(group.map(({ id }) => id))}`).join(', ');
  yield finding({
    kind: 'versions',
    replicas: [],
    text: `the replicas run different versions: ${shown}`,
    remedy: 'finish the upgrade',
  });
}

/** A cell that is on one machine as a whole is there for trying out, and whoever began it knows. */
function* placeFindings(patients: readonly Patient[]): Iterable<Finding> {
  const known = patients.filter(({ health }) => health.machine !== '');
  for (const group of grouped(known, ({ health }) => health.machine).values()) {
    if (group.length < 2) continue;
    const ids = group.map(({ id }) => id);
    const what = grouped(group, ({ health }) => health.disk).size === 1 ? 'one machine and one disk' : 'one machine';
    const tell = group.length === patients.length ? note : finding;
    yield tell({
      kind: 'shared',
      replicas: ids,
      text: `${named(ids)} are on ${what}: its failure is the failure of all of them`,
      remedy: 'give each replica a machine of its own',
    });
  }
}

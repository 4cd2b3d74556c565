import { expect, test } from 'vitest';
import type { Slot } from '../../../src/paxos/ballot.js';
import { NO_BALLOT } from '../../../src/paxos/ballot.js';
import type { ReplicaStatus } from '../../../src/replica/replica.js';
import { Metrics } from '../../../src/server/metrics.js';
import { NO_LOAD } from '../../../src/service/master-load.js';
import type { ReplicaState } from '../../../src/server/replica-state.js';

test('the page shows what is true when it is asked for', async () => {
  let state: ReplicaState = { name: 'starting' };
  let node: ReplicaStatus['node'] = undefined;
  let frames = 3;
  const metrics = new Metrics('test', 2);
  metrics.addReplica(
    () => state,
    () => ({ self: undefined, cellId: undefined, node, waitingFor: [], firstSlot: 1 as Slot }),
  );
  let load = NO_LOAD;
  metrics.addMaster(() => load);
  metrics.addCounters({ frames_total: { help: 'Frames', read: () => frames } });
  const labels = 'cell="test",replica="2"';

  expect((await metrics.page()).text).toContain(`chubby_chosen_slot{${labels}} 0\n`);

  state = { name: 'master' };
  node = {
    role: 'master',
    promised: { ...NO_BALLOT, round: 7 },
    lastRound: 7,
    chosenUpTo: 41 as Slot,
    highestKnown: 44 as Slot,
    master: undefined,
    configuration: { number: 0, voters: [], learners: [] },
    inFlight: 3,
    members: [],
    pace: undefined,
    stoodBecause: '',
  };
  load = { ...NO_LOAD, sessions: 7_000, stretchedLeaseMs: 16_000, eventBytes: 12 };
  frames = 5;
  metrics.appended(0.3);
  metrics.appended(40);
  const { contentType, text } = await metrics.page();
  expect(contentType).toMatch(/^text\/plain/);
  for (const line of [
    `chubby_replica_state{state="master",${labels}} 1`,
    `chubby_replica_state{state="starting",${labels}} 0`,
    `chubby_chosen_slot{${labels}} 41`,
    `chubby_known_slot{${labels}} 44`,
    `chubby_in_flight_values{${labels}} 3`,
    `chubby_promised_round{${labels}} 7`,
    `chubby_sessions{${labels}} 7000`,
    `chubby_stretched_lease_seconds{${labels}} 16`,
    `chubby_event_bytes{${labels}} 12`,
    `chubby_waiting_acquires{${labels}} 0`,
    `chubby_frames_total{${labels}} 5`,
    `chubby_limit{where="cell",limit="contentsBytes",${labels}} 262144`,
    `chubby_log_append_seconds_count{${labels}} 2`,
    `chubby_log_append_seconds_bucket{le="0.0005",${labels}} 1`,
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

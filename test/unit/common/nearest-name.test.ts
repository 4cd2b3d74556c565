import { expect, test } from 'vitest';
import { nearestName } from '../../../src/common/nearest-name.js';

const KNOWN = ['cell', 'replicaId', 'replicas', 'dataDir'];

test.each([
  ['cel', 'cell'],
  ['datadir', 'dataDir'],
  ['dtaaDir', 'dataDir'],
  ['replica_id', 'replicaId'],
  ['replica', 'replicas'],
  ['colour', undefined],
  ['x', undefined],
  ['', undefined],
  ['cell'.repeat(1000), undefined],
])('%j is close to %j', (word, expected) => {
  expect(nearestName(word, KNOWN)).toBe(expected);
});

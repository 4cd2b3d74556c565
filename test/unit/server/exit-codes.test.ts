import { expect, test } from 'vitest';
import { InvariantViolation } from '../../../src/common/assert.js';
import { LostDisk } from '../../../src/replica/birth.js';
import { StateDiverged } from '../../../src/replica/state-diverged.js';
import { AddressRefused } from '../../../src/server/address-refused.js';
import { ConfigError } from '../../../src/config/config-problem.js';
import { EXIT, exitCodeFor, worthRestarting } from '../../../src/server/exit-codes.js';
import { DamagedLog } from '../../../src/storage/replay-log.js';
import { StorageFailure } from '../../../src/storage/storage-failure.js';
import { WrongCell } from '../../../src/service/cell-birth.js';
import { UnusableDirectory } from '../../../src/storage/level/unusable-directory.js';

test.each([
  [new ConfigError([]), EXIT.configuration, false],
  [new WrongCell('another'), EXIT.configuration, false],
  [new AddressRefused('clients', 'host:1', new Error('taken')), EXIT.taken, true],
  [new UnusableDirectory('in-use', 'taken'), EXIT.taken, true],
  [new UnusableDirectory('other-replica', 'not mine'), EXIT.directory, false],
  [new DamagedLog('torn'), EXIT.broken, true],
  [new LostDisk('empty'), EXIT.directory, false],
  [new StorageFailure('cannot write', new Error('EIO')), EXIT.storage, true],
  [new StateDiverged('has another state'), EXIT.diverged, true],
  [new InvariantViolation('a slot is chosen once'), EXIT.broken, true],
  ['thrown text', EXIT.broken, true],
])('%s ends with %d; starting again: %s', (error, code, again) => {
  expect(exitCodeFor(error)).toBe(code);
  expect(worthRestarting(code)).toBe(again);
});

test('a replica that was killed may be started again', () => {
  expect(worthRestarting(null)).toBe(true);
});

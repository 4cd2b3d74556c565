import fc from 'fast-check';
import { OPEN_TO_ALL } from '../../../src/chubby/records/acl-names.js';
import type { AclNames } from '../../../src/chubby/records/acl-names.js';
import type { SessionId } from '../../../src/chubby/records/ids.js';
import type { NodePath } from '../../../src/chubby/records/node-path.js';
import type { Stat } from '../../../src/chubby/records/stat.js';

export const counters = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: Number.MAX_SAFE_INTEGER }));
export const bytes = (size: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength: size, maxLength: size }).map((array) => Buffer.from(array));
export const latin1 = (maxSize: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength: maxSize }).map((array) => Buffer.from(array).toString('latin1'));
export const sessionIds = bytes(8).map((id) => id.toString('latin1') as SessionId);
export const paths = latin1(40).map((path) => path as NodePath);
export const times = fc.double({ min: 0, max: 1e14, noNaN: true });

export const aclNames: fc.Arbitrary<AclNames> = fc.oneof(
  fc.constant(OPEN_TO_ALL),
  fc.record({ read: fc.string(), write: fc.string({ unit: 'grapheme' }), changeAcl: fc.string() }),
);

const common = {
  ephemeral: fc.boolean(),
  instanceNumber: counters,
  lockGeneration: counters,
  aclGeneration: counters,
  acl: aclNames,
  revision: counters,
};

export const stats: fc.Arbitrary<Stat> = fc.oneof(
  fc.record({
    ...common,
    kind: fc.constant('file'),
    contentGeneration: counters,
    contentChecksum: bytes(8),
    lengthBytes: counters,
    childCount: fc.constant(0),
  }),
  fc.record({
    ...common,
    kind: fc.constant('directory'),
    contentGeneration: fc.constant(0),
    contentChecksum: fc.constant(Buffer.alloc(0)),
    lengthBytes: fc.constant(0),
    childCount: counters,
  }),
);

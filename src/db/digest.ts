import { hexOfLanes, newLanes } from '../common/hash128.js';
import type { Lanes } from '../common/hash128.js';
import { Entry } from './entry.js';
import type { KeyValue } from './read-view.js';

/**
 * The digest of a set of entries, as 32 hex digits: the sum of their hashes, so that it can follow every change and
 * their order does not matter. Replicas compare it, snapshots carry it. (DESIGN 4)
 */
export type Digest = string & { readonly __brand: 'Digest' };

export const digestOfSum = (sum: Lanes): Digest => hexOfLanes(sum) as Digest;

/** The digest computed anew from the entries' bytes: what a rolling digest must agree with. */
export function digestOf(entries: Iterable<KeyValue>): Digest {
  const sum = newLanes();
  for (const { key, value } of entries) new Entry(key, value).addTo(sum);
  return digestOfSum(sum);
}

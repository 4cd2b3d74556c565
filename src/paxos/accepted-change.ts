import { decodeConfiguration } from './configuration.js';
import type { NodeParts } from './node-parts.js';
import { decodeValue } from './value.js';

/**
 * Whether this voter refuses a candidate because it accepted a change that the candidate does not know. Nobody may: a
 * change that is merely accepted may never be chosen, and then voters that believe in it lock out all others. So this is
 * true of the planted bug alone. (DESIGN 3.8; T5)
 */
export function believesAcceptedChange(
  { acceptor, learner, bugs }: Pick<NodeParts, 'acceptor' | 'learner' | 'bugs'>,
  candidatesNumber: number,
): boolean {
  if (bugs.acceptedChangeRefuses !== true) return false;
  return acceptor.above(learner.chosenUpTo).some(({ value }) => {
    const { header, body } = decodeValue(value);
    return header.kind === 'configuration' && decodeConfiguration(body).number > candidatesNumber;
  });
}

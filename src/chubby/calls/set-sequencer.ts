import type { CallContext } from '../call-context.js';
import { fullProblem } from '../database-bound.js';
import { creatorCame } from '../ephemeral.js';
import type { Handle, LockClaim } from '../handle.js';
import { Refusal } from '../refusal.js';
import { firstStaleness } from '../stale-claim.js';
import { instanceOf } from '../target.js';
import type { Opener } from './open.js';

/**
 * A new handle on the node of the given one, which is good only as long as all claims are true: those of the sequencer,
 * and those that the given one rests on already. It wants no events; the given one, which stays as it is, has them.
 * ([CH] 2.6, DESIGN 5)
 *
 * @param claims of a genuine sequencer
 * @returns STALE_SEQUENCER where one of them is no longer true
 */
export function setSequencer(
  context: CallContext,
  { number: handleId, epoch }: Opener,
  given: Handle,
  claims: readonly LockClaim[],
): Handle | Refusal {
  const full = fullProblem(context);
  if (full !== undefined) return full;
  const node = instanceOf(context.draft, given);
  if (node instanceof Refusal) return node;
  const stale = firstStaleness(context.draft, claims);
  if (stale !== undefined) return new Refusal('STALE_SEQUENCER', stale);
  const further = claims.filter((claim) => !given.claims.some((other) => isSame(claim, other)));
  if (node.creator?.sessionId === given.sessionId) creatorCame(context.draft, given.path, node, handleId);
  return { ...given, handleId, epoch, events: 0, recursive: false, claims: [...given.claims, ...further] };
}

const isSame = (a: LockClaim, b: LockClaim): boolean =>
  a.path === b.path &&
  a.instanceNumber === b.instanceNumber &&
  a.lockGeneration === b.lockGeneration &&
  a.mode === b.mode;

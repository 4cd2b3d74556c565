import { getContentsAndStat } from '../chubby/calls/get-contents-and-stat.js';
import { getStat } from '../chubby/calls/get-stat.js';
import type { Changed } from '../chubby/cell.js';
import { Refusal } from '../chubby/refusal.js';
import type { Target } from '../chubby/target.js';
import { assertNever } from '../common/assert.js';
import { refusal } from '../wire/errors.js';
import type { Call, CallOf, Reply, Respond } from './call.js';
import { Listings } from './listings.js';
import type { Reign } from './reign.js';
import { contentsAndStatMessage, refused, statMessage } from './replies.js';
import { checkSequencer, getSequencer } from './sequencers.js';
import type { SessionState } from './session-state.js';
import { isFailure, targetOf } from './targets.js';

export type ReadName = 'getContentsAndStat' | 'getStat' | 'readDir' | 'getSequencer' | 'checkSequencer';
export type ReadCall = { [Name in ReadName]: CallOf<Name> }[ReadName];

export const isRead = (call: Call): call is ReadCall =>
  call.name === 'getContentsAndStat' ||
  call.name === 'getStat' ||
  call.name === 'readDir' ||
  call.name === 'getSequencer' ||
  call.name === 'checkSequencer';

/** The reads that mean a node, and may name it instead of showing a handle. */
export type NodeRead = Extract<ReadCall, { name: 'getContentsAndStat' | 'getStat' | 'readDir' }>;

/**
 * The calls that change nothing. They show applied state alone, at a moment at which this replica is master beyond
 * doubt, and wait for nothing but the same session's own earlier writes. (DESIGN 3.7)
 */
export class Reads {
  readonly #reign: Reign;
  readonly #listings: Listings;

  constructor(reign: Reign) {
    this.#reign = reign;
    this.#listings = new Listings(reign);
  }

  /** Values of this reign were applied. */
  applied(changed: readonly Changed[]): void {
    this.#listings.applied(changed);
  }

  /** @param session absent where the caller named none */
  read(call: ReadCall, session: SessionState | undefined, respond: Respond): void {
    const ownWrite = session?.lastWrite;
    if (session === undefined || ownWrite === undefined) return respond(this.#answer(call, session));
    if (session.waitingReads >= this.#reign.around.limits.requestWindow) {
      const sentence = `${session.waitingReads} reads of the session wait behind its writes`;
      return respond({ failure: refusal('WINDOW_EXCEEDED', sentence) });
    }
    session.waitingReads++;
    ownWrite.follow(() => {
      session.waitingReads--;
      respond(this.#answer(call, session));
    });
  }

  #answer(call: ReadCall, session: SessionState | undefined): Reply {
    const { around, inForce } = this.#reign;
    if (!inForce && around.bugs.readWithoutLease !== true) return { failure: around.redirect.notMaster() };
    switch (call.name) {
      case 'getContentsAndStat':
      case 'getStat':
      case 'readDir': {
        const target = targetOf(this.#reign, session, call.request);
        return isFailure(target) ? { failure: target } : this.#readNode(call, target);
      }
      case 'getSequencer':
        return getSequencer(this.#reign, session, call.request);
      case 'checkSequencer':
        return checkSequencer(this.#reign.around, call.request.sequencer);
      default:
        return assertNever(call, 'Reads');
    }
  }

  #readNode(call: NodeRead, target: Target): Reply {
    const { cell } = this.#reign.around;
    switch (call.name) {
      case 'getContentsAndStat': {
        const found = getContentsAndStat(cell.applied, target);
        return found instanceof Refusal ? refused(found) : { response: contentsAndStatMessage(found) };
      }
      case 'getStat': {
        const stat = getStat(cell.applied, target);
        return stat instanceof Refusal ? refused(stat) : { response: { stat: statMessage(stat) } };
      }
      case 'readDir':
        return this.#listings.read(call.request, target);
      default:
        return assertNever(call, 'Reads.#readNode');
    }
  }
}

import type { Asker } from '../chubby/access.js';
import { getContentsAndStat } from '../chubby/calls/get-contents-and-stat.js';
import { getStat } from '../chubby/calls/get-stat.js';
import type { Changed, ReadView } from '../chubby/cell.js';
import { Refusal } from '../chubby/refusal.js';
import type { Target } from '../chubby/target.js';
import { assertNever } from '../common/assert.js';
import { refusal } from '../wire/errors.js';
import { cachable } from './cachable-answers.js';
import type { Caching } from './caching.js';
import type { Call, CallOf, Caller, Reply, Respond } from './call.js';
import { Listings } from './listings.js';
import type { Reign } from './reign.js';
import { contentsAndStatMessage, refused, statMessage } from './replies.js';
import { checkSequencer, getSequencer } from './sequencers.js';
import type { SessionState, WriteUnderWay } from './session-state.js';
import { isFailure, targetOf } from './targets.js';
import { notToOvertake } from './write-order.js';

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
 * doubt, and wait for nothing but the same session's own earlier writes. (DESIGN 3.7) A session may cache what it is
 * answered, as long as {@link Caching} can keep that true.
 */
export class Reads {
  readonly #reign: Reign;
  readonly #caching: Caching;
  readonly #listings: Listings;

  constructor(reign: Reign, caching: Caching) {
    this.#reign = reign;
    this.#caching = caching;
    this.#listings = new Listings(reign);
  }

  /** Values of this reign were applied. */
  applied(changed: readonly Changed[]): void {
    this.#listings.applied(changed);
  }

  /** @param session absent where the caller named none */
  read(caller: Caller, call: ReadCall, session: SessionState | undefined, respond: Respond): void {
    // Only what is deferred could act though its client has given it up.
    if (session !== undefined && session.deferred.size > 0 && Number.isSafeInteger(call.acknowledged)) {
      session.window.acknowledge(call.acknowledged);
    }
    const ahead = session === undefined ? NONE : this.#aheadOf(call, session);
    if (session === undefined || ahead.length === 0) return respond(this.#answer(caller, call, session));
    if (session.waitingReads >= this.#reign.around.limits.requestWindow) {
      const sentence = `${session.waitingReads} reads of the session wait behind its writes`;
      return respond({ failure: refusal('WINDOW_EXCEEDED', sentence) });
    }
    session.waitingReads++;
    let left = ahead.length;
    const oneIsAnswered = (): void => {
      if (--left > 0) return;
      session.waitingReads--;
      respond(this.#answer(caller, call, session));
    };
    for (const write of ahead) write.follow(oneIsAnswered);
  }

  /** The session's own writes that the answer must show. */
  #aheadOf(call: ReadCall, session: SessionState): readonly WriteUnderWay[] {
    const { lastWrite } = session;
    if (session.deferred.size === 0) return lastWrite === undefined ? NONE : [lastWrite];
    const deferred = notToOvertake(this.#reign, call, session);
    return lastWrite === undefined ? deferred : [lastWrite, ...deferred];
  }

  #answer(caller: Caller, call: ReadCall, session: SessionState | undefined): Reply {
    const { around, inForce } = this.#reign;
    if (!inForce && around.bugs.readWithoutLease !== true) return { failure: around.redirect.notMaster() };
    switch (call.name) {
      case 'getContentsAndStat':
      case 'getStat':
      case 'readDir': {
        const target = targetOf(this.#reign, session, call.request);
        if (isFailure(target)) return { failure: target };
        const asker = this.#reign.asker(session?.record.principal ?? caller.principal);
        return this.#readNode(asker, call, target, session);
      }
      case 'getSequencer':
        return getSequencer(this.#reign, session, call.request);
      case 'checkSequencer':
        return checkSequencer(this.#reign.around, call.request.sequencer);
      default:
        return assertNever(call, 'Reads');
    }
  }

  #readNode(asker: Asker, call: NodeRead, target: Target, session: SessionState | undefined): Reply {
    const { cell, bugs } = this.#reign.around;
    if (session === undefined || !this.#caching.mayCache(session)) {
      return this.#readFrom(cell.applied, asker, call, target);
    }
    const view = cell.stableView();
    const reply = this.#readFrom(view, asker, call, target);
    if (!view.isStable && bugs.cacheWhilePending !== true) return reply;
    return cachable(
      this.#caching,
      session,
      target,
      reply,
      call.name === 'readDir' ? call.request.pageToken : undefined,
    );
  }

  #readFrom(view: ReadView, asker: Asker, call: NodeRead, target: Target): Reply {
    switch (call.name) {
      case 'getContentsAndStat': {
        const found = getContentsAndStat(view, asker, target);
        return found instanceof Refusal ? refused(found) : { response: contentsAndStatMessage(found) };
      }
      case 'getStat': {
        const stat = getStat(view, asker, target);
        return stat instanceof Refusal ? refused(stat) : { response: { stat: statMessage(stat) } };
      }
      case 'readDir':
        return this.#listings.read(view, asker, call.request, target);
      default:
        return assertNever(call, 'Reads.#readFrom');
    }
  }
}

const NONE: readonly [] = [];

import type { CallContext } from '../chubby/call-context.js';
import { fullProblem } from '../chubby/database-bound.js';
import { close } from '../chubby/calls/close.js';
import { deleteNode } from '../chubby/calls/delete.js';
import { open } from '../chubby/calls/open.js';
import { release } from '../chubby/calls/release.js';
import { setAcl } from '../chubby/calls/set-acl.js';
import { setContents } from '../chubby/calls/set-contents.js';
import type { Draft } from '../chubby/draft.js';
import { nameOf } from '../chubby/names.js';
import type { RequestResult } from '../chubby/records/request-result.js';
import { Refusal } from '../chubby/refusal.js';
import { assertNever } from '../common/assert.js';
import { refusal } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import type { CallOf } from './call.js';
import { closableHandle, openHandle } from './handle-check.js';
import { issueHandle, openerOf } from './handle-issue.js';
import type { LockGrants } from './lock-grants.js';
import { locksWanted } from './locks-wanted.js';
import type { LockCall } from './locks-wanted.js';
import { computeMultiOp } from './multi-ops.js';
import { pathToOpen } from './open-names.js';
import type { Reign } from './reign.js';
import { failureOf } from './replies.js';
import { aclNamesOf, openRequestOf } from './requests.js';
import { setSequencer } from './sequencers.js';
import type { SessionState } from './session-state.js';
import { isFailure, targetOf } from './targets.js';

export type WriteName =
  | 'open'
  | 'close'
  | 'setContents'
  | 'delete'
  | 'setAcl'
  | 'multiOp'
  | 'acquire'
  | 'tryAcquire'
  | 'acquireAll'
  | 'release'
  | 'setSequencer';
export type WriteCall = { [Name in WriteName]: CallOf<Name> }[WriteName];

/** What a request comes to on the proposed state; its changes are in the draft. */
export type Computed = RequestResult | Failure;

/**
 * Computes the requests that may change something, each on the state with everything proposed before it. What they do,
 * to the master's memory as well, is in the draft, and done when that is proposed: a request may be computed again.
 */
export class Compute {
  readonly #reign: Reign;
  readonly #grants: LockGrants;

  constructor(reign: Reign, grants: LockGrants) {
    this.#reign = reign;
    this.#grants = grants;
  }

  compute(call: WriteCall, session: SessionState, draft: Draft): Computed {
    switch (call.name) {
      case 'open':
        return this.#open(call, session, draft);
      case 'close':
        return this.#close(call, session, draft);
      case 'setContents':
        return this.#setContents(call, session, draft);
      case 'delete':
        return this.#delete(call, session, draft);
      case 'setAcl':
        return this.#setAcl(call, session, draft);
      case 'multiOp':
        return computeMultiOp(this.#reign, this.#contextOf(session, draft), call.request);
      case 'acquire':
      case 'tryAcquire':
      case 'acquireAll':
        return this.#acquire(call, session, draft);
      case 'release':
        return this.#release(call, session, draft);
      case 'setSequencer':
        return setSequencer(this.#reign, session, call, draft);
      default:
        return assertNever(call, 'Compute');
    }
  }

  #open({ request, number }: CallOf<'open'>, session: SessionState, draft: Draft): Computed {
    const path = pathToOpen(this.#reign, session, request, draft);
    if (isFailure(path)) return path;
    const wanted = openRequestOf(request, path);
    if (isFailure(wanted)) return wanted;
    const opener = openerOf(this.#reign, session, number);
    if (isFailure(opener)) return opener;
    const opened = open(this.#contextOf(session, draft), opener, wanted);
    if (opened instanceof Refusal) return failureOf(opened);
    const handle = issueHandle(this.#reign, session, draft, opened.handle);
    if (isFailure(handle)) return handle;
    const name = nameOf(opened.handle.path, this.#reign.around.cellName);
    return { call: 'open', handle, created: opened.created, stat: opened.stat, name };
  }

  #close({ request }: CallOf<'close'>, session: SessionState, draft: Draft): Computed {
    if (request.handle.length === 0) return refusal('MISSING_FIELD', 'handle: the request names none');
    const handle = closableHandle(this.#reign, session, request.handle);
    if (handle === undefined) return { call: 'close' };
    close(draft, handle);
    draft.whenProposed(() => {
      session.handles.close(handle);
      this.#reign.subscriptions.closed(handle);
    });
    return { call: 'close' };
  }

  #setContents({ request }: CallOf<'setContents'>, session: SessionState, draft: Draft): Computed {
    const target = targetOf(this.#reign, session, request);
    if (isFailure(target)) return target;
    const { contents, ifContentGeneration, create } = request;
    const stat = setContents(this.#contextOf(session, draft), { target, contents, ifContentGeneration, create });
    return stat instanceof Refusal ? failureOf(stat) : { call: 'setContents', stat };
  }

  #delete({ request }: CallOf<'delete'>, session: SessionState, draft: Draft): Computed {
    const target = targetOf(this.#reign, session, request);
    if (isFailure(target)) return target;
    const problem = deleteNode(this.#contextOf(session, draft), target);
    return problem === undefined ? { call: 'delete' } : failureOf(problem);
  }

  #setAcl({ request }: CallOf<'setAcl'>, session: SessionState, draft: Draft): Computed {
    const target = targetOf(this.#reign, session, request);
    if (isFailure(target)) return target;
    const acl = aclNamesOf(request.acl);
    if (acl === undefined) return refusal('MISSING_FIELD', 'acl: the request names no access lists');
    const { ifAclGeneration } = request;
    const stat = setAcl(this.#contextOf(session, draft), { target, acl, ifAclGeneration });
    return stat instanceof Refusal ? failureOf(stat) : { call: 'setAcl', stat };
  }

  #acquire(call: LockCall, session: SessionState, draft: Draft): Computed {
    const requests = locksWanted(this.#reign, session, call);
    if (isFailure(requests)) return requests;
    const context = this.#reign.context(draft);
    const full = fullProblem(context);
    if (full !== undefined) return failureOf(full);
    const result =
      call.name === 'acquireAll' ? this.#grants.all(context, requests) : this.#grants.one(context, requests[0]);
    return result instanceof Refusal ? failureOf(result) : result;
  }

  #release({ request }: CallOf<'release'>, session: SessionState, draft: Draft): Computed {
    const handle = openHandle(this.#reign, session, request.handle);
    if (isFailure(handle)) return handle;
    const released = release(this.#reign.context(draft), handle);
    return released instanceof Refusal ? failureOf(released) : { call: 'release', released };
  }

  /** What a session does is judged by the principal that created it. */
  #contextOf({ record }: SessionState, draft: Draft): CallContext {
    return this.#reign.context(draft, record.principal);
  }
}
